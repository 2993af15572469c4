package io.crmbackup.internal.tree;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.store.ChunkWriter;
import io.crmbackup.internal.store.Likeness;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes chunks, and notes of each new one what it is said to resemble. */
final class Likenesses implements ChunkWriter {
    private final MemoryChunks chunks;
    private final Map<ChunkId, @Nullable ChunkId> found = new LinkedHashMap<>();

    Likenesses(MemoryChunks chunks) {
        this.chunks = chunks;
    }

    @Override
    public ChunkId write(ChunkType type, byte[] plain, int offset, int length) {
        return write(type, plain, offset, length, Likeness.NONE);
    }

    @Override
    public ChunkId write(ChunkType type, byte[] plain, int offset, int length, Likeness like) {
        ChunkId id = chunks.unstored().write(type, plain, offset, length);
        if (!chunks.has(id)) {
            found.put(id, like.find());
            chunks.write(type, plain, offset, length);
        }
        return id;
    }

    /** The new chunks in the order in which they were written, each with what it resembles, or null. */
    Map<ChunkId, @Nullable ChunkId> found() {
        return found;
    }
}
