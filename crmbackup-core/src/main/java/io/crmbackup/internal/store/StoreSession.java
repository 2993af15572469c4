package io.crmbackup.internal.store;

import io.crmbackup.internal.hash.ChunkHasher;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.index.ChunkIndex;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.pack.BaseCopy;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.internal.pack.PackWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Stores the chunks of one run, each only if no good copy is there, and keeps book of every pack that the run then relies on. A log entry that names packs and indexes makes what was stored part of the repository; without
 * one it is nothing, so that other sessions never share it: who sees the entry {@linkplain ChunkStore#load loads} its indexes.
 *
 * <p>Not thread-safe. Memory: that of a pack writer and a second index.
 */
public final class StoreSession implements ChunkWriter, ChunkReader, AutoCloseable {
    private final ChunkStore store;
    private final SessionOptions options;
    private final ChunkHasher hasher;

    /** The copies that this session wrote or relies on. */
    private final ChunkIndex relied;

    private final RunLedger ledger;
    private final CopyReader copies;
    private final PackWriter packs;

    /** Packs that a repair had to give up. */
    private final Set<ObjectId> abandoned = new HashSet<>();

    private long reused;

    StoreSession(ChunkStore store, SessionOptions options) {
        this.store = store;
        this.options = options;
        this.hasher = store.hasher().fork();
        this.relied = new ChunkIndex(store.workDirectory());
        this.ledger = new RunLedger(store.indexObjects(), relied);
        this.copies = new CopyReader(store.packs(), this::copies);
        this.packs = new PackWriter(store.objects(), store.keys(), options.check(), options.threads(), ledger);
    }

    @Override
    public ChunkId write(ChunkType type, byte[] plain, int offset, int length) {
        ChunkId id = hasher.id(type, plain, offset, length);
        if (share(id, type)) {
            reused++;
        } else {
            store(id, type, Arrays.copyOfRange(plain, offset, offset + length));
        }
        return id;
    }

    /**
     * Keeps a chunk that is in the repository, but that no live snapshot is known to keep: relies on a good copy, or stores it again from one that is condemned but still there.
     *
     * @throws io.crmbackup.error.DamagedObjectException if no copy can be read
     */
    public void keep(ChunkId id, ChunkType type) {
        if (share(id, type)) {
            reused++;
        } else {
            store(id, type, read(id, type));
        }
    }

    /** Reads any chunk of the repository and of this session; to read one whose pack is still open, that has to be put. */
    @Override
    public byte[] read(ChunkId id, ChunkType type) {
        if (ledger.isPending(id)) {
            packs.flush();
        }
        return store.read(id, type, copies, Set.of());
    }

    /**
     * Puts all that is not put yet, first the packs, then their index. More may be written afterwards; the next flush tells everything again.
     *
     * @throws io.crmbackup.error.SinkException if something is not known to be stored; the session can't be used any more
     * @throws io.crmbackup.error.BackupCancelledException if the thread is interrupted
     */
    public StoredRun flush() {
        packs.flush();
        return ledger.close(reused);
    }

    /**
     * Replaces what lies in packs that were condemned since: by another good copy, or by storing it again in a new pack, from a copy that can still be read. The ids stay the same.
     *
     * @return everything again, without these packs
     * @throws io.crmbackup.error.DamagedObjectException if there is a chunk of which no copy can be read
     */
    public StoredRun replace(Set<ObjectId> condemned) {
        packs.flush();
        abandoned.addAll(condemned);
        ledger.abandon(condemned);
        relied.forEach(copy -> {
            if (!isGood(copy)) {
                replace(copy);
            } else if (copy.dictionary() != null) {
                // Perhaps another copy of the dictionary is the good one now.
                rely(copy);
            }
        });
        return flush();
    }

    private void replace(ChunkCopy copy) {
        if (!share(copy.id(), copy.type())) {
            store(copy.id(), copy.type(), read(copy.id(), copy.type()));
        }
    }

    private void store(ChunkId id, ChunkType type, byte[] plain) {
        ledger.expect(id);
        packs.write(id, type, plain);
    }

    /** Relies on a good copy, if there is one. */
    private boolean share(ChunkId id, ChunkType type) {
        // In this order: a chunk leaves the pending ones only after it has come to those relied on.
        if (ledger.isPending(id) || good(relied.copies(id), type).isPresent()) {
            return true;
        }
        if (options.reuse() == SessionOptions.Reuse.OWN_SESSION) {
            return false;
        }
        Optional<ChunkCopy> copy = good(store.copies(id), type);
        copy.ifPresent(this::rely);
        return copy.isPresent();
    }

    private void rely(ChunkCopy copy) {
        relied.add(copy);
        ledger.rely(copy.pack());
        BaseCopy base = copy.base();
        if (base != null) {
            ledger.rely(base.pack());
        }
        dictionary(copy).ifPresent(dictionary -> ledger.rely(dictionary.pack()));
    }

    private Optional<ChunkCopy> good(List<ChunkCopy> candidates, ChunkType type) {
        return candidates.stream()
                .filter(copy -> copy.type() == type && isGood(copy))
                .findFirst();
    }

    /** Whether a copy, and what it needs, lies in packs that stay. */
    private boolean isGood(ChunkCopy copy) {
        BaseCopy base = copy.base();
        return isGood(copy.pack())
                && (base == null || isGood(base.pack()))
                && (copy.dictionary() == null || dictionary(copy).isPresent());
    }

    /** A copy of a copy's dictionary that stays, if it has one. */
    private Optional<ChunkCopy> dictionary(ChunkCopy copy) {
        ChunkId id = copy.dictionary();
        return id == null
                ? Optional.empty()
                : copies(id).stream()
                        .filter(each -> each.base() == null && each.dictionary() == null && isGood(each.pack()))
                        .findFirst();
    }

    private boolean isGood(ObjectId pack) {
        return !abandoned.contains(pack) && !store.isCondemned(pack);
    }

    private List<ChunkCopy> copies(ChunkId id) {
        List<ChunkCopy> all = new ArrayList<>(relied.copies(id));
        all.addAll(store.copies(id));
        return all.stream().distinct().toList();
    }

    /** Drops what was not flushed and ends the session's threads. What was put stays, and is nothing without a log entry. Idempotent. */
    @Override
    public void close() {
        packs.close();
        relied.close();
    }
}
