package io.crmbackup.report;

import java.util.List;

/**
 * What a restore will do.
 *
 * @param snapshot the snapshot it restores from
 * @param collections what will be written where
 * @param blockers why it would be refused, in the user's words; empty if it can be executed
 * @param notes what the user should know
 * @param steps what will be done besides writing records, as the statements that will be executed
 */
public record RestorePreview(
        SnapshotId snapshot, List<Part> collections, List<String> blockers, List<String> notes, List<String> steps) {
    /** Copies the lists. */
    public RestorePreview {
        collections = List.copyOf(collections);
        blockers = List.copyOf(blockers);
        notes = List.copyOf(notes);
        steps = List.copyOf(steps);
    }

    /**
     * One collection of a restore.
     *
     * @param source the source's name in the plan
     * @param collection the collection's name
     * @param records how many records will be restored
     * @param whole whether these are all of its records
     */
    public record Part(String source, String collection, long records, boolean whole) {}

    /** How many records will be restored. */
    public long records() {
        return collections.stream().mapToLong(Part::records).sum();
    }
}
