package io.crmbackup.spi;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a restore changes in one collection of a system that is in use.
 *
 * @param collection its name in the backup
 * @param created records that the target had not
 * @param changed records that the target had, but otherwise
 * @param equal records that the target had with the same values
 * @param kept records of the target that stay as they are, by the policy
 * @param deleted records of the target that are removed
 * @param cascaded records of other collections that the target removes along with these
 * @param conflicted records that could not be restored, or not all of their fields
 * @param fields how many records get another value, by field
 * @param conflicts the first of the records that could not be restored; at most {@value #MOST_CONFLICTS}
 * @param newKeys the keys that records got, by those they had, where theirs were taken by other records
 */
public record CollectionChanges(
        String collection,
        long created,
        long changed,
        long equal,
        long kept,
        long deleted,
        long cascaded,
        long conflicted,
        Map<String, Long> fields,
        List<Conflict> conflicts,
        Map<String, String> newKeys) {
    /** How many conflicts are named. */
    public static final int MOST_CONFLICTS = 100;

    /**
     * A record that could not be restored as it was.
     *
     * @param key its key
     * @param fields the fields that it is about; empty if the record as a whole
     * @param reason why, in the user's words
     */
    public record Conflict(String key, List<String> fields, String reason) {
        /** Copies the list. */
        public Conflict {
            fields = List.copyOf(fields);
        }
    }

    /** Copies the collections. */
    public CollectionChanges {
        fields = Collections.unmodifiableMap(new TreeMap<>(fields));
        conflicts = List.copyOf(conflicts);
        newKeys = Map.copyOf(newKeys);
    }
}
