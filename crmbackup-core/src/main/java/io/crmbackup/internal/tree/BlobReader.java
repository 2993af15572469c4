package io.crmbackup.internal.tree;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.store.ChunkReader;
import io.crmbackup.spi.BytesAtHand;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a value that is stored out of line. Skips and seeks without reading what lies between. Takes pieces from bytes at hand, if there are
 * such, where they have them in the same place, and fetches the others. Holds the pages on the way to the current piece, and the piece. Every length is checked against what is found. Throws no {@code IOException}. Not thread-safe.
 */
public final class BlobReader extends InputStream {
    /** More than a chunk can have. */
    private static final int LONGEST_PIECE = 64 << 20;

    private final BlobRef ref;
    private final ChunkReader chunks;
    private final BlobPath path;
    private final @Nullable BytesAtHand similar;

    private byte[] piece = new byte[0];
    private long pieceBegin;
    private long position;

    /** Creates a reader that stands at the value's begin; reads nothing yet. */
    public BlobReader(BlobRef ref, ChunkReader chunks) {
        this(ref, chunks, null);
    }

    /** The same, which need not fetch pieces that the bytes at hand have. */
    public BlobReader(BlobRef ref, ChunkReader chunks, @Nullable BytesAtHand similar) {
        this.ref = ref;
        this.chunks = chunks;
        this.path = new BlobPath(ref, chunks);
        this.similar = similar;
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

    /** Whether the bytes at hand are the value, and nothing else; fetches nothing but pages. Can be asked once, before anything is read. */
    public boolean isAllAtHand() {
        BytesAtHand all = Objects.requireNonNull(similar, "bytes at hand");
        while (position < ref.length()) {
            BlobPath.Span span = path.find(position, 0);
            if (atHand(span) == null) {
                return false;
            }
            position = span.begin() + span.length();
        }
        try {
            return all.read(position, new byte[1], 0, 1) < 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** The bytes at hand in the place of a piece, if they are the piece; bytes that can't be read are none. */
    private byte @Nullable [] atHand(BlobPath.Span span) {
        if (similar == null || span.length() > LONGEST_PIECE) {
            return null;
        }
        byte[] bytes = new byte[(int) span.length()];
        try {
            if (similar.readFully(span.begin(), bytes, 0, bytes.length) < bytes.length) {
                return null;
            }
        } catch (IOException e) {
            return null;
        }
        return chunks.has(span.id(), ChunkType.DATA, bytes, 0, bytes.length) ? bytes : null;
    }

    /** Makes the piece that holds the current position the one in memory. */
    private void load() {
        if (position >= pieceBegin && position - pieceBegin < piece.length) {
            return;
        }
        BlobPath.Span span = path.find(position, 0);
        byte[] next = atHand(span);
        if (next == null) {
            next = chunks.read(span.id(), ChunkType.DATA);
            if (next.length != span.length()) {
                throw new DamagedObjectException(
                        "chunk " + span.id(), "has " + next.length + " bytes; what refers to it says " + span.length());
            }
        }
        piece = next;
        pieceBegin = span.begin();
    }
}
