package io.crmbackup.internal.store;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;

/** Stores chunks; one that is known already is not stored again. Not thread-safe. */
@FunctionalInterface
public interface ChunkWriter {
    /**
     * Stores plain bytes and returns their id. The bytes are taken over before the method returns.
     *
     * @throws io.crmbackup.error.SinkException if the storage can't be written
     */
    ChunkId write(ChunkType type, byte[] plain, int offset, int length);

    /**
     * Stores plain bytes that probably resemble a chunk which is stored already, and so may be stored as what they differ in.
     *
     * @param like is asked only if the bytes have to be stored
     */
    default ChunkId write(ChunkType type, byte[] plain, int offset, int length, Likeness like) {
        return write(type, plain, offset, length);
    }

    /** A writer that stores what resembles something as if it did not. */
    static ChunkWriter withoutLikeness(ChunkWriter writer) {
        return (type, plain, offset, length) -> writer.write(type, plain, offset, length);
    }

    /** Stores a whole array. */
    default ChunkId write(ChunkType type, byte[] plain) {
        return write(type, plain, 0, plain.length);
    }
}
