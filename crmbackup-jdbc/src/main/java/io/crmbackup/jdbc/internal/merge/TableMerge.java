package io.crmbackup.jdbc.internal.merge;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.merge.live.LiveDatabase;
import io.crmbackup.jdbc.internal.merge.live.RowLookup;
import io.crmbackup.jdbc.internal.merge.row.Decision;
import io.crmbackup.jdbc.internal.merge.row.Effects;
import io.crmbackup.jdbc.internal.merge.row.Judge;
import io.crmbackup.jdbc.internal.merge.row.RestoredRow;
import io.crmbackup.jdbc.internal.merge.row.RestoredRows;
import io.crmbackup.jdbc.internal.merge.row.Review;
import io.crmbackup.jdbc.internal.merge.row.TableFit;
import io.crmbackup.jdbc.internal.merge.row.Tally;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares the rows of one collection with those that the database has, and does what follows: a preview and a run are the same, but for the
 * effects. Rows go in batches: as many as fit are taken from the backup, those of the database with the same keys are looked at as they come,
 * and only when all are judged something is written. So nothing has to be held but one batch of the backup's rows, whatever the tables' sizes.
 */
final class TableMerge {
    private static final long BYTES_IN_BATCH = 1 << 20;

    private final TableFit fit;
    private final Judge judge;
    private final LiveDatabase database;
    private final Effects effects;
    private final Tally tally;
    private final List<Review> reviews;
    private final Recognition spelledOtherwise;
    private final Map<RecordKey, RestoredRow> batch = new LinkedHashMap<>();
    private long bytes;

    /** Takes rows and the keys that they have in the database. */
    @FunctionalInterface
    interface Recognition {
        void key(RestoredRow row, RecordKey now) throws IOException;
    }

    /**
     * Prepares to compare.
     *
     * @param spelledOtherwise gets rows whose keys are equal to the database, though not the same bytes
     */
    TableMerge(
            LiveDatabase database,
            TableFit fit,
            Judge judge,
            Effects effects,
            Tally tally,
            List<Review> reviews,
            Recognition spelledOtherwise) {
        this.spelledOtherwise = spelledOtherwise;
        this.fit = fit;
        this.judge = judge;
        this.database = database;
        this.effects = effects;
        this.tally = tally;
        this.reviews = reviews;
    }

    /**
     * Goes through the rows.
     *
     * @param locking how a query ends whose rows are going to be written
     */
    void merge(RestoredRows rows, String locking) throws IOException, SQLException {
        List<Field> fields = judge.needsKeysOnly() ? fit.keyFields() : fit.fields();
        String end = judge.writesExisting() ? locking : "";
        try (RowLookup lookup = new RowLookup(database, fit.table(), fit.keyFields(), fields, end)) {
            for (RestoredRow row = rows.next(); row != null; row = rows.next()) {
                batch.put(row.key(), row);
                bytes += row.bytes();
                // Contents can't be opened any more when the cursor has moved on.
                if (row.hasContents() || batch.size() == RowLookup.MOST || bytes >= BYTES_IN_BATCH) {
                    judgeBatch(lookup);
                }
            }
            judgeBatch(lookup);
        }
        effects.flush();
    }

    private void judgeBatch(RowLookup lookup) throws IOException, SQLException {
        Map<RecordKey, Decision> decisions = new LinkedHashMap<>();
        boolean[] spelledOtherwise = {false};
        lookup.find(batch.values().stream().map(RestoredRow::keyValues).toList(), now -> {
            RestoredRow row = batch.get(fit.key(inMemory(judge.needsKeysOnly() ? now : fit.keyValues(now))));
            if (row == null) {
                spelledOtherwise[0] = true;
            } else {
                decisions.put(row.key(), judge.decide(row, now));
            }
        });
        for (RestoredRow row : batch.values()) {
            Decision decision = decisions.get(row.key());
            if (decision == null) {
                decisions.put(row.key(), spelledOtherwise[0] ? alone(lookup, row) : judge.decide(row, null));
            }
        }
        for (Review review : reviews) {
            review.review(batch, decisions);
        }
        for (RestoredRow row : batch.values()) {
            carryOut(row, decisions.getOrDefault(row.key(), Decision.EQUAL));
        }
        batch.clear();
        bytes = 0;
    }

    /** To the database keys may be equal that are not the same bytes, as in large and small letters. */
    private Decision alone(RowLookup lookup, RestoredRow row) throws IOException, SQLException {
        List<Decision> found = new ArrayList<>();
        lookup.find(List.of(row.keyValues()), now -> {
            spelledOtherwise.key(row, fit.key(inMemory(judge.needsKeysOnly() ? now : fit.keyValues(now))));
            found.add(judge.decide(row, now));
        });
        return found.isEmpty() ? judge.decide(row, null) : found.get(0);
    }

    private void carryOut(RestoredRow row, Decision decision) throws IOException, SQLException {
        switch (decision.kind()) {
            case INSERT -> effects.insert(row);
            case UPDATE -> effects.update(row, decision.fields());
            default -> {
                // Nothing is written.
            }
        }
        if (decision.kind() != Decision.Kind.DELETE) {
            tally.count(row, decision);
        }
    }

    /** The values of a key, also if they were read as contents. */
    static List<FieldValue> inMemory(List<FieldValue> key) throws IOException {
        List<FieldValue> result = new ArrayList<>(key.size());
        for (FieldValue value : key) {
            result.add(value.isContent() ? FieldValue.of(Dialect.wholeValue(value)) : value);
        }
        return result;
    }
}
