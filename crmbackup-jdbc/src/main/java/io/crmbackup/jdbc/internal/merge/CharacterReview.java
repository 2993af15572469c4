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
import java.util.Map;
import java.util.Optional;

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
            Optional<String> set = characters.set(fit.fields().get(i).name());
            if (set.isPresent()) {
                review(i, set.get(), rows, decisions);
            }
        }
    }

    private void review(int field, String set, Map<RecordKey, RestoredRow> rows, Map<RecordKey, Decision> decisions)
            throws IOException, SQLException {
        String column = fit.fields().get(field).name();
        int[] place = {field};
        for (RestoredRow row : rows.values()) {
            Decision decision = decisions.get(row.key());
            if (decision != null
                    && Review.writes(decision, place)
                    && characters.areLacking(column, row.wanted().get(field))) {
                String reason =
                        "with characters that column " + column + " in the character set " + set + " doesn't have";
                decisions.put(row.key(), Review.against(row, decision, reason));
            }
        }
    }
}
