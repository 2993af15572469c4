package io.crmbackup.jdbc.internal.merge;

import io.crmbackup.jdbc.internal.merge.live.LiveDatabase;
import io.crmbackup.jdbc.internal.merge.live.RowLookup;
import io.crmbackup.jdbc.internal.merge.live.UniqueKeys;
import io.crmbackup.jdbc.internal.merge.row.Decision;
import io.crmbackup.jdbc.internal.merge.row.RestoredRow;
import io.crmbackup.jdbc.internal.merge.row.Review;
import io.crmbackup.jdbc.internal.merge.row.TableFit;
import io.crmbackup.jdbc.internal.merge.row.TablePolicy;
import io.crmbackup.jdbc.internal.merge.row.TablePolicy.Existing;
import io.crmbackup.jdbc.internal.merge.row.TablePolicy.Taken;
import io.crmbackup.jdbc.internal.merge.row.Vacated;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds rows whose unique values other rows have now. Others that get other values by the
 * same restore give theirs up first; those that would be deleted at the end go first.
 */
final class UniqueReview implements Review {
    private final LiveDatabase database;
    private final TableFit fit;
    private final TablePolicy policy;
    private final RestoredKeys restored;
    private final Vacated vacated;
    private final Deletion deletion;
    private final List<Unique> indexes = new ArrayList<>();

    /** Columns, by their places, that are unique together. */
    private record Unique(int[] places, UniqueKeys.Index.Nulls nulls) {}

    /** Deletes a row that is in the way. */
    @FunctionalInterface
    interface Deletion {
        void delete(List<FieldValue> key) throws IOException, SQLException;
    }

    UniqueReview(
            LiveDatabase database,
            TableFit fit,
            TablePolicy policy,
            RestoredKeys restored,
            Vacated vacated,
            Deletion deletion)
            throws SQLException {
        this.vacated = vacated;
        this.database = database;
        this.fit = fit;
        this.policy = policy;
        this.restored = restored;
        this.deletion = deletion;
        for (UniqueKeys.Index index : UniqueKeys.of(database, fit.table())) {
            int[] places = index.columns().stream().mapToInt(fit::indexOf).toArray();
            if (Arrays.stream(places).allMatch(place -> place >= 0)) {
                indexes.add(new Unique(places, index.nulls()));
            }
        }
    }

    @Override
    public void review(Map<RecordKey, RestoredRow> rows, Map<RecordKey, Decision> decisions)
            throws IOException, SQLException {
        for (Unique unique : indexes) {
            int[] index = unique.places();
            List<Field> columns = new ArrayList<>();
            for (int place : index) {
                columns.add(fit.fields().get(place));
            }
            List<RestoredRow> written = new ArrayList<>();
            List<List<FieldValue>> values = new ArrayList<>();
            for (RestoredRow row : rows.values()) {
                Decision decision = decisions.get(row.key());
                if (decision != null && Review.writes(decision, index)) {
                    if (isWhole(row, index)) {
                        written.add(row);
                        values.add(picked(row.wanted(), index));
                    } else if (unique.nulls() == UniqueKeys.Index.Nulls.EQUAL) {
                        judgeWithNulls(row, unique, decisions);
                    }
                }
            }
            if (!written.isEmpty()) {
                Map<RecordKey, List<FieldValue>> others = new LinkedHashMap<>();
                try (RowLookup lookup = new RowLookup(database, fit.table(), columns, both(columns), "")) {
                    lookup.find(values, found -> others.put(fit.key(tail(found, columns.size())), found));
                    for (RestoredRow row : written) {
                        judge(row, unique, columns, others, lookup, decisions);
                    }
                }
            }
        }
    }

    private void judge(
            RestoredRow row,
            Unique unique,
            List<Field> columns,
            Map<RecordKey, List<FieldValue>> found,
            RowLookup lookup,
            Map<RecordKey, Decision> decisions)
            throws IOException, SQLException {
        if (found.keySet().stream().allMatch(row.key()::equals)) {
            return;
        }
        // Which of those found it is that this row collides with, the database has to say: it knows what is equal.
        Map<RecordKey, List<FieldValue>> others = new LinkedHashMap<>();
        lookup.find(
                List.of(picked(row.wanted(), unique.places())),
                values -> others.put(fit.key(tail(values, columns.size())), List.copyOf(values)));
        judge(row, unique, columns, others, decisions);
    }

    /** Where rows without value have the same one, it is looked for by what it has besides. */
    private void judgeWithNulls(RestoredRow row, Unique unique, Map<RecordKey, Decision> decisions)
            throws IOException, SQLException {
        List<Field> columns = new ArrayList<>();
        List<Field> by = new ArrayList<>();
        List<FieldValue> values = new ArrayList<>();
        StringBuilder nulls = new StringBuilder();
        for (int place : unique.places()) {
            FieldValue value = row.wanted().get(place);
            Field column = fit.fields().get(place);
            columns.add(column);
            if (value.isContent()) {
                return;
            } else if (value.isNull()) {
                nulls.append(" AND ")
                        .append(database.dialect().quote(column.name()))
                        .append(" IS NULL");
            } else {
                by.add(column);
                values.add(value);
            }
        }
        Map<RecordKey, List<FieldValue>> others = new LinkedHashMap<>();
        try (RowLookup lookup = new RowLookup(database, fit.table(), by, both(columns), nulls.toString())) {
            lookup.find(List.of(values), found -> others.put(fit.key(tail(found, columns.size())), List.copyOf(found)));
        }
        judge(row, unique, columns, others, decisions);
    }

    private void judge(
            RestoredRow row,
            Unique unique,
            List<Field> columns,
            Map<RecordKey, List<FieldValue>> others,
            Map<RecordKey, Decision> decisions)
            throws IOException, SQLException {
        int[] index = unique.places();
        others.remove(row.key());
        for (Map.Entry<RecordKey, List<FieldValue>> other : others.entrySet()) {
            List<FieldValue> key = tail(other.getValue(), columns.size());
            if (!row.undoes()) {
                restored.lookAhead(fit);
            }
            boolean isRestored = restored.contains(fit, other.getKey());
            Decision decision = decisions.getOrDefault(row.key(), Decision.EQUAL);
            if (!row.undoes() && policy.existing() == Existing.MIRROR && !isRestored) {
                deletion.delete(key);
            } else if (row.undoes()
                    // Null could be the next value that is there twice.
                    || unique.nulls() == UniqueKeys.Index.Nulls.EQUAL
                    // If it gets its own of the backup, these are others.
                    || !restored.isOverwritten(fit, policy, other.getKey())
                    || !vacated.vacate(key, index, other.getValue())) {
                decisions.put(row.key(), collision(row, index, columns, decision));
            }
        }
    }

    private Decision collision(RestoredRow row, int[] index, List<Field> columns, Decision decision) {
        String reason = "with a value of " + columns.stream().map(Field::name).toList() + " that another row has";
        if (policy.taken() != Taken.SKIP) {
            return Review.against(row, decision, reason);
        }
        BitSet fields = new BitSet();
        for (int place : index) {
            fields.set(place);
        }
        return Decision.conflict(fields, reason);
    }

    private static boolean isWhole(RestoredRow row, int[] index) {
        for (int place : index) {
            FieldValue value = row.wanted().get(place);
            if (value.isNull() || value.isContent()) {
                return false;
            }
        }
        return true;
    }

    private static List<FieldValue> picked(List<FieldValue> values, int[] index) {
        List<FieldValue> result = new ArrayList<>();
        for (int place : index) {
            result.add(values.get(place));
        }
        return result;
    }

    private List<Field> both(List<Field> columns) {
        List<Field> result = new ArrayList<>(columns);
        result.addAll(fit.keyFields());
        return result;
    }

    private static List<FieldValue> tail(List<FieldValue> values, int from) {
        return List.copyOf(values.subList(from, values.size()));
    }
}
