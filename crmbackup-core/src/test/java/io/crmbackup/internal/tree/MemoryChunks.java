package io.crmbackup.internal.tree;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.hash.ChunkHasher;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.store.ChunkReader;
import io.crmbackup.internal.store.ChunkWriter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Chunks in memory; counts what one operation reads and writes, each chunk once. */
final class MemoryChunks implements ChunkReader, ChunkWriter {
    private final ChunkHasher hasher = new ChunkHasher(new byte[32]);
    private final Map<ChunkId, byte[]> chunks = new HashMap<>();
    private final Map<ChunkId, ChunkType> types = new HashMap<>();
    private final Set<ChunkId> read = new HashSet<>();
    private final Set<ChunkId> written = new HashSet<>();
    private final int[] reads = new int[64];
    private final int[] writes = new int[64];
    private int allReads;

    @Override
    public byte[] read(ChunkId id, ChunkType type) {
        byte[] plain = chunks.get(id);
        if (plain == null || types.get(id) != type) {
            throw new DamagedObjectException("chunk " + id, "isn't there as " + type);
        }
        allReads++;
        if (read.add(id)) {
            reads[level(type, plain)]++;
        }
        return plain;
    }

    @Override
    public ChunkId write(ChunkType type, byte[] plain, int offset, int length) {
        ChunkId id = hasher.id(type, plain, offset, length);
        byte[] copy = chunks.computeIfAbsent(id, i -> Arrays.copyOfRange(plain, offset, offset + length));
        types.put(id, type);
        if (!read.contains(id) && written.add(id)) {
            writes[level(type, copy)]++;
        }
        return id;
    }

    /** The same chunks, to be written to without changing these. */
    MemoryChunks copy() {
        MemoryChunks copy = new MemoryChunks();
        copy.chunks.putAll(chunks);
        copy.types.putAll(types);
        return copy;
    }

    /** A chunk of whatever type, uncounted. */
    byte[] either(ChunkId id) {
        return Objects.requireNonNull(chunks.get(id));
    }

    boolean has(ChunkId id) {
        return chunks.containsKey(id);
    }

    /** A writer that gives the same ids and stores nothing. */
    ChunkWriter unstored() {
        return hasher::id;
    }

    private static int level(ChunkType type, byte[] plain) {
        return type == ChunkType.DATA || plain.length == 0 ? 0 : plain[0] & 63;
    }

    void forgetCounts() {
        read.clear();
        written.clear();
        Arrays.fill(reads, 0);
        Arrays.fill(writes, 0);
        allReads = 0;
    }

    int reads(int level) {
        return reads[level];
    }

    int reads() {
        return Arrays.stream(reads).sum();
    }

    /** Reads, each call counted. */
    int allReads() {
        return allReads;
    }

    int writes(int level) {
        return writes[level];
    }

    int writes() {
        return Arrays.stream(writes).sum();
    }

    int size() {
        return chunks.size();
    }
}
