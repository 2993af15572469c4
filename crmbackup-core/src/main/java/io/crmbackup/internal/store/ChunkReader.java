package io.crmbackup.internal.store;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import java.util.Arrays;

/** Reads chunks by id. Thread-safe. */
@FunctionalInterface
public interface ChunkReader {
    /**
     * The plain bytes of a chunk, checked against its id. The caller must not change them: they may come from a cache.
     *
     * @throws io.crmbackup.error.DamagedObjectException if no good copy can be found
     * @throws io.crmbackup.error.SinkException if the storage can't be read
     */
    byte[] read(ChunkId id, ChunkType type);

    /** The same of a chunk that is hardly needed again: it is not kept in memory for others, in place of what is. */
    default byte[] readOnce(ChunkId id, ChunkType type) {
        return read(id, type);
    }

    /** Whether bytes are the plain bytes of a chunk. Readers that can compute its id from them don't read it. */
    default boolean has(ChunkId id, ChunkType type, byte[] bytes, int offset, int length) {
        byte[] plain = read(id, type);
        return Arrays.equals(plain, 0, plain.length, bytes, offset, offset + length);
    }
}
