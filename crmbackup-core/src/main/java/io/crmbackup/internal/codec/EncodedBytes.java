package io.crmbackup.internal.codec;

import java.util.Objects;

/**
 * What an encoder made of a chunk: a codec and a part of an array, which belongs to the encoder or to the caller and is valid until
 * either changes it.
 */
public record EncodedBytes(ChunkCodec codec, byte[] bytes, int offset, int length) {
    /** Checks the range. */
    public EncodedBytes {
        Objects.requireNonNull(codec, "codec");
        Objects.checkFromIndexSize(offset, length, bytes.length);
    }
}
