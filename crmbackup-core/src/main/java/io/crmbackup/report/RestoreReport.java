package io.crmbackup.report;

import io.crmbackup.spi.TargetChanges;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a restore did.
 *
 * @param snapshot the snapshot it restored from
 * @param parts what was written, collection by collection
 * @param changes by source: how much was changed of what was there; only of targets that were in use and tell
 * @param verified whether what was restored was read back and found identical; in a database of another product, with an equal portable digest
 * @param notes what the user should know: what the preview said, and what could not be restored as it was
 * @param duration how long it took
 * @param safety the snapshot of what was there before, if the restore replaced something; otherwise null
 */
public record RestoreReport(
        SnapshotId snapshot,
        List<Part> parts,
        Map<String, TargetChanges> changes,
        boolean verified,
        List<String> notes,
        Duration duration,
        @Nullable SnapshotId safety) {
    /** Copies the collections. */
    public RestoreReport {
        parts = List.copyOf(parts);
        changes = Collections.unmodifiableMap(new LinkedHashMap<>(changes));
        notes = List.copyOf(notes);
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

    /** The snapshot of what was there before, by which the restore can be undone; empty if the restore replaced nothing. */
    public Optional<SnapshotId> safetySnapshot() {
        return Optional.ofNullable(safety);
    }

    /** How many records were written. */
    public long written() {
        return parts.stream().mapToLong(Part::written).sum();
    }
}
