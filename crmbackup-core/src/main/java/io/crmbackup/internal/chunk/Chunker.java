package io.crmbackup.internal.chunk;

import io.crmbackup.error.BackupCancelledException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Cuts contents of any length into pieces, one content after the other; how they arrive makes no difference to the cuts. Not thread-safe; expensive to create
 * (it holds {@code 2 max + 4 radius} bytes), cheap to reuse. The package description defines where the cuts are.
 *
 * <p>Pieces are delivered as soon as they are certain, in the thread that adds the bytes. What the consumer throws comes through to the caller; the
 * content is then lost, and {@link #begin} starts the next.
 */
public final class Chunker {
    private final int radius;
    private final int max;
    private final ContentWindow window;
    private final CutFinder finder;
    private @Nullable PieceConsumer consumer;
    private long lastCut;

    /** Creates a chunker for contents of one repository. */
    public Chunker(ChunkerParameters parameters) {
        this(parameters, new ScalarKernel(parameters.rank()));
    }

    Chunker(ChunkerParameters parameters, CandidateKernel kernel) {
        radius = parameters.radius();
        max = parameters.max();
        window = new ContentWindow(2 * (max + 2 * radius));
        finder = new CutFinder(radius, parameters.rank(), kernel, window);
    }

    /** Begins a content, and forgets an unfinished one. */
    public void begin(PieceConsumer pieces) {
        consumer = Objects.requireNonNull(pieces, "pieces");
        window.clear();
        finder.clear();
        lastCut = 0;
    }

    /**
     * Adds the next bytes of the content; they are copied or delivered before this method returns.
     *
     * @throws IllegalStateException if no content was begun
     */
    public void update(byte[] buffer, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        PieceConsumer pieces = pieces();
        int end = offset + length;
        for (int next = offset; next < end; ) {
            next += window.append(buffer, next, end - next);
            advance(pieces);
        }
    }

    /**
     * Ends the content and delivers its last pieces; an empty content has none. Returns its length in bytes.
     *
     * @throws IllegalStateException if no content was begun
     */
    public long finish() {
        PieceConsumer pieces = pieces();
        while (finder.canDecideLast()) {
            decideNext(pieces);
        }
        long end = window.end();
        if (end > lastCut) {
            cutAt(end, pieces);
        }
        consumer = null;
        return end;
    }

    /**
     * Cuts what a stream has left as one content; forgets an unfinished one. Doesn't close the stream. Returns the number of bytes.
     *
     * @throws IOException if the stream can't be read
     * @throws BackupCancelledException if the thread is interrupted, which is checked before each read
     */
    public long chunk(InputStream in, PieceConsumer pieces) throws IOException {
        begin(pieces);
        try {
            do {
                if (Thread.currentThread().isInterrupted()) {
                    throw new BackupCancelledException("interrupted after reading " + window.end() + " bytes");
                }
                advance(pieces);
            } while (window.read(in));
            return finish();
        } finally {
            consumer = null;
        }
    }

    private PieceConsumer pieces() {
        if (consumer == null) {
            throw new IllegalStateException("no content was begun: call begin first");
        }
        return consumer;
    }

    private void advance(PieceConsumer pieces) {
        while (finder.canDecide()) {
            decideNext(pieces);
        }
        window.keepFrom(Math.min(lastCut, finder.needed()));
    }

    private void decideNext(PieceConsumer pieces) {
        long cut = finder.decide();
        if (cut >= 0) {
            cutAt(cut, pieces);
        } else {
            force(finder.decided(), pieces);
        }
    }

    private void cutAt(long wall, PieceConsumer pieces) {
        force(wall, pieces);
        deliver(wall, pieces);
    }

    /** Cuts what is too long, knowing that there is no wall between the last cut and this position. */
    private void force(long noWallBefore, PieceConsumer pieces) {
        while (noWallBefore - lastCut > max) {
            deliver(lastCut + max - radius, pieces);
        }
    }

    private void deliver(long cut, PieceConsumer pieces) {
        pieces.accept(window.bytes(), window.index(lastCut), (int) (cut - lastCut));
        lastCut = cut;
    }
}
