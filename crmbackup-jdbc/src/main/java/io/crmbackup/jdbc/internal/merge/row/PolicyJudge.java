package io.crmbackup.jdbc.internal.merge.row;

import io.crmbackup.jdbc.internal.merge.row.TablePolicy.Existing;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides by a table's policy, from two states of a row: that of the backup and that of the database. */
public final class PolicyJudge implements Judge {
    public static final String KEY_TAKEN = "with a key that another record has";

    private final TableFit fit;
    private final TablePolicy policy;
    private final int[] identity;
    private final int newer;

    public PolicyJudge(TableFit fit, TablePolicy policy) {
        this.fit = fit;
        this.policy = policy;
        this.identity =
                policy.identity().stream().mapToInt(fit::indexOfRestored).toArray();
        this.newer = policy.newer().map(fit::indexOfRestored).orElse(-1);
    }

    @Override
    public Decision decide(RestoredRow row, @Nullable List<FieldValue> now) throws IOException {
        if (now == null) {
            return Decision.INSERT;
        }
        if (row.comesAlong()) {
            return Decision.KEEP;
        }
        if (isOther(row.wanted(), now)) {
            return switch (policy.taken()) {
                case SKIP -> Decision.conflict(new BitSet(), KEY_TAKEN);
                case REFUSE, NEW_KEY -> Decision.refuse(KEY_TAKEN);
            };
        }
        return switch (policy.existing()) {
            case REFUSE -> Decision.refuse(THERE);
            case KEEP -> Decision.KEEP;
            case OVERWRITE, MIRROR -> Decision.update(fit.differing(row.wanted(), now));
            case NEWER ->
                Values.isAfter(
                                fit.fields().get(newer),
                                now.get(newer),
                                row.wanted().get(newer))
                        ? Decision.KEEP
                        : Decision.update(fit.differing(row.wanted(), now));
        };
    }

    @Override
    public boolean needsKeysOnly() {
        return !writesExisting() && identity.length == 0;
    }

    @Override
    public boolean writesExisting() {
        return policy.existing() != Existing.REFUSE && policy.existing() != Existing.KEEP;
    }

    /** Whether what has the key in the database is another record. */
    boolean isOther(List<FieldValue> restored, List<FieldValue> now) throws IOException {
        for (int index : identity) {
            if (!fit.same(index, restored.get(index), now.get(index))) {
                return true;
            }
        }
        return false;
    }
}
