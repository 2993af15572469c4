package io.crmbackup.internal.codec;

/** How a copy of a chunk is encoded. The code is part of the format. */
public enum ChunkCodec {
    /** The plain bytes. */
    RAW(0),
    /** A zstd frame. */
    ZSTD(1),
    /** A zstd frame that needs a dictionary, which is another chunk. */
    ZSTD_DICTIONARY(2),
    /** A zstd frame that needs the bytes of another chunk, the base, as raw content. */
    ZSTD_DELTA(3),
    /** A zstd frame of a leaf of rows in columns. */
    ZSTD_COLUMNS(4),
    /** The steps that make a node of a record tree of another one, the base. */
    PATCH(5);

    /** Most plain bytes of a chunk. Nothing larger is written, and what declares to be larger is not read. */
    public static final int MAX_PLAIN_LENGTH = 8 * 1024 * 1024;

    private final byte code;

    ChunkCodec(int code) {
        this.code = (byte) code;
    }

    /** The byte that stands for this codec in the format. */
    public byte code() {
        return code;
    }

    /** Whether it needs the plain bytes of another chunk, the base, of which a copy is named. */
    public boolean needsBase() {
        return this == ZSTD_DELTA || this == PATCH;
    }

    /** Whether it needs a dictionary, which is named by its id. */
    public boolean needsDictionary() {
        return this == ZSTD_DICTIONARY;
    }

    /** The codec with this code; throws {@link IllegalArgumentException} if there is none. */
    public static ChunkCodec of(int code) {
        for (ChunkCodec codec : values()) {
            if (codec.code == code) {
                return codec;
            }
        }
        throw new IllegalArgumentException("unknown codec " + code);
    }
}
