package io.crmbackup.internal.chunk;

/** The inner loop of the search for cuts: computes y for every position of a range. Stateless, or one instance per thread. */
interface CandidateKernel {
    /**
     * The first position in {@code [from, to)} whose y is at most {@code limit}, or {@code to} if there is none. Reads
     * {@code bytes} from {@code from - 8} to {@code to - 1}.
     */
    int next(byte[] bytes, int from, int to, long limit);
}
