package io.crmbackup.internal.chunk;

/** Decides which positions are natural cuts, a block of {@code radius} positions at a time, in ascending order. */
final class CutFinder {
    private final int radius;
    private final Rank rank;
    private final CandidateKernel kernel;
    private final ContentWindow window;

    /** The block that is to be decided next begins here; block 0 has no cuts. */
    private long block;

    private Candidate before = Candidate.NONE;
    private Candidate here = Candidate.NONE;

    CutFinder(int radius, Rank rank, CandidateKernel kernel, ContentWindow window) {
        this.radius = radius;
        this.rank = rank;
        this.kernel = kernel;
        this.window = window;
        this.block = radius;
    }

    void clear() {
        block = radius;
    }

    /** All natural cuts before this position are known. */
    long decided() {
        return block;
    }

    /** The first position whose bytes are needed for what is to be decided. */
    long needed() {
        return Math.max(0, block - radius - Rank.WINDOW);
    }

    /** Whether the content, which may go on, is long enough to decide the next block. */
    boolean canDecide() {
        return window.end() >= block + 2L * radius;
    }

    /** Whether the content, which ends here, is long enough for a cut in the next block. */
    boolean canDecideLast() {
        return window.end() > block + radius;
    }

    /** Decides the next block: the position of its cut, or -1 if it has none. */
    long decide() {
        long next = block + radius;
        long end = Math.min(next + radius, window.end());
        if (block == radius) {
            before = smallest(0, block, Rank.ELIGIBLE);
            here = smallest(block, next, Rank.ELIGIBLE);
        }
        Candidate after = smallest(next, end, Rank.ELIGIBLE);
        long cut = isCut(after, next, end) ? here.position() : -1;
        before = here;
        here = after;
        block = next;
        return cut;
    }

    @SuppressWarnings("ReferenceEquality") // NONE is a sentinel
    private boolean isCut(Candidate after, long next, long end) {
        if (here == Candidate.NONE) {
            return false;
        }
        long from = here.position() - radius;
        long to = here.position() + radius + 1;
        return from > 0 && to <= end && !isBeaten(before, from, block) && !isBeaten(after, next, to);
    }

    /** Whether a position in {@code [from, to)}, a part of the block that {@code strongest} is the smallest of, beats this one. */
    private boolean isBeaten(Candidate strongest, long from, long to) {
        return strongest.beats(here)
                && (strongest.liesIn(from, to) || smallest(from, to, here.y()).beats(here));
    }

    /** The smallest rank in {@code [from, to)} among those with y up to {@code limit}. */
    private Candidate smallest(long from, long to, long limit) {
        byte[] bytes = window.bytes();
        int end = window.index(to);
        int found = -1;
        long y = limit;
        long z = Long.MAX_VALUE;
        int i = kernel.next(bytes, window.index(Math.max(from, Rank.WINDOW)), end, y);
        while (i < end) {
            long itsY = rank.y(bytes, i);
            long itsZ = rank.z(bytes, i);
            if (found < 0 || itsY < y || itsZ < z) {
                found = i;
                y = itsY;
                z = itsZ;
            }
            i = kernel.next(bytes, i + 1, end, y);
        }
        return found < 0 ? Candidate.NONE : new Candidate(to - (end - found), y, z);
    }
}
