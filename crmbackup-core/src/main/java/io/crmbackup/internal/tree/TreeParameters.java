package io.crmbackup.internal.tree;

/**
 * The numbers that decide where a record tree is cut. They are part of a repository's format: two trees compare only if both were
 * built with the same parameters. Immutable.
 *
 * @param leafRadius distance in bytes within which the start of a leaf must be the smallest hash; leaves have about twice that
 * @param innerRadius the same for inner nodes; at least four times the largest entry of an inner node
 * @param largestKey the longest key in bytes that a tree accepts
 * @param secret0 first half of the SipHash key, little endian
 * @param secret1 second half of the SipHash key, little endian
 */
public record TreeParameters(int leafRadius, int innerRadius, int largestKey, long secret0, long secret1) {
    /** What a record takes beside key and value when sizes are counted. A constant, whatever the encoding takes. */
    public static final int LEAF_OVERHEAD = 8;

    /** What an entry of an inner node takes beside its key when sizes are counted. A constant, whatever the encoding takes. */
    public static final int INNER_OVERHEAD = 48;

    /** A node that is larger than this many radii is refused by writers and readers. */
    public static final int LARGEST_NODE_IN_RADII = 64;

    /** The largest node is half of what a chunk can have, encoded or as sizes are counted. */
    private static final int LARGEST_RADIUS = 1 << 16;

    private static final int ENTRIES_PER_INNER_RADIUS = 4;

    /** Checks the ranges. */
    public TreeParameters {
        if (largestKey < 1) {
            throw new IllegalArgumentException("the largest key has at least 1 byte, not " + largestKey);
        }
        if (leafRadius < 1 || leafRadius > LARGEST_RADIUS) {
            throw new IllegalArgumentException(
                    "the leaf radius is 1 to " + LARGEST_RADIUS + " bytes, not " + leafRadius);
        }
        long least = ENTRIES_PER_INNER_RADIUS * ((long) largestKey + INNER_OVERHEAD);
        if (innerRadius < least || innerRadius > LARGEST_RADIUS) {
            throw new IllegalArgumentException("with keys of up to " + largestKey + " bytes the inner radius is "
                    + least + " to " + LARGEST_RADIUS + " bytes, not " + innerRadius);
        }
    }

    /** The parameters of format version 1, with a repository's secret. */
    public static TreeParameters of(long secret0, long secret1) {
        return new TreeParameters(32 << 10, 6 << 10, 1024, secret0, secret1);
    }

    /** Names the sizes, never the secret. */
    @Override
    public String toString() {
        return "TreeParameters[leafRadius=" + leafRadius + ", innerRadius=" + innerRadius + ", largestKey=" + largestKey
                + "]";
    }
}
