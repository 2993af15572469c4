package io.crmbackup.internal.tree;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.store.ChunkReader;
import java.io.InputStream;
import java.util.Objects;

/**
 * Reads a value that is stored out of line. Skips and seeks without reading what lies between. Holds the pages on the way to the current piece,
 * and the piece. Every length is checked against what is found. Throws no {@code IOException}. Not thread-safe.
 */
public final class BlobReader extends InputStream {
    private final BlobRef ref;
    private final ChunkReader chunks;
    private final BlobPath path;

    private byte[] piece = new byte[0];
    private long pieceBegin;
    private long position;

    /** Creates a reader that stands at the value's begin; reads nothing yet. */
    public BlobReader(BlobRef ref, ChunkReader chunks) {
        this.ref = ref;
        this.chunks = chunks;
        this.path = new BlobPath(ref, chunks);
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
        BlobPath.Span span = path.find(position, 0);
        byte[] next = chunks.read(span.id(), ChunkType.DATA);
        if (next.length != span.length()) {
            throw new DamagedObjectException(
                    "chunk " + span.id(), "has " + next.length + " bytes; what refers to it says " + span.length());
        }
        piece = next;
        pieceBegin = span.begin();
    }
}
