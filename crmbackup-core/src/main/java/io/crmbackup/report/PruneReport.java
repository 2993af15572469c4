package io.crmbackup.report;

import java.time.Duration;
import java.util.List;

/**
 * What a prune did.
 *
 * @param packsCondemned packs that were given up, to be deleted after the quarantine
 * @param bytesCondemned their length together
 * @param bytesRewritten length of the objects in which what was still needed of them was stored again
 * @param basesReleased contents that no snapshot has any more and that changes are no longer stored against
 * @param packsDeleted packs that were deleted, which this or an earlier prune had given up
 * @param bytesDeleted their length together
 * @param manifestsDeleted manifests of expired snapshots that were deleted
 * @param indexesMerged index objects that were replaced by fewer ones
 * @param indexesDeleted index objects that were deleted
 * @param notes what was kept back and why
 * @param duration how long it took
 */
public record PruneReport(
        long packsCondemned,
        long bytesCondemned,
        long bytesRewritten,
        long basesReleased,
        long packsDeleted,
        long bytesDeleted,
        long manifestsDeleted,
        long indexesMerged,
        long indexesDeleted,
        List<String> notes,
        Duration duration) {
    /** Copies the list. */
    public PruneReport {
        notes = List.copyOf(notes);
    }
}
