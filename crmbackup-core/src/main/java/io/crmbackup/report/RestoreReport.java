package io.crmbackup.report;

import java.time.Duration;
import java.util.List;

/**
 * What a restore did.
 *
 * @param snapshot the snapshot it restored from
 * @param parts what was written, collection by collection
 * @param verified whether what was restored was read back and found identical
 * @param duration how long it took
 */
public record RestoreReport(SnapshotId snapshot, List<Part> parts, boolean verified, Duration duration) {
    /** Copies the list. */
    public RestoreReport {
        parts = List.copyOf(parts);
    }

    /**
     * One collection of a restore.
     *
     * @param source the source's name in the plan
     * @param collection the collection's name
     * @param written records written
     * @param skipped records left as they are in the target
     */
    public record Part(String source, String collection, long written, long skipped) {}

    /** How many records were written. */
    public long written() {
        return parts.stream().mapToLong(Part::written).sum();
    }
}
