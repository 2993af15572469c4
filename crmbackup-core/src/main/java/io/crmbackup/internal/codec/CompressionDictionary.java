package io.crmbackup.internal.codec;

import com.github.luben.zstd.ZstdDictCompress;

/**
 * A dictionary that is prepared for compressing once, as that costs more than compressing a small chunk. Thread-safe. Holds native memory,
 * a few times the dictionary's length, until closed; encoders must not use it then.
 */
public final class CompressionDictionary implements AutoCloseable {
    private final byte[] bytes;
    private final ZstdDictCompress digested;

    /**
     * Prepares a dictionary in zstd's own format, or any bytes as raw content.
     *
     * @throws IllegalArgumentException if zstd refuses the bytes
     */
    public CompressionDictionary(byte[] bytes) {
        this.bytes = bytes;
        try {
            this.digested = new ZstdDictCompress(bytes, ChunkEncoder.LEVEL);
        } catch (IllegalStateException e) {
            throw new IllegalArgumentException("zstd does not accept a dictionary of " + bytes.length + " bytes", e);
        }
    }

    byte[] bytes() {
        return bytes;
    }

    ZstdDictCompress digested() {
        return digested;
    }

    /** Releases native memory. Idempotent. */
    @Override
    public void close() {
        digested.close();
    }
}
