package io.crmbackup.internal.tree;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.store.ChunkReader;
import io.crmbackup.internal.tree.BlobPath.Span;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The value whose place a new one takes: its pieces and pages are what those of the new one probably resemble.
 *
 * <p>Where contents are cut depends on the bytes close by, so after an insertion or removal the same pieces follow, only further back or forth. One number
 * tells how far: the <i>shift</i> from a place in the new value to the one in the former. It is 0 at first, and is set anew wherever a piece that
 * was known already lies close to where the former value should have it. A new piece then resembles the one in which its middle comes to lie. Only
 * what was before a new piece counts, as contents are streams.
 *
 * <p>Nothing is looked up before the first new piece; memory is a page per level. Not thread-safe.
 */
public final class FormerBlob {
    /** How many pieces away from its expected place a piece is looked for, in either direction. */
    private static final int WINDOW = 64;
    /** How many of the pieces before a new one are looked for. */
    private static final int ANCHORS = 4;

    private final Supplier<BlobRef> ref;
    private final ChunkReader chunks;
    private final Deque<Anchor> anchors = new ArrayDeque<>(ANCHORS);
    private @Nullable BlobRef known;
    private @Nullable BlobPath path;
    private long shift;

    /** A piece that was known already, and where in the new value it begins. */
    private record Anchor(ChunkId piece, long begin) {}

    /**
     * The former version of a value.
     *
     * @param ref finds it, if it is needed; {@link BlobRef#EMPTY} if there is none
     */
    public FormerBlob(Supplier<BlobRef> ref, ChunkReader chunks) {
        this.ref = ref;
        this.chunks = chunks;
    }

    /** Tells that the new value has a piece that was known already. */
    void shares(ChunkId piece, long begin) {
        if (anchors.size() == ANCHORS) {
            anchors.removeLast();
        }
        anchors.addFirst(new Anchor(piece, begin));
    }

    /**
     * What a new piece or page resembles; null if the former value has nothing there.
     *
     * @param level 0 for a piece
     * @param begin where in the new value it begins
     * @param length how many bytes of the value it stands for
     * @throws io.crmbackup.error.DamagedObjectException if a page isn't what refers to it says
     */
    @Nullable
    ChunkId find(int level, long begin, long length) {
        BlobRef former = former();
        BlobPath way = path;
        if (way == null || level > former.depth()) {
            return null;
        }
        align(way, former.length());
        if (begin + shift >= former.length()) {
            return null;
        }
        return way.find(within(begin + length / 2 + shift, former.length()), level)
                .id();
    }

    private BlobRef former() {
        BlobRef found = known;
        if (found == null) {
            found = ref.get();
            known = found;
            if (!found.isEmpty()) {
                path = new BlobPath(found, chunks);
            }
        }
        return found;
    }

    private static long within(long place, long length) {
        return Math.max(0, Math.min(place, length - 1));
    }

    /** Sets the shift by the latest piece that the former value has close by. No piece is looked for twice. */
    private void align(BlobPath way, long length) {
        for (Anchor anchor : anchors) {
            if (align(way, length, anchor)) {
                break;
            }
        }
        anchors.clear();
    }

    private boolean align(BlobPath way, long length, Anchor anchor) {
        Span expected = way.find(within(anchor.begin + shift, length), 0);
        Span span = expected;
        for (int i = 0; i <= WINDOW; i++) {
            if (meets(span, anchor)) {
                return true;
            }
            if (span.end() == length) {
                break;
            }
            span = way.find(span.end(), 0);
        }
        span = expected;
        for (int i = 0; i < WINDOW && span.begin() > 0; i++) {
            span = way.find(span.begin() - 1, 0);
            if (meets(span, anchor)) {
                return true;
            }
        }
        return false;
    }

    private boolean meets(Span span, Anchor anchor) {
        if (!span.id().equals(anchor.piece)) {
            return false;
        }
        shift = span.begin() - anchor.begin;
        return true;
    }
}
