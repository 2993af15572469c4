package io.crmbackup.report;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a copy of snapshots into another repository did.
 *
 * @param repository the id of the repository that was copied to
 * @param copied what was copied, oldest first
 * @param present the snapshots that were selected and are there already
 * @param passedOver the snapshots that were selected but are older than what the other repository has of their plan
 * @param duration how long it took
 */
public record CopyReport(
        String repository,
        List<Copied> copied,
        List<SnapshotId> present,
        List<SnapshotId> passedOver,
        Duration duration) {
    /** Copies the lists. */
    public CopyReport {
        copied = List.copyOf(copied);
        present = List.copyOf(present);
        passedOver = List.copyOf(passedOver);
    }

    /**
     * One snapshot that was copied.
     *
     * @param original its id in the repository that was copied from
     * @param copy its id in the other one
     * @param plan its plan
     * @param moment its moment
     * @param records how many records were read: those that the copy before did not have
     * @param bytesStored length of all objects that were stored for it, but for the entry of a few hundred bytes in the log
     */
    public record Copied(
            SnapshotId original, SnapshotId copy, String plan, Instant moment, long records, long bytesStored) {}

    /** How many bytes were stored for all of them. */
    public long bytesStored() {
        return copied.stream().mapToLong(Copied::bytesStored).sum();
    }
}
