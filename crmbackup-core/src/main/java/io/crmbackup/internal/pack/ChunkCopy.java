package io.crmbackup.internal.pack;

import io.crmbackup.internal.codec.ChunkCodec;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.object.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * Where one copy of a chunk is stored and how. One chunk may have several.
 *
 * @param id the chunk
 * @param type what its bytes are
 * @param codec how this copy is encoded
 * @param pack the pack that holds it
 * @param offset where its record begins in the pack's body
 * @param length length of its record in bytes
 * @param plainLength length of the chunk in bytes
 * @param base the copy that a {@link ChunkCodec#ZSTD_DELTA} or {@link ChunkCodec#PATCH} needs, otherwise null
 * @param dictionary the chunk that a {@link ChunkCodec#ZSTD_DICTIONARY} needs, otherwise null
 */
public record ChunkCopy(
        ChunkId id,
        ChunkType type,
        ChunkCodec codec,
        ObjectId pack,
        long offset,
        int length,
        int plainLength,
        @Nullable BaseCopy base,
        @Nullable ChunkId dictionary) {
    /** Checks the ranges, and that base and dictionary are there exactly if the codec needs them. */
    public ChunkCopy {
        if (offset < 0 || length < RecordLayout.SMALLEST || offset > PackLimits.MAX_OBJECT - length) {
            throw new IllegalArgumentException("a record of " + length + " bytes can't lie at " + offset);
        }
        if (plainLength < 0 || plainLength > ChunkCodec.MAX_PLAIN_LENGTH) {
            throw new IllegalArgumentException("a chunk can't have " + plainLength + " bytes");
        }
        if ((base != null) != codec.needsBase() || (dictionary != null) != codec.needsDictionary()) {
            throw new IllegalArgumentException("base or dictionary don't fit the codec " + codec);
        }
    }
}
