package io.crmbackup.internal.manifest;

import io.crmbackup.FileReferences;
import io.crmbackup.RecordReferences;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.report.BackupSizes;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.report.SnapshotState;
import io.crmbackup.report.StrategyKind;
import io.crmbackup.spi.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot contains, and how it was made.
 *
 * @param id the snapshot
 * @param plan the plan's name
 * @param moment the moment that it stands for
 * @param started when the backup began
 * @param strategy what was run
 * @param selfContained whether everything was stored anew
 * @param reason why another strategy was run than asked for, or empty
 * @param base what change was measured against, or null
 * @param state whether it is complete
 * @param sizes how much was read and changed, and stored before the manifest itself
 * @param sources the sources, in the plan's order
 * @param references which records refer to which files
 * @param recordReferences which records refer to which others, as the plan says
 * @param problems what could not be read, not more than a report names
 * @param problemCount how many problems there were
 * @param packs the packs of a self-contained snapshot, else empty
 * @param origin where the snapshot was copied from, or null if the backup ran in this repository
 */
public record Manifest(
        SnapshotId id,
        String plan,
        Instant moment,
        Instant started,
        StrategyKind strategy,
        boolean selfContained,
        String reason,
        @Nullable SnapshotId base,
        SnapshotState state,
        BackupSizes sizes,
        List<SourceManifest> sources,
        List<FileReferences> references,
        List<RecordReferences> recordReferences,
        List<Problem> problems,
        long problemCount,
        List<ObjectId> packs,
        @Nullable Origin origin) {
    /** Copies the lists. */
    public Manifest {
        sources = List.copyOf(sources);
        references = List.copyOf(references);
        recordReferences = List.copyOf(recordReferences);
        problems = List.copyOf(problems);
        packs = List.copyOf(packs);
    }

    /** The name of a snapshot's manifest in the sink. */
    public static String objectName(SnapshotId id) {
        return "snap/" + id.hex();
    }

    /** The source with this name. */
    public Optional<SourceManifest> source(String name) {
        return sources.stream().filter(source -> source.name().equals(name)).findFirst();
    }
}
