package io.crmbackup.jdbc.internal.merge;

import io.crmbackup.jdbc.internal.dialect.RowWriter;
import io.crmbackup.jdbc.internal.merge.live.LiveDatabase;
import io.crmbackup.jdbc.internal.merge.live.RowLookup;
import io.crmbackup.jdbc.internal.merge.row.Effects;
import io.crmbackup.jdbc.internal.merge.row.RestoredRow;
import io.crmbackup.jdbc.internal.merge.row.TableFit;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows of one table. Of columns that close a circle of references, it remembers which rows need them, and writes them when all rows are
 * there. Used by one thread at a time.
 */
final class RowWrites implements Effects {
    /** Rows differ in few combinations of columns; more are not worth to be kept. */
    private static final int MOST_UPDATES = 32;

    private final LiveDatabase database;
    private final TableFit fit;
    private final TableName name;
    private final BitSet postponed;
    private final List<String> untouched;
    private final Map<BitSet, RowWriter> updates = new HashMap<>();
    private final Map<BitSet, BitSet> later = new HashMap<>();
    private @Nullable RowWriter inserts;

    /**
     * Prepares to write.
     *
     * @param postponed columns that are written last
     * @param untouched columns that the database would set by itself
     */
    RowWrites(LiveDatabase database, TableFit fit, BitSet postponed, List<String> untouched) {
        this.database = database;
        this.fit = fit;
        this.name = fit.table().name();
        this.postponed = postponed;
        this.untouched = untouched;
    }

    @Override
    public void insert(RestoredRow row) throws IOException, SQLException {
        if (inserts == null) {
            inserts = database.writer(database.dialect().insert(name, fit.fields()), fit.fields());
        }
        List<FieldValue> values = new ArrayList<>(row.wanted());
        BitSet needed = new BitSet();
        postponed.stream().filter(i -> !values.get(i).isNull()).forEach(i -> {
            needed.set(i);
            values.set(i, FieldValue.NULL);
        });
        remember(row, needed);
        inserts.add(values);
    }

    @Override
    public void update(RestoredRow row, BitSet fields) throws IOException, SQLException {
        BitSet now = (BitSet) fields.clone();
        now.andNot(postponed);
        BitSet needed = (BitSet) fields.clone();
        needed.and(postponed);
        remember(row, needed);
        if (!now.isEmpty()) {
            write(row, now);
        }
    }

    private void remember(RestoredRow row, BitSet fields) {
        if (!fields.isEmpty()) {
            later.computeIfAbsent(fields, f -> new BitSet()).set(Math.toIntExact(row.place()));
        }
    }

    private void write(RestoredRow row, BitSet fields) throws IOException, SQLException {
        RowWriter update = updates.get(fields);
        if (update == null) {
            if (updates.size() == MOST_UPDATES) {
                closeUpdates();
            }
            List<Field> written =
                    fields.stream().mapToObj(i -> fit.fields().get(i)).toList();
            update = database.updater(name, written, fit.keyFields(), untouched);
            updates.put((BitSet) fields.clone(), update);
        }
        List<FieldValue> values = new ArrayList<>();
        fields.stream().forEach(i -> values.add(row.wanted().get(i)));
        values.addAll(row.keyValues());
        update.add(values);
    }

    @Override
    public boolean detaches() {
        return !postponed.isEmpty();
    }

    @Override
    public void detach(List<List<FieldValue>> keys) throws IOException, SQLException {
        String nulls = String.join(
                ", ",
                postponed.stream()
                        .mapToObj(i ->
                                database.dialect().quote(fit.fields().get(i).name()) + " = NULL")
                        .toList());
        each("UPDATE " + database.rowsOf(name) + " SET " + nulls, keys);
    }

    @Override
    public void delete(List<List<FieldValue>> keys) throws IOException, SQLException {
        if (each("DELETE FROM " + database.rowsOf(name), keys) > 0) {
            // Some went with others, as they refer to them; what went doesn't stay.
            long[] staying = {0};
            try (RowLookup lookup = new RowLookup(database, fit.table(), fit.keyFields(), fit.keyFields(), "")) {
                lookup.findAll(keys, row -> staying[0]++);
            }
            expectNone(staying[0], "deleted");
        }
    }

    /** Rows that are written and are not there: their table's own programs see to that. What they do is theirs, but no success. */
    private void expectNone(long left, String what) throws IOException {
        if (left > 0) {
            throw new IOException(
                    "table " + fit.name() + ": " + left + (left == 1 ? " row that is " : " rows that are ")
                            + what + (left == 1 ? " was" : " were")
                            + " left as they are by the database: a trigger or a rule of its own keeps others out; nothing was changed");
        }
    }

    /** How many rows the database did not change. */
    private long each(String sql, List<List<FieldValue>> keys) throws IOException, SQLException {
        try (RowWriter writer =
                database.writer(sql + " WHERE " + database.matching(fit.keyFields()), fit.keyFields())) {
            for (List<FieldValue> key : keys) {
                writer.add(key);
            }
            writer.flush();
            return writer.notTaken();
        }
    }

    @Override
    public void vacate(List<FieldValue> key, int column) throws IOException, SQLException {
        List<FieldValue> values = new ArrayList<>(List.of(FieldValue.NULL));
        values.addAll(key);
        List<Field> written = List.of(fit.fields().get(column));
        try (RowWriter update = database.updater(name, written, fit.keyFields(), untouched)) {
            update.add(values);
            update.flush();
        }
    }

    @Override
    public boolean hasPostponed() {
        return !later.isEmpty();
    }

    @Override
    public void complete(RestoredRow row) throws IOException, SQLException {
        for (Map.Entry<BitSet, BitSet> part : later.entrySet()) {
            if (part.getValue().get(Math.toIntExact(row.place()))) {
                write(row, part.getKey());
            }
        }
    }

    @Override
    public void flush() throws IOException, SQLException {
        if (inserts != null) {
            inserts.flush();
            expectNone(inserts.notTaken(), "inserted");
        }
        for (RowWriter update : updates.values()) {
            update.flush();
            expectNone(update.notTaken(), "changed");
        }
    }

    private void closeUpdates() throws IOException, SQLException {
        flush();
        for (RowWriter update : updates.values()) {
            update.close();
        }
        updates.clear();
    }

    /** Ends the statements; what was not flushed is not written. */
    @Override
    public void close() throws SQLException {
        if (inserts != null) {
            inserts.close();
            inserts = null;
        }
        for (RowWriter update : updates.values()) {
            update.close();
        }
        updates.clear();
    }
}
