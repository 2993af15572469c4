package io.crmbackup.internal.diff;

import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.internal.tree.TreeCursor;
import io.crmbackup.internal.tree.TreeDiff;
import io.crmbackup.internal.tree.TreeParameters;

/**
 * How a collection differs from what it was in the base.
 *
 * @param added records that the base did not have
 * @param changed records that the base had with other values
 * @param removed records that only the base had
 * @param bytesChanged plain bytes of the added and changed records
 * @param bytesReplaced plain bytes of the changed records, as they were
 * @param bytesRemoved plain bytes of the removed records, as they were
 */
public record ChangeCount(
        long added, long changed, long removed, long bytesChanged, long bytesReplaced, long bytesRemoved) {
    /** Where there is no base everything is new. */
    public static ChangeCount ofNew(StoredCollection now, long plainBytes) {
        return new ChangeCount(now.manifest().content().records(), 0, 0, plainBytes, 0, 0);
    }

    /** The plain bytes of all records; reads them all. */
    public static long plainBytes(StoredCollection collection) {
        long bytes = 0;
        TreeCursor records = collection.records();
        while (records.next()) {
            Interruption.check();
            bytes += collection.decoder().plainBytes(records.value());
        }
        return bytes;
    }

    /** By how many plain bytes the collection grew. */
    public long growth() {
        return bytesChanged - bytesReplaced - bytesRemoved;
    }

    /** Compares two states of a collection. */
    public static ChangeCount between(TreeParameters parameters, StoredCollection base, StoredCollection now) {
        long added = 0;
        long changed = 0;
        long removed = 0;
        long bytesChanged = 0;
        long bytesReplaced = 0;
        long bytesRemoved = 0;
        TreeDiff diff = new TreeDiff(
                parameters,
                now.reader(),
                base.manifest().content(),
                now.manifest().content());
        while (diff.next()) {
            Interruption.check();
            byte[] before = diff.before();
            byte[] after = diff.after();
            if (after != null) {
                bytesChanged += now.decoder().plainBytes(after);
            }
            if (after == null && before != null) {
                removed++;
                bytesRemoved += base.decoder().plainBytes(before);
            } else if (before == null) {
                added++;
            } else {
                changed++;
                bytesReplaced += base.decoder().plainBytes(before);
            }
        }
        return new ChangeCount(added, changed, removed, bytesChanged, bytesReplaced, bytesRemoved);
    }
}
