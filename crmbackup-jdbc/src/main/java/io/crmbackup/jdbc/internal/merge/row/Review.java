package io.crmbackup.jdbc.internal.merge.row;

import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;

/** Looks at what was decided on a batch of rows before it is carried out, and may decide otherwise. */
@FunctionalInterface
public interface Review {
    /** Called with the rows of a batch and the decision on each. */
    void review(Map<RecordKey, RestoredRow> rows, Map<RecordKey, Decision> decisions) throws IOException, SQLException;

    /** Whether a row is inserted, or some of these columns of it are written. */
    static boolean writes(Decision decision, int[] columns) {
        if (decision.kind() == Decision.Kind.INSERT) {
            return true;
        }
        if (decision.kind() == Decision.Kind.UPDATE) {
            for (int column : columns) {
                if (decision.fields().get(column)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A decision against a row: where changes are undone it is a conflict, as others can be undone; otherwise all is refused. */
    static Decision against(RestoredRow row, Decision decision, String reason) {
        return row.undoes() ? Decision.conflict(decision.fields(), reason) : Decision.refuse(reason);
    }
}
