package io.crmbackup.internal.chunk;

/** What decides where contents are cut: two sizes, and secrets that are derived from a key. Part of the format; immutable. */
public final class ChunkerParameters {
    /** The radius that a repository gets unless told: pieces of 64 KiB on average. */
    public static final int DEFAULT_RADIUS = 32 << 10;

    /** The longest piece that a repository gets unless told. */
    public static final int DEFAULT_MAX = 512 << 10;

    private static final int MIN_RADIUS = Rank.WINDOW;
    private static final int MAX_RADIUS = 2 << 20;

    /** The most that a chunk can have: a longer piece could be cut and not be stored. */
    private static final int MAX_MAX = 8 << 20;

    private static final int MIN_KEY = 32;
    private static final int MAX_KEY = 64;

    private final int radius;
    private final int max;
    private final Rank rank;

    private ChunkerParameters(int radius, int max, Rank rank) {
        this.radius = radius;
        this.max = max;
        this.rank = rank;
    }

    /** The default sizes. */
    public static ChunkerParameters of(byte[] key) {
        return of(key, DEFAULT_RADIUS, DEFAULT_MAX);
    }

    /**
     * Parameters that were chosen for, or are stored in, a repository.
     *
     * @param key 32 to 64 secret bytes, used for nothing else; copied
     * @param radius r in bytes, 64 to 2 MiB: pieces are longer than it, and twice as long on average
     * @param max length of the longest piece in bytes, from four times the radius to 8 MiB
     * @throws IllegalArgumentException if one of them is out of range
     */
    public static ChunkerParameters of(byte[] key, int radius, int max) {
        if (key.length < MIN_KEY || key.length > MAX_KEY) {
            throw new IllegalArgumentException(
                    "the chunker key has " + key.length + " bytes; it needs " + MIN_KEY + " to " + MAX_KEY);
        }
        if (radius < MIN_RADIUS || radius > MAX_RADIUS) {
            throw new IllegalArgumentException(
                    "the chunker radius is " + radius + " bytes; it must be " + MIN_RADIUS + " to " + MAX_RADIUS);
        }
        if (max < 4 * radius || max > MAX_MAX) {
            throw new IllegalArgumentException("the longest piece is " + max + " bytes; with a radius of " + radius
                    + " it must be " + 4 * radius + " to " + MAX_MAX);
        }
        return new ChunkerParameters(radius, max, Rank.keyed(key));
    }

    /** All pieces are longer than this many bytes, except a content's only one. Half the mean length. */
    public int radius() {
        return radius;
    }

    /** No piece is longer than this many bytes. */
    public int max() {
        return max;
    }

    Rank rank() {
        return rank;
    }

    @Override
    public String toString() {
        return "ChunkerParameters[radius=" + radius + ", max=" + max + "]";
    }
}
