package io.crmbackup;

/** How much of a repository a verification reads. Immutable. */
public final class VerifyDepth {
    private final double share;

    private VerifyDepth(double share) {
        this.share = share;
    }

    /** Reads manifests, trees and indexes: proves that everything a snapshot needs is there, not that it can be read. */
    public static VerifyDepth structure() {
        return new VerifyDepth(0);
    }

    /**
     * Like {@link #structure()}, and reads, decrypts and proves a share of all packs, drawn at random.
     *
     * @param share more than 0, at most 1
     */
    public static VerifyDepth sample(double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("the share to verify must be more than 0 and at most 1, not " + share);
        }
        return new VerifyDepth(share);
    }

    /** Reads, decrypts and proves every byte that is stored. */
    public static VerifyDepth allData() {
        return new VerifyDepth(1);
    }

    /** The share of packs that is read, within 0..1. */
    public double share() {
        return share;
    }

    @Override
    public String toString() {
        return share == 0 ? "structure" : share == 1 ? "all data" : "sample of " + share;
    }
}
