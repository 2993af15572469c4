package io.crmbackup.jdbc.internal.dialect;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Bytes that are fetched in pieces, of which one is in memory at a time. */
public abstract class PieceStream extends InputStream {
    private byte[] piece = {};
    private int at;

    /** Fetches the next piece, perhaps an empty one; null at the end, and then again. */
    protected abstract byte @Nullable [] nextPiece() throws IOException;

    @Override
    public final int read() throws IOException {
        return fill() ? piece[at++] & 0xff : -1;
    }

    @Override
    public final int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, piece.length - at);
        System.arraycopy(piece, at, target, offset, count);
        at += count;
        return count;
    }

    private boolean fill() throws IOException {
        while (at == piece.length) {
            byte[] next = nextPiece();
            if (next == null) {
                return false;
            }
            piece = next;
            at = 0;
        }
        return true;
    }

    /** Forgets the piece in memory; what extends this releases what it fetches from, too, and has no next piece then. */
    @Override
    public void close() throws IOException {
        piece = new byte[0];
        at = 0;
    }
}
