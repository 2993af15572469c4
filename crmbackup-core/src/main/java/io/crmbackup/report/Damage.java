package io.crmbackup.report;

import java.util.List;

/**
 * Something that a verification found wrong.
 *
 * @param object the object's name in the sink
 * @param what what is wrong with it
 * @param snapshots the snapshots that need it
 * @param items what can't be restored because of it, as "source/collection: key", the first {@value #MOST_ITEMS}
 */
public record Damage(String object, String what, List<SnapshotId> snapshots, List<String> items) {
    /** How many items are named. */
    public static final int MOST_ITEMS = 100;

    /** Copies the lists. */
    public Damage {
        snapshots = List.copyOf(snapshots);
        items = List.copyOf(items);
    }
}
