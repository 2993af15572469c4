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
import org.jspecify.annotations.Nullable;

/**
 * Reads leaves that will be asked for, in this order, on threads that have nothing else to do: opening, decompressing and checking them is most of the work of an incremental backup. What no thread has begun is read when
 * it is asked for. Memory: {@value #MOST} leaves. Not thread-safe.
 */
final class LeavesAhead implements ChunkReader {
    private static final int MOST = 32;

    private final ChunkReader chunks;
    private final Executor spare;
    private final Iterator<ChunkId> leaves;
    private final Map<ChunkId, FutureTask<byte[]>> ahead = new LinkedHashMap<>();

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
        @Nullable FutureTask<byte[]> begun = take(id);
        while (ahead.size() < MOST && leaves.hasNext()) {
            ChunkId next = leaves.next();
            if (!next.equals(id) && !ahead.containsKey(next)) {
                FutureTask<byte[]> task = new FutureTask<>(() -> chunks.read(next, ChunkType.LEAF));
                ahead.put(next, task);
                spare.execute(task);
            }
        }
        if (begun == null) {
            return chunks.read(id, type);
        }
        // Does nothing if a thread has begun it.
        begun.run();
        try {
            return Uninterruptibles.getUninterruptibly(begun);
        } catch (ExecutionException e) {
            // Here it fails as it would have without reading ahead.
            return chunks.read(id, type);
        }
    }

    /** What was begun of a leaf; forgets those before it, which are not asked for any more. */
    private @Nullable FutureTask<byte[]> take(ChunkId id) {
        if (!ahead.containsKey(id)) {
            return null;
        }
        Iterator<Map.Entry<ChunkId, FutureTask<byte[]>>> entries =
                ahead.entrySet().iterator();
        while (true) {
            Map.Entry<ChunkId, FutureTask<byte[]>> entry = entries.next();
            entries.remove();
            if (entry.getKey().equals(id)) {
                return entry.getValue();
            }
            entry.getValue().cancel(false);
        }
    }
}
