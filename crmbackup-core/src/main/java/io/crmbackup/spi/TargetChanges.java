package io.crmbackup.spi;

import java.util.List;

/**
 * What a restore changes in a place that is in use.
 *
 * @param created records that the target had not
 * @param changed records that the target had, but otherwise
 * @param left records that stay as they are: because they are equal, or because the target's own are kept
 * @param deleted what the target had and the restored records don't have, and is removed
 * @param bytes the bytes of contents to be written
 * @param deletions the first of what is deleted, in the user's words; at most {@value #MOST_DELETIONS}
 * @param collections the same collection by collection, if the target tells
 */
public record TargetChanges(
        long created,
        long changed,
        long left,
        long deleted,
        long bytes,
        List<String> deletions,
        List<CollectionChanges> collections) {
    /** How many deletions are named. */
    public static final int MOST_DELETIONS = 100;

    /** Copies the lists. */
    public TargetChanges {
        deletions = List.copyOf(deletions);
        collections = List.copyOf(collections);
    }

    /** Changes that are not told by collection. */
    public TargetChanges(long created, long changed, long left, long deleted, long bytes, List<String> deletions) {
        this(created, changed, left, deleted, bytes, deletions, List.of());
    }
}
