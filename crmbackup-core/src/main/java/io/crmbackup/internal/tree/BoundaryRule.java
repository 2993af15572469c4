package io.crmbackup.internal.tree;

/** The rule of one repository: radius and limit per level, the size of entries, the hash. Immutable and thread-safe. */
record BoundaryRule(TreeParameters parameters, BoundaryHash hash, int largestNodeInRadii) {
    /** More levels than any number of records below 2^63 can fill. */
    static final int HIGHEST_LEVEL = 62;

    static BoundaryRule of(TreeParameters parameters) {
        return new BoundaryRule(
                parameters,
                new SipHash13(parameters.secret0(), parameters.secret1()),
                TreeParameters.LARGEST_NODE_IN_RADII);
    }

    int radius(int level) {
        return level == 0 ? parameters.leafRadius() : parameters.innerRadius();
    }

    /** The largest node in bytes, as sizes are counted. */
    int limit(int level) {
        return largestNodeInRadii * radius(level);
    }

    static long recordSize(int keyLength, int valueLength) {
        return (long) keyLength + valueLength + TreeParameters.LEAF_OVERHEAD;
    }

    static int referenceSize(int keyLength) {
        return keyLength + TreeParameters.INNER_OVERHEAD;
    }
}
