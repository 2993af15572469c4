package io.crmbackup.bench;

import io.crmbackup.internal.hash.ChunkHasher;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.store.ChunkReader;
import io.crmbackup.internal.store.ChunkWriter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Chunks in the heap, so that a benchmark measures the tree and the ids, not the storage. */
final class HeapChunks implements ChunkReader, ChunkWriter {
    private final ChunkHasher hasher = new ChunkHasher(new byte[32]);
    private final Map<ChunkId, byte[]> chunks = new HashMap<>();

    @Override
    public ChunkId write(ChunkType type, byte[] plain, int offset, int length) {
        ChunkId id = name(type, plain, offset, length);
        chunks.put(id, Arrays.copyOfRange(plain, offset, offset + length));
        return id;
    }

    /** A writer that computes the id and keeps nothing. */
    ChunkId name(ChunkType type, byte[] plain, int offset, int length) {
        return hasher.id(type, plain, offset, length);
    }

    @Override
    public byte[] read(ChunkId id, ChunkType type) {
        return Objects.requireNonNull(chunks.get(id), "chunk");
    }
}
