package io.crmbackup.internal.changes;

import com.google.common.util.concurrent.Uninterruptibles;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.store.ChunkReader;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads leaves that will be asked for, in this order, on threads that store, after what they have to store already: opening, decompressing and checking them is most of the work of an incremental backup. What no thread has begun is read when
 * it is asked for, and so are leaves that would come on top of {@value #MOST_BYTES} bytes that wait. Memory: {@value #MOST} leaves, of these many bytes and one leaf more per thread. Not thread-safe.
 */
final class LeavesAhead implements ChunkReader {
    private static final int MOST = 32;
    private static final int MOST_BYTES = 8 * 1024 * 1024;

    private final ChunkReader chunks;
    private final Executor spare;
    private final Iterator<ChunkId> leaves;
    private final Map<ChunkId, Leaf> ahead = new LinkedHashMap<>();

    /** Bytes of leaves that were read and not yet asked for. */
    private final AtomicLong waiting = new AtomicLong();

    /**
     * Creates it.
     *
     * @param spare runs a task at some time, or never
     * @param leaves those that will be asked for
     */
    LeavesAhead(ChunkReader chunks, Executor spare, Iterator<ChunkId> leaves) {
        this.chunks = chunks;
        this.spare = spare;
        this.leaves = leaves;
    }

    @Override
    public byte[] read(ChunkId id, ChunkType type) {
        if (type != ChunkType.LEAF) {
            return chunks.read(id, type);
        }
        Leaf begun = take(id);
        while (ahead.size() < MOST && leaves.hasNext()) {
            ChunkId next = leaves.next();
            if (!next.equals(id) && !ahead.containsKey(next)) {
                Leaf task = new Leaf(next);
                ahead.put(next, task);
                spare.execute(task);
            }
        }
        if (begun == null) {
            return chunks.read(id, type);
        }
        // Does nothing if a thread has begun it.
        begun.run();
        byte[] plain = begun.result();
        // Where reading ahead failed, reading fails now as it would have without.
        return plain == null ? chunks.read(id, type) : plain;
    }

    /** What was begun of a leaf; forgets those before it, which are not asked for any more. */
    private @Nullable Leaf take(ChunkId id) {
        if (!ahead.containsKey(id)) {
            return null;
        }
        Iterator<Map.Entry<ChunkId, Leaf>> entries = ahead.entrySet().iterator();
        while (true) {
            Map.Entry<ChunkId, Leaf> entry = entries.next();
            entries.remove();
            if (entry.getKey().equals(id)) {
                return entry.getValue();
            }
            entry.getValue().forget();
        }
    }

    /** A leaf that will be asked for; null if it was not read ahead. */
    private final class Leaf extends FutureTask<byte[]> {
        Leaf(ChunkId id) {
            super(() -> waiting.get() < MOST_BYTES ? chunks.read(id, ChunkType.LEAF) : null);
        }

        @Override
        protected void done() {
            waiting.addAndGet(length());
        }

        /** What was read, which waits no more; null if it was not or could not be. */
        byte @Nullable [] result() {
            waiting.addAndGet(-length());
            return plain();
        }

        void forget() {
            // What is cancelled is not counted.
            if (!cancel(false)) {
                waiting.addAndGet(-length());
            }
        }

        private long length() {
            byte[] plain = plain();
            return plain == null ? 0 : plain.length;
        }

        private byte @Nullable [] plain() {
            try {
                return isCancelled() ? null : Uninterruptibles.getUninterruptibly(this);
            } catch (ExecutionException e) {
                return null;
            }
        }
    }
}
