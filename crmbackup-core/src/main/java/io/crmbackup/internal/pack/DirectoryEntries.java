package io.crmbackup.internal.pack;

import io.crmbackup.internal.codec.ChunkCodec;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.object.ObjectId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The stored form of what a pack holds, used by a pack's directory and by index objects; layout: package description. */
public final class DirectoryEntries {
    private static final int FIXED = ChunkId.LENGTH + 1 + 1 + 8 + 4 + 4;

    /** Length of the longest entry in bytes. */
    public static final int LARGEST = FIXED + BaseCopy.LENGTH;

    private DirectoryEntries() {}

    /** Length in bytes of one copy's entry. */
    public static int length(ChunkCopy copy) {
        return length(copy.codec());
    }

    static int length(ChunkCodec codec) {
        return switch (codec) {
            case RAW, ZSTD, ZSTD_COLUMNS -> FIXED;
            case ZSTD_DICTIONARY -> FIXED + ChunkId.LENGTH;
            case ZSTD_DELTA, PATCH -> FIXED + BaseCopy.LENGTH;
        };
    }

    /** Length in bytes of the entries of several copies. */
    public static int length(List<ChunkCopy> copies) {
        int length = 0;
        for (ChunkCopy copy : copies) {
            length += length(copy);
        }
        return length;
    }

    /** Writes one entry. */
    public static void write(ChunkCopy copy, ByteBuffer target) {
        target.put(copy.id().toBytes());
        target.put(copy.type().code());
        target.put(copy.codec().code());
        target.putLong(copy.offset());
        target.putInt(copy.length());
        target.putInt(copy.plainLength());
        BaseCopy base = copy.base();
        if (base != null) {
            writeBase(base, target);
        }
        ChunkId dictionary = copy.dictionary();
        if (dictionary != null) {
            target.put(dictionary.toBytes());
        }
    }

    static void writeBase(BaseCopy base, ByteBuffer target) {
        target.put(base.pack().toBytes());
        target.putLong(base.offset());
        target.put(base.id().toBytes());
    }

    static BaseCopy readBase(ByteBuffer source) {
        return new BaseCopy(new ObjectId(source.getLong(), source.getLong()), source.getLong(), readId(source));
    }

    static ChunkId readId(ByteBuffer source) {
        byte[] id = new byte[ChunkId.LENGTH];
        source.get(id);
        return ChunkId.of(id);
    }

    /**
     * Reads {@code count} entries of a pack. The memory taken depends on the bytes that are there, not on {@code count}.
     *
     * @throws IllegalArgumentException if they are cut short or say what can't be
     */
    public static List<ChunkCopy> read(ObjectId pack, int count, ByteBuffer source) {
        if (count < 0 || count > PackLimits.MAX_CHUNKS) {
            throw new IllegalArgumentException("lists " + Integer.toUnsignedString(count)
                    + " chunks; a pack has at most " + PackLimits.MAX_CHUNKS);
        }
        List<ChunkCopy> copies = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                copies.add(read(pack, source));
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("lists " + count + " chunks but ends after " + copies.size(), e);
        }
        return copies;
    }

    private static ChunkCopy read(ObjectId pack, ByteBuffer source) {
        ChunkId id = readId(source);
        ChunkType type = ChunkType.of(source.get());
        ChunkCodec codec = ChunkCodec.of(source.get());
        long offset = source.getLong();
        int length = source.getInt();
        int plainLength = source.getInt();
        return new ChunkCopy(
                id,
                type,
                codec,
                pack,
                offset,
                length,
                plainLength,
                codec.needsBase() ? readBase(source) : null,
                codec.needsDictionary() ? readId(source) : null);
    }
}
