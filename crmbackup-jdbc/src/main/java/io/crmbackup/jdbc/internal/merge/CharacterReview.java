package io.crmbackup.jdbc.internal.merge;

import io.crmbackup.jdbc.internal.merge.live.Characters;
import io.crmbackup.jdbc.internal.merge.live.LiveDatabase;
import io.crmbackup.jdbc.internal.merge.row.Decision;
import io.crmbackup.jdbc.internal.merge.row.RestoredRow;
import io.crmbackup.jdbc.internal.merge.row.Review;
import io.crmbackup.jdbc.internal.merge.row.TableFit;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** Finds rows with characters that a column doesn't have. */
final class CharacterReview implements Review {
    private final TableFit fit;
    private final Characters characters;

    CharacterReview(LiveDatabase database, TableFit fit) throws SQLException {
        this.fit = fit;
        this.characters = database.characters(fit.table());
    }

    @Override
    public void review(Map<RecordKey, RestoredRow> rows, Map<RecordKey, Decision> decisions)
            throws IOException, SQLException {
        for (int i = 0; i < fit.fields().size(); i++) {
            String column = fit.fields().get(i).name();
            String set = characters.set(column).orElse("");
            int[] place = {i};
            for (RestoredRow row : set.isEmpty() ? List.<RestoredRow>of() : rows.values()) {
                Decision decision = decisions.get(row.key());
                if (decision != null
                        && Review.writes(decision, place)
                        && characters.areLacking(column, row.wanted().get(i))) {
                    String reason =
                            "with characters that column " + column + " in the character set " + set + " doesn't have";
                    decisions.put(row.key(), Review.against(row, decision, reason));
                }
            }
        }
    }
}
