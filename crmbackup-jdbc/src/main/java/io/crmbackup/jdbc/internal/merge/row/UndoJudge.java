package io.crmbackup.jdbc.internal.merge.row;

import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides from three states of a row: before a change, after it, and now. The change is undone where its result is still there; where somebody
 * wrote something else since, that stays, and is a conflict.
 */
final class UndoJudge implements Judge {
    private final TableFit fit;

    UndoJudge(TableFit fit) {
        this.fit = fit;
    }

    @Override
    public Decision decide(RestoredRow row, @Nullable List<FieldValue> now) throws IOException {
        List<FieldValue> before = row.values();
        List<FieldValue> after = row.undone();
        if (row.comesAlong() && (before == null || now != null)) {
            return Decision.EQUAL;
        }
        if (before == null) {
            return after == null || now == null ? Decision.EQUAL : added(after, now);
        }
        if (now == null) {
            return after == null ? Decision.INSERT : Decision.conflict(new BitSet(), DELETED_SINCE);
        }
        if (after == null) {
            BitSet differing = fit.differing(before, now);
            return differing.isEmpty() ? Decision.EQUAL : Decision.conflict(differing, CAME_BACK);
        }
        return changed(before, after, now);
    }

    @Override
    public boolean needsKeysOnly() {
        return false;
    }

    @Override
    public boolean writesExisting() {
        return true;
    }

    private Decision added(List<FieldValue> after, List<FieldValue> now) throws IOException {
        BitSet differing = fit.differing(after, now);
        return differing.isEmpty() ? Decision.DELETE : Decision.conflict(differing, CHANGED_SINCE);
    }

    private Decision changed(List<FieldValue> before, List<FieldValue> after, List<FieldValue> now) throws IOException {
        BitSet restored = new BitSet();
        BitSet conflicting = new BitSet();
        BitSet changed = fit.differing(before, after);
        for (int i = changed.nextSetBit(0); i >= 0; i = changed.nextSetBit(i + 1)) {
            if (fit.same(i, after.get(i), now.get(i))) {
                restored.set(i);
            } else if (!fit.same(i, before.get(i), now.get(i))) {
                conflicting.set(i);
            }
        }
        if (conflicting.isEmpty()) {
            return Decision.update(restored);
        }
        return restored.isEmpty()
                ? Decision.conflict(conflicting, CHANGED_SINCE)
                : new Decision(Decision.Kind.UPDATE, restored, conflicting, CHANGED_SINCE);
    }
}
