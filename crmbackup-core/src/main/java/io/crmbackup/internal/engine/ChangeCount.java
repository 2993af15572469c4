package io.crmbackup.internal.engine;

import io.crmbackup.internal.tree.TreeCursor;
import io.crmbackup.internal.tree.TreeDiff;
import io.crmbackup.internal.tree.TreeParameters;
import org.jspecify.annotations.Nullable;

/**
 * How a collection differs from what it was in the base.
 *
 * @param added records that the base did not have
 * @param changed records that the base had with other values
 * @param removed records that only the base had
 * @param bytesChanged plain bytes of the added and changed records
 * @param bytesRemoved plain bytes of the removed records, as they were
 */
record ChangeCount(long added, long changed, long removed, long bytesChanged, long bytesRemoved) {
    /** Compares two states of a collection; without a base everything is new. */
    static ChangeCount of(TreeParameters parameters, @Nullable StoredCollection base, StoredCollection now) {
        return base == null ? allOf(now) : between(parameters, base, now);
    }

    private static ChangeCount allOf(StoredCollection now) {
        long bytes = 0;
        TreeCursor records = now.records();
        while (records.next()) {
            Interruption.check();
            bytes += now.decoder().plainBytes(records.value());
        }
        return new ChangeCount(now.manifest().content().records(), 0, 0, bytes, 0);
    }

    private static ChangeCount between(TreeParameters parameters, StoredCollection base, StoredCollection now) {
        long added = 0;
        long changed = 0;
        long removed = 0;
        long bytesChanged = 0;
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
            }
        }
        return new ChangeCount(added, changed, removed, bytesChanged, bytesRemoved);
    }
}
