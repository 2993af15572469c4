package io.crmbackup.internal.chunk;

/** An eligible position of a content, with its rank. */
record Candidate(long position, long y, long z) {
    /** Stands for no position at all; every real candidate beats it. */
    static final Candidate NONE = new Candidate(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

    /** Whether this rank is the smaller one. */
    boolean beats(Candidate other) {
        if (y != other.y) {
            return y < other.y;
        }
        return z != other.z ? z < other.z : position < other.position;
    }

    boolean liesIn(long from, long to) {
        return from <= position && position < to;
    }
}
