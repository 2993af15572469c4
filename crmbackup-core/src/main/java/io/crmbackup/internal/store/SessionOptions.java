package io.crmbackup.internal.store;

import io.crmbackup.internal.codec.ChunkEncoder;

/**
 * How a session stores.
 *
 * @param reuse what an equal chunk may be shared with
 * @param check what is done with each encoded chunk before it is sealed
 * @param threads number of threads that encode, seal and put; 0 to do so in the caller
 */
public record SessionOptions(Reuse reuse, ChunkEncoder.Check check, int threads) {
    /** What an equal chunk may be shared with. */
    public enum Reuse {
        /** With everything in the repository. */
        REPOSITORY,
        /** With what this session stored: the result stands by itself. */
        OWN_SESSION
    }

    /** Checks the number of threads. */
    public SessionOptions {
        if (threads < 0 || threads > 256) {
            throw new IllegalArgumentException("threads must lie in 0..256, not " + threads);
        }
    }

    /** Shares with the whole repository, verifies what it writes, and uses one thread beside the caller. */
    public static SessionOptions standard() {
        return new SessionOptions(Reuse.REPOSITORY, ChunkEncoder.Check.DECODE_AND_COMPARE, 1);
    }

    /** The same with other sharing. */
    public SessionOptions with(Reuse other) {
        return new SessionOptions(other, check, threads);
    }

    /** The same with another check. */
    public SessionOptions with(ChunkEncoder.Check other) {
        return new SessionOptions(reuse, other, threads);
    }

    /** The same with another number of threads. */
    public SessionOptions threads(int other) {
        return new SessionOptions(reuse, check, other);
    }
}
