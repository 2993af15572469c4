package io.crmbackup.jdbc.internal.merge;

import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.merge.live.LiveDatabase;
import io.crmbackup.jdbc.internal.merge.live.RowLookup;
import io.crmbackup.jdbc.internal.merge.row.Decision;
import io.crmbackup.jdbc.internal.merge.row.RestoredRow;
import io.crmbackup.jdbc.internal.merge.row.Review;
import io.crmbackup.jdbc.internal.merge.row.TableFit;
import io.crmbackup.jdbc.internal.merge.row.Values;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.Reference;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds rows that refer to others which are neither there nor restored, by the references that the database has now. */
final class ReferenceReview implements Review {
    private final LiveDatabase database;
    private final TableFit fit;
    private final RestoredKeys restored;
    private final List<Parent> parents = new ArrayList<>();

    /**
     * What rows refer to.
     *
     * @param columns the columns that refer, by their places
     * @param fields the columns that they refer to
     * @param fit the table, if rows are restored into it and are referred to by their key
     */
    private record Parent(Table table, int[] columns, List<Field> fields, List<TableFit> fit) {}

    ReferenceReview(
            LiveDatabase database,
            TableFit fit,
            Map<String, Table> tables,
            Map<String, TableFit> fitsByTable,
            RestoredKeys restored) {
        this.database = database;
        this.fit = fit;
        this.restored = restored;
        for (Reference reference : fit.table().schema().references()) {
            int[] columns = reference.fields().stream().mapToInt(fit::indexOf).toArray();
            Table parent = tables.get(reference.collection());
            if (parent != null
                    && Arrays.stream(columns).allMatch(column -> column >= 0)
                    && reference.targetFields().stream()
                            .allMatch(name -> parent.schema().indexOf(name) >= 0)) {
                List<Field> fields = reference.targetFields().stream()
                        .map(name ->
                                parent.schema().fields().get(parent.schema().indexOf(name)))
                        .toList();
                TableFit parentFit = fitsByTable.get(reference.collection());
                boolean byKey = reference.targetFields().equals(parent.schema().key());
                // What is referred to otherwise than by key is left to the database.
                if (parentFit == null || byKey) {
                    parents.add(
                            new Parent(parent, columns, fields, parentFit == null ? List.of() : List.of(parentFit)));
                }
            }
        }
    }

    @Override
    public void review(Map<RecordKey, RestoredRow> rows, Map<RecordKey, Decision> decisions)
            throws IOException, SQLException {
        for (Parent parent : parents) {
            Set<List<FieldValue>> wanted = new HashSet<>();
            for (RestoredRow row : rows.values()) {
                if (refers(row, decisions, parent)) {
                    wanted.add(values(row, parent));
                }
            }
            Set<List<FieldValue>> missing = missing(parent, wanted);
            if (!missing.isEmpty()) {
                for (RestoredRow row : rows.values()) {
                    Decision decision = decisions.get(row.key());
                    if (decision != null && refers(row, decisions, parent) && missing.contains(values(row, parent))) {
                        String reason = "with a reference to rows of "
                                + parent.table().collection() + " which are neither there nor restored";
                        decisions.put(row.key(), Review.against(row, decision, reason));
                    }
                }
            }
        }
    }

    private static boolean refers(RestoredRow row, Map<RecordKey, Decision> decisions, Parent parent) {
        Decision decision = decisions.get(row.key());
        if (decision == null || !Review.writes(decision, parent.columns())) {
            return false;
        }
        for (int column : parent.columns()) {
            FieldValue value = row.wanted().get(column);
            if (value.isNull() || value.isContent()) {
                return false;
            }
        }
        return true;
    }

    private List<FieldValue> values(RestoredRow row, Parent parent) throws IOException {
        List<FieldValue> values = new ArrayList<>();
        for (int i = 0; i < parent.columns().length; i++) {
            int column = parent.columns()[i];
            values.add(Values.converted(
                    fit.fields().get(column).type(),
                    parent.fields().get(i).type(),
                    row.wanted().get(column)));
        }
        return values;
    }

    private Set<List<FieldValue>> missing(Parent parent, Set<List<FieldValue>> wanted)
            throws IOException, SQLException {
        Set<List<FieldValue>> missing = new HashSet<>(wanted);
        if (wanted.isEmpty()) {
            return missing;
        }
        try (RowLookup lookup = new RowLookup(database, parent.table(), parent.fields(), parent.fields(), "")) {
            lookup.find(List.copyOf(wanted), missing::remove);
            for (List<FieldValue> values : List.copyOf(missing)) {
                // Equal to the database may be what is not the same bytes.
                lookup.find(List.of(values), found -> missing.remove(values));
            }
        }
        for (TableFit parentFit : parent.fit()) {
            for (List<FieldValue> values : List.copyOf(missing)) {
                if (restored.contains(parentFit, parentFit.key(values))) {
                    missing.remove(values);
                }
            }
        }
        return missing;
    }
}
