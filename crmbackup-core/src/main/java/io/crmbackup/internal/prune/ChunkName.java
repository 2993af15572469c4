package io.crmbackup.internal.prune;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.pack.ChunkCopy;
import java.util.Arrays;

/**
 * What a chunk is asked for by, as it lies in a sorter: 32 bytes of id and the type's code.
 *
 * @param id its id
 * @param type what it is
 */
record ChunkName(ChunkId id, ChunkType type) {
    static final int LENGTH = ChunkId.LENGTH + 1;

    static ChunkName of(ChunkCopy copy) {
        return new ChunkName(copy.id(), copy.type());
    }

    /** Reads the name that bytes begin with. */
    static ChunkName at(byte[] bytes) {
        return new ChunkName(ChunkId.at(bytes, 0), ChunkType.of(bytes[ChunkId.LENGTH]));
    }

    byte[] toBytes() {
        byte[] bytes = Arrays.copyOf(id.toBytes(), LENGTH);
        bytes[ChunkId.LENGTH] = type.code();
        return bytes;
    }
}
