package io.crmbackup.report;

import io.crmbackup.spi.TargetChanges;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a restore will do.
 *
 * @param snapshot the snapshot it restores from
 * @param collections what will be written where
 * @param blockers why it would be refused, in the user's words; empty if it can be executed
 * @param notes what the user should know
 * @param steps what will be done besides writing records, as the statements that will be executed
 * @param changes by source: how much will change of what is there; only of targets that are in use and tell
 */
public record RestorePreview(
        SnapshotId snapshot,
        List<Part> collections,
        List<String> blockers,
        List<String> notes,
        List<String> steps,
        Map<String, TargetChanges> changes) {
    /** Copies the collections. */
    public RestorePreview {
        collections = List.copyOf(collections);
        blockers = List.copyOf(blockers);
        notes = List.copyOf(notes);
        steps = List.copyOf(steps);
        changes = Collections.unmodifiableMap(new LinkedHashMap<>(changes));
    }

    /**
     * One collection of a restore.
     *
     * @param source the source's name in the plan
     * @param collection the collection's name
     * @param records how many records will be restored
     * @param whole whether these are all of its records
     * @param children how many of them only come because they refer to others that do
     * @param parents how many of them only come because others refer to them
     * @param files how many of them only come as files of records, or as directories on the way there
     */
    public record Part(
            String source, String collection, long records, boolean whole, long children, long parents, long files) {
        /** A part of which all records were asked for. */
        public Part(String source, String collection, long records, boolean whole) {
            this(source, collection, records, whole, 0, 0, 0);
        }

        /** How many of the records were asked for. */
        public long chosen() {
            return records - children - parents - files;
        }
    }

    /** How many records will be restored. */
    public long records() {
        return collections.stream().mapToLong(Part::records).sum();
    }
}
