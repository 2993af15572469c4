package io.crmbackup.internal.index;

import io.crmbackup.internal.codec.ChunkCodec;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.pack.BaseCopy;
import io.crmbackup.internal.pack.ChunkCopy;
import java.nio.ByteBuffer;

/** Copies as rows of fixed width; layout: package description. What repeats, packs and bases, is numbered and kept beside. Guarded by the index's lock. */
final class Rows {
    /** Length of a row in bytes. */
    static final int LENGTH = 52;

    /** The bytes in front that are the same for the same copy: what it needs may have been written down twice. */
    static final int COPY = 48;

    private final PackTable packs;
    private final References references;

    Rows(PackTable packs, References references) {
        this.packs = packs;
        this.references = references;
    }

    /** The row of a copy, without what it needs. */
    byte[] row(ChunkCopy copy) {
        int shape =
                copy.plainLength() << 8 | copy.type().code() << 4 | copy.codec().code();
        return ByteBuffer.allocate(LENGTH)
                .put(copy.id().toBytes())
                .putInt(packs.number(copy.pack()))
                .putInt((int) copy.offset())
                .putInt(copy.length())
                .putInt(shape)
                .array();
    }

    /** Writes down in a row what the copy needs. */
    void refer(byte[] row, ChunkCopy copy) {
        ByteBuffer.wrap(row).putInt(COPY, references.add(copy));
    }

    /** The copy of a row. */
    ChunkCopy copy(byte[] row) {
        ByteBuffer in = ByteBuffer.wrap(row, ChunkId.LENGTH, LENGTH - ChunkId.LENGTH);
        ObjectId pack = packs.pack(in.getInt());
        int offset = in.getInt();
        int length = in.getInt();
        int shape = in.getInt();
        int reference = in.getInt();
        ChunkCodec codec = ChunkCodec.of(shape & 0xf);
        BaseCopy base = codec.needsBase() ? references.base(reference) : null;
        ChunkId dictionary = codec.needsDictionary() ? references.dictionary(reference) : null;
        ChunkType type = ChunkType.of(shape >>> 4 & 0xf);
        return new ChunkCopy(ChunkId.at(row, 0), type, codec, pack, offset, length, shape >>> 8, base, dictionary);
    }
}
