package io.crmbackup.internal.changes;

import com.google.common.collect.AbstractIterator;
import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.sort.SortedRecords;
import io.crmbackup.internal.tree.TreeEdit;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Records to put and records to remove, in one order. */
final class ChangeEdits extends AbstractIterator<TreeEdit> {
    private final SortedRecords put;
    private final SortedRecords removed;
    private boolean hasPut;
    private boolean hasRemoved;

    ChangeEdits(SortedRecords put, SortedRecords removed) {
        this.put = put;
        this.removed = removed;
        this.hasPut = put.next();
        this.hasRemoved = removed.next();
    }

    @Override
    protected @Nullable TreeEdit computeNext() {
        Interruption.check();
        if (!hasPut && !hasRemoved) {
            return endOfData();
        }
        int order = !hasPut ? 1 : !hasRemoved ? -1 : Arrays.compareUnsigned(put.key(), removed.key());
        if (order == 0) {
            throw new ImplausibleChangesException("a record was named as changed that is not among those there");
        }
        TreeEdit edit;
        if (order < 0) {
            edit = TreeEdit.put(put.key(), put.value());
            hasPut = put.next();
        } else {
            edit = TreeEdit.remove(removed.key());
            hasRemoved = removed.next();
        }
        return edit;
    }
}
