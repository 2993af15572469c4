package io.crmbackup.report;

import io.crmbackup.spi.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a backup did.
 *
 * @param snapshot the snapshot's id
 * @param plan the plan's name
 * @param strategy what was run, which may be a FULL where another was asked for
 * @param reason why it was run so, as "the plan has no full snapshot yet"; empty if it was asked for
 * @param base the snapshot that change was measured against and unchanged records were taken from, or null
 * @param state whether the snapshot is complete
 * @param moment the moment that the snapshot stands for
 * @param started when the backup began
 * @param duration how long it took
 * @param sizes how much was read, changed and stored
 * @param sources how each source was captured
 * @param collections what was found in each collection
 * @param references how the files that records refer to were found
 * @param problems what could not be read, the first {@value #MOST_PROBLEMS}
 * @param problemCount how many problems there were
 */
public record BackupReport(
        SnapshotId snapshot,
        String plan,
        StrategyKind strategy,
        String reason,
        @Nullable SnapshotId base,
        SnapshotState state,
        Instant moment,
        Instant started,
        Duration duration,
        BackupSizes sizes,
        List<SourceReport> sources,
        List<CollectionReport> collections,
        List<ReferenceReport> references,
        List<Problem> problems,
        long problemCount) {
    /** How many problems are named. */
    public static final int MOST_PROBLEMS = 1000;

    /** Copies the lists. */
    public BackupReport {
        sources = List.copyOf(sources);
        collections = List.copyOf(collections);
        references = List.copyOf(references);
        problems = List.copyOf(problems);
    }

    /** The snapshot that change was measured against, if there was one. */
    public Optional<SnapshotId> baseSnapshot() {
        return Optional.ofNullable(base);
    }

    /** How many records all collections have together. */
    public long records() {
        return collections.stream().mapToLong(CollectionReport::records).sum();
    }

    /** How many bytes were read. */
    public long bytesRead() {
        return sizes.bytesRead();
    }

    /** How many plain bytes were added or changed since the base. */
    public long bytesChanged() {
        return sizes.bytesChanged();
    }

    /** By how many bytes the repository grew. */
    public long bytesStored() {
        return sizes.bytesStored();
    }
}
