package io.crmbackup.internal.chunk;

/** One position after the other, on any JVM. */
record ScalarKernel(Rank rank) implements CandidateKernel {
    @Override
    public int next(byte[] bytes, int from, int to, long limit) {
        Rank rank = this.rank;
        int i = from;
        while (i < to && rank.y(bytes, i) > limit) {
            i++;
        }
        return i;
    }
}
