package io.crmbackup.report;

/**
 * How a collection was read.
 *
 * @param extent whether all records were read
 * @param how if all were, why, as "a full backup"; otherwise how changes were recognised, as "rows written since transaction 4711"
 */
public record CollectionReading(Extent extent, String how) {
    /** How much was read. */
    public enum Extent {
        /** All records were read, or visited where each tells by itself whether it changed. */
        ALL,
        /** Records that the source told to have changed. */
        CHANGES
    }

    /** All records were read, for a reason. */
    public static CollectionReading all(String why) {
        return new CollectionReading(Extent.ALL, why);
    }

    /** Only changes were read, recognised in this way. */
    public static CollectionReading changes(String method) {
        return new CollectionReading(Extent.CHANGES, method);
    }

    /** As "all: a full backup" or "changes: rows written since transaction 4711". */
    @Override
    public String toString() {
        return (extent == Extent.ALL ? "all: " : "changes: ") + how;
    }
}
