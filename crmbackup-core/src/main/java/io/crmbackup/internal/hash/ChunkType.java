package io.crmbackup.internal.hash;

/** What a chunk's plain bytes are. The code is part of the chunk's id, so bytes of one type are never taken for another. */
public enum ChunkType {
    /** A content-defined piece of a large value. */
    DATA(1),
    /** A page of a blob tree: references to pieces or pages below. */
    BLOB(2),
    /** A leaf of a record tree. */
    LEAF(3),
    /** An inner node of a record tree. */
    INNER(4),
    /** A collection's schema or a source's description. */
    SCHEMA(5),
    /** A dictionary that small chunks of a collection are compressed with. */
    DICTIONARY(6);

    private final byte code;

    ChunkType(int code) {
        this.code = (byte) code;
    }

    /** The byte that stands for this type in the format. */
    public byte code() {
        return code;
    }

    /** Whether chunks of this type are kept in node packs, apart from data. */
    public boolean isNode() {
        return this != DATA;
    }

    /** The type with this code; throws {@link IllegalArgumentException} if there is none. */
    public static ChunkType of(int code) {
        for (ChunkType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new IllegalArgumentException("unknown chunk type " + code);
    }
}
