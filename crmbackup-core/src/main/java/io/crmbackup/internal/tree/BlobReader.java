package io.crmbackup.internal.tree;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.store.ChunkReader;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a value that is stored out of line. Skips and seeks without reading what lies between. Holds the pages on the way to the current piece,
 * and the piece. Every length is checked against what is found. Throws no {@code IOException}. Not thread-safe.
 */
public final class BlobReader extends InputStream {
    private final BlobRef ref;
    private final ChunkReader chunks;
    /** The pages on the way down; the page of level n at index n. */
    private final @Nullable BlobPage[] pages;
    /** Where in the value those pages begin. */
    private final long[] begins;

    private byte[] piece = new byte[0];
    private long pieceBegin;
    private long position;

    /** Creates a reader that stands at the value's begin; reads nothing yet. */
    public BlobReader(BlobRef ref, ChunkReader chunks) {
        this.ref = ref;
        this.chunks = chunks;
        this.pages = new BlobPage[ref.depth() + 1];
        this.begins = new long[ref.depth() + 1];
    }

    /** How many bytes of the value lie before the next one. */
    public long position() {
        return position;
    }

    /**
     * Goes to an offset; what lies between isn't read.
     *
     * @param offset from 0 to the value's length
     */
    public void seek(long offset) {
        if (offset < 0 || offset > ref.length()) {
            throw new IllegalArgumentException(
                    "the value has " + ref.length() + " bytes; there is no offset " + offset);
        }
        position = offset;
    }

    @Override
    public int read() {
        if (position == ref.length()) {
            return -1;
        }
        load();
        return piece[(int) (position++ - pieceBegin)] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (position == ref.length()) {
            return -1;
        }
        load();
        int from = (int) (position - pieceBegin);
        int count = Math.min(length, piece.length - from);
        System.arraycopy(piece, from, target, offset, count);
        position += count;
        return count;
    }

    @Override
    public long skip(long count) {
        long skipped = Math.max(0, Math.min(count, ref.length() - position));
        position += skipped;
        return skipped;
    }

    /** How many bytes are left of the piece that was read last. */
    @Override
    public int available() {
        return position < pieceBegin ? 0 : (int) Math.max(0, pieceBegin + piece.length - position);
    }

    /** Makes the piece that holds the current position the one in memory. */
    private void load() {
        if (position >= pieceBegin && position - pieceBegin < piece.length) {
            return;
        }
        ChunkId id = ref.root();
        long begin = 0;
        long length = ref.length();
        for (int level = ref.depth(); level > 0; level--) {
            BlobPage page = page(id, level, begin, length);
            int child = page.find(position - begin);
            id = page.id(child);
            begin += page.offset(child);
            length = page.length(child);
        }
        byte[] next = chunks.read(id, ChunkType.DATA);
        if (next.length != length) {
            throw new DamagedObjectException(
                    "chunk " + id, "has " + next.length + " bytes; what refers to it says " + length);
        }
        piece = next;
        pieceBegin = begin;
    }

    private BlobPage page(ChunkId id, int level, long begin, long length) {
        BlobPage known = pages[level];
        if (known != null && begins[level] == begin) {
            return known;
        }
        BlobPage page = read(chunks, id, level, length, level == ref.depth());
        pages[level] = page;
        begins[level] = begin;
        return page;
    }

    /** Reads a page and checks it against what refers to it. */
    static BlobPage read(ChunkReader chunks, ChunkId id, int level, long length, boolean root) {
        try {
            BlobPage page = BlobPage.parse(chunks.read(id, ChunkType.BLOB));
            if (page.level() != level) {
                throw new MalformedException("is of level " + page.level() + " where level " + level + " belongs");
            }
            if (page.length() != length) {
                throw new MalformedException(
                        "has " + page.length() + " bytes below it; what refers to it says " + length);
            }
            if (root && page.count() < 2) {
                throw new MalformedException("is a root with a single entry");
            }
            return page;
        } catch (MalformedException e) {
            throw new DamagedObjectException("page " + id, e.getMessage(), e);
        }
    }
}
