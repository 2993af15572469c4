package io.crmbackup.internal.store;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.index.ChunkIndex;
import io.crmbackup.internal.index.IndexObjects;
import io.crmbackup.internal.index.IndexObjects.StoredIndex;
import io.crmbackup.internal.index.IndexWriter;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.pack.StoredPack;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What a session has put so far, as its pack writer reports it, and which packs it relies on. Thread-safe. */
final class RunLedger implements Consumer<StoredPack> {
    private final ChunkIndex relied;
    private final IndexWriter indexWriter;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<ChunkId> pending = ConcurrentHashMap.newKeySet();
    private final Set<ObjectId> relies = new HashSet<>();
    private final Set<ObjectId> own = new HashSet<>();
    private long packBytes;
    private long chunks;

    RunLedger(IndexObjects objects, ChunkIndex relied) {
        this.relied = relied;
        this.indexWriter = new IndexWriter(objects);
    }

    /** A chunk is on its way to a pack. */
    void expect(ChunkId id) {
        pending.add(id);
    }

    /** Whether a chunk is on its way. */
    boolean isPending(ChunkId id) {
        return pending.contains(id);
    }

    void rely(ObjectId pack) {
        lock.lock();
        try {
            relies.add(pack);
        } finally {
            lock.unlock();
        }
    }

    void abandon(Set<ObjectId> packs) {
        lock.lock();
        try {
            relies.removeAll(packs);
            own.removeAll(packs);
        } finally {
            lock.unlock();
        }
    }

    /** A pack is stored. */
    @Override
    public void accept(StoredPack pack) {
        relied.add(pack);
        lock.lock();
        try {
            indexWriter.add(pack);
            own.add(pack.id());
            relies.add(pack.id());
            packBytes += pack.length();
            chunks += pack.copies().size();
        } finally {
            lock.unlock();
        }
        pack.copies().forEach(copy -> pending.remove(copy.id()));
    }

    /** Puts the index of all packs so far and sums up. */
    StoredRun close(long reused) {
        lock.lock();
        try {
            List<StoredIndex> indexes = indexWriter.flush();
            long indexBytes = indexes.stream().mapToLong(StoredIndex::length).sum();
            return new StoredRun(
                    indexes.stream().collect(Collectors.toMap(StoredIndex::id, StoredIndex::packs)),
                    own,
                    relies,
                    packBytes + indexBytes,
                    chunks,
                    reused);
        } finally {
            lock.unlock();
        }
    }
}
