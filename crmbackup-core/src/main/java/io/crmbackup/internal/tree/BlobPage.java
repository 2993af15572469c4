package io.crmbackup.internal.tree;

import io.crmbackup.internal.hash.ChunkId;
import java.util.Arrays;

/**
 * A page of a blob tree: its children in order, and where each begins within the page.
 *
 * <pre>
 * page  := level (1 byte)  count (number)  entry × count
 * entry := id (32 bytes)  length (number)
 * </pre>
 *
 * Level 1 refers to pieces, level n to pages of level n − 1. Numbers as in a {@link Node}. A length is that of everything below the entry;
 * being no running offset, it doesn't change when something is inserted before it.
 *
 * <p>A page ends after an entry if it has at least 64 entries and the last seven bits of the id's first eight bytes are zero, or if it has
 * 1,024. Unlike record trees, blob trees are only ever built from the front, so a maximum does no harm; and it is needed, because a value of
 * a million equal pieces has a million equal ids.
 */
final class BlobPage {
    static final int LEAST_ENTRIES = 64;
    static final int MOST_ENTRIES = 1024;
    private static final long MASK = 0x7f;

    private final byte[] plain;
    private final int level;
    private final int[] idAt;
    /** Where the children begin; then the length of all. */
    private final long[] offsets;

    private BlobPage(byte[] plain, int level, int count) {
        this.plain = plain;
        this.level = level;
        this.idAt = new int[count];
        this.offsets = new long[count + 1];
    }

    static boolean endsAfter(int entries, ChunkId last) {
        return entries >= MOST_ENTRIES || entries >= LEAST_ENTRIES && (last.prefix() & MASK) == 0;
    }

    static BlobPage parse(byte[] plain) throws MalformedException {
        ByteInput in = new ByteInput(plain);
        int level = in.octet();
        long count = in.number();
        if (count < 1 || count > MOST_ENTRIES) {
            throw new MalformedException("has " + count + " entries");
        }
        BlobPage page = new BlobPage(plain, level, (int) count);
        for (int i = 0; i < count; i++) {
            page.idAt[i] = in.skip(ChunkId.LENGTH);
            long length = in.number();
            page.offsets[i + 1] = page.offsets[i] + length;
            if (length < 1 || page.offsets[i + 1] < 0) {
                throw new MalformedException("has an entry of " + length + " bytes");
            }
        }
        if (in.left() > 0) {
            throw new MalformedException("has " + in.left() + " bytes after its last entry");
        }
        return page;
    }

    int level() {
        return level;
    }

    int count() {
        return idAt.length;
    }

    ChunkId id(int i) {
        return ChunkId.at(plain, idAt[i]);
    }

    long offset(int i) {
        return offsets[i];
    }

    long length(int i) {
        return offsets[i + 1] - offsets[i];
    }

    long length() {
        return offsets[count()];
    }

    /** The child that holds the byte at an offset. */
    int find(long offset) {
        int i = Arrays.binarySearch(offsets, offset);
        return i >= 0 ? i : -i - 2;
    }
}
