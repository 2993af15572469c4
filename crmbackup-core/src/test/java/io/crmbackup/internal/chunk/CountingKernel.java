package io.crmbackup.internal.chunk;

/** Counts the positions that are looked at, and how often the search stops at one. */
final class CountingKernel implements CandidateKernel {
    private final CandidateKernel kernel;
    private long positions;
    private long hits;

    CountingKernel(byte[] key) {
        kernel = new ScalarKernel(Rank.keyed(key));
    }

    @Override
    public int next(byte[] bytes, int from, int to, long limit) {
        int found = kernel.next(bytes, from, to, limit);
        positions += Math.min(found + 1, to) - from;
        hits += found < to ? 1 : 0;
        return found;
    }

    long positions() {
        return positions;
    }

    long hits() {
        return hits;
    }
}
