package io.crmbackup.jdbc.internal.merge;

import io.crmbackup.jdbc.internal.dialect.BorrowedConnection;
import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.restore.RowWriter;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import io.crmbackup.jdbc.internal.sql.Statements;
import io.crmbackup.jdbc.internal.sql.TableFilter;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A restore of rows into tables that are in service, in one transaction. A table's rows are written after those of the tables that it
 * refers to. Where references go in a circle, or from a table to itself, and the database can't check them at the end, the columns that close
 * the circle are first left null and filled in when all rows are there.
 */
public final class MergeRestore implements TargetSession {
    private final BorrowedConnection borrowed;
    private final Connection connection;
    private final Dialect dialect;
    private final Map<String, String> attributes;
    private final Map<String, RestoredCollection> collections = new LinkedHashMap<>();
    private final OnConflict onConflict;
    private final Map<String, Table> tables = new HashMap<>();
    private final Map<String, WriteResult> written = new HashMap<>();
    private final Set<String> underway = new HashSet<>();
    private final List<Postponed> postponed = new ArrayList<>();

    /** Fields to fill in, in the rows that were written: their places in the collection's order. */
    private record Postponed(RestoredCollection collection, Set<String> fields, BitSet rows) {}

    public MergeRestore(
            BorrowedConnection borrowed,
            Map<String, String> attributes,
            List<RestoredCollection> collections,
            OnConflict onConflict) {
        this.borrowed = borrowed;
        this.connection = borrowed.connection();
        this.dialect = borrowed.dialect();
        this.attributes = Map.copyOf(attributes);
        this.onConflict = onConflict;
        collections.forEach(collection -> this.collections.put(collection.name(), collection));
    }

    @Override
    public TargetPreview preview() throws IOException {
        Optional<String> otherProduct = dialect.otherProduct(attributes);
        if (otherProduct.isPresent()) {
            return new TargetPreview(List.of(otherProduct.get()), List.of(), List.of());
        }
        List<String> blockers = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        try {
            readCatalog();
            for (RestoredCollection collection : collections.values()) {
                compare(collection, blockers, notes);
            }
            if (blockers.isEmpty()) {
                blockers.addAll(order().blockers());
            }
            if (blockers.isEmpty() && onConflict == OnConflict.FAIL) {
                for (RestoredCollection collection : collections.values()) {
                    long there = countThere(collection);
                    if (there > 0) {
                        blockers.add("table " + collection.name() + " has " + there + " of the rows already");
                    }
                }
            }
        } catch (SQLException e) {
            throw new DatabaseException("looking at the database", e);
        }
        return new TargetPreview(blockers, notes, List.of());
    }

    private void readCatalog() throws IOException, SQLException {
        tables.clear();
        for (Table table : dialect.catalog(connection, TableFilter.ALL).tables()) {
            tables.put(table.collection(), table);
        }
    }

    private void compare(RestoredCollection collection, List<String> blockers, List<String> notes) {
        Table table = tables.get(collection.name());
        RecordSchema schema = collection.schema();
        if (table == null) {
            blockers.add("the database has no table " + collection.name());
            return;
        }
        if (!schema.isKeyed()) {
            blockers.add("table " + collection.name() + " has no primary key: its rows can't be told from others");
        } else if (!schema.key().equals(table.schema().key())) {
            blockers.add("table " + collection.name() + " has the primary key "
                    + table.schema().key() + ", in the backup it is " + schema.key());
        }
        for (Field field : schema.fields()) {
            int index = table.schema().indexOf(field.name());
            String column = collection.name() + "." + field.name();
            if (index < 0) {
                blockers.add("the database has no column " + column + " that can be written");
            } else if (!field.nativeType()
                    .equals(table.schema().fields().get(index).nativeType())) {
                notes.add("column " + column + " is of type "
                        + table.schema().fields().get(index).nativeType() + ", in the backup it is "
                        + field.nativeType());
            }
        }
        for (Field field : table.schema().fields()) {
            if (schema.indexOf(field.name()) < 0) {
                notes.add("column " + collection.name() + "." + field.name()
                        + " is not in the backup: new rows get its default, others keep their value");
            }
        }
        Statements.of(table.schema().attributes()).stream()
                .map(dialect::statement)
                .filter(statement -> statement.sql().toUpperCase(Locale.ROOT).contains("TRIGGER"))
                .filter(statement -> statement.kind() == SchemaStatement.Type.OTHER)
                .forEach(statement -> notes.add("will run: " + statement.title()));
    }

    private Table table(RestoredCollection collection) {
        Table table = tables.get(collection.name());
        if (table == null) {
            throw new IllegalStateException("no table " + collection.name());
        }
        return table;
    }

    private long countThere(RestoredCollection collection) throws IOException, SQLException {
        long there = 0;
        try (RecordCursor cursor = collection.open();
                RowWriter exists = finder(collection)) {
            while (cursor.next()) {
                there += exists.finds(key(collection, cursor.values())) ? 1 : 0;
            }
        }
        return there;
    }

    @Override
    public void begin() throws IOException {
        TargetPreview preview = preview();
        if (!preview.blockers().isEmpty()) {
            throw new IOException(String.join("; ", preview.blockers()));
        }
        try {
            dialect.prepareMerge(connection);
            connection.setAutoCommit(false);
            dialect.deferReferences(connection);
        } catch (SQLException e) {
            throw new DatabaseException("beginning the restore", e);
        }
    }

    @Override
    public WriteResult write(RestoredCollection collection) throws IOException {
        WriteResult done = written.get(collection.name());
        if (done != null) {
            return done;
        }
        underway.add(collection.name());
        for (RestoredCollection parent : order().parents(collection.name())) {
            if (!underway.contains(parent.name())) {
                write(parent);
            }
        }
        WriteResult result;
        try {
            result = writeRows(collection, order().postponed(collection.name()));
        } catch (SQLException e) {
            throw new DatabaseException("writing table " + collection.name(), e);
        }
        written.put(collection.name(), result);
        return result;
    }

    private MergeOrder order() {
        return new MergeOrder(dialect, tables, collections);
    }

    private WriteResult writeRows(RestoredCollection collection, Set<String> later) throws IOException, SQLException {
        RecordSchema schema = collection.schema();
        TableName name = table(collection).name();
        List<Field> others = schema.fields().stream()
                .filter(field -> !schema.key().contains(field.name()))
                .filter(field -> !later.contains(field.name()))
                .toList();
        BitSet rows = new BitSet();
        long skipped = 0;
        int place = 0;
        try (RecordCursor cursor = collection.open();
                RowWriter finder = finder(collection);
                RowWriter insert =
                        new RowWriter(connection, dialect, dialect.insert(name, schema.fields()), schema.fields());
                RowWriter update = others.isEmpty() ? finder(collection) : updater(collection, others)) {
            for (; cursor.next(); place++) {
                List<FieldValue> values = cursor.values();
                boolean there = finder.finds(key(collection, values));
                if (!there) {
                    insert.execute(without(schema, values, later));
                    rows.set(place);
                } else if (onConflict == OnConflict.SKIP) {
                    skipped++;
                } else if (onConflict == OnConflict.FAIL) {
                    throw new IOException("table " + collection.name() + " has one of the rows already");
                } else {
                    if (!others.isEmpty()) {
                        update.execute(valuesThenKey(collection, others, values));
                    }
                    rows.set(place);
                }
            }
        }
        if (!later.isEmpty()) {
            postponed.add(new Postponed(collection, later, rows));
        }
        return new WriteResult(place - skipped, skipped);
    }

    @Override
    public void finish() throws IOException {
        try {
            for (Postponed part : postponed) {
                fillIn(part);
            }
            connection.commit();
        } catch (SQLException e) {
            throw new DatabaseException("finishing the restore", e);
        }
    }

    private void fillIn(Postponed part) throws IOException, SQLException {
        List<Field> fields = part.collection().schema().fields().stream()
                .filter(field -> part.fields().contains(field.name()))
                .toList();
        int place = 0;
        try (RecordCursor cursor = part.collection().open();
                RowWriter update = updater(part.collection(), fields)) {
            for (; cursor.next(); place++) {
                if (part.rows().get(place)) {
                    update.execute(valuesThenKey(part.collection(), fields, cursor.values()));
                }
            }
        }
    }

    private RowWriter finder(RestoredCollection collection) throws SQLException {
        String sql = "SELECT 1 FROM " + dialect.quote(table(collection).name()) + " WHERE " + keyCondition(collection);
        return new RowWriter(connection, dialect, sql, keyFields(collection));
    }

    private RowWriter updater(RestoredCollection collection, List<Field> fields) throws SQLException {
        List<String> sets = fields.stream()
                .map(field -> dialect.quote(field.name()) + " = "
                        + dialect.format(field).placeholder())
                .toList();
        String sql = "UPDATE " + dialect.quote(table(collection).name()) + " SET " + String.join(", ", sets) + " WHERE "
                + keyCondition(collection);
        List<Field> all = new ArrayList<>(fields);
        all.addAll(keyFields(collection));
        return new RowWriter(connection, dialect, sql, all);
    }

    private String keyCondition(RestoredCollection collection) {
        return String.join(
                " AND ",
                keyFields(collection).stream()
                        .map(field -> dialect.quote(field.name()) + " = "
                                + dialect.format(field).placeholder())
                        .toList());
    }

    private static List<Field> keyFields(RestoredCollection collection) {
        RecordSchema schema = collection.schema();
        return schema.key().stream()
                .map(name -> schema.fields().get(schema.indexOf(name)))
                .toList();
    }

    private static List<FieldValue> key(RestoredCollection collection, List<FieldValue> values) {
        List<FieldValue> key = new ArrayList<>();
        for (int index : collection.schema().keyIndexes()) {
            key.add(values.get(index));
        }
        return key;
    }

    private static List<FieldValue> valuesThenKey(
            RestoredCollection collection, List<Field> fields, List<FieldValue> values) {
        List<FieldValue> all = new ArrayList<>();
        for (Field field : fields) {
            all.add(values.get(collection.schema().indexOf(field.name())));
        }
        all.addAll(key(collection, values));
        return all;
    }

    private static List<FieldValue> without(RecordSchema schema, List<FieldValue> values, Set<String> fields) {
        List<FieldValue> result = new ArrayList<>(values);
        for (String field : fields) {
            result.set(schema.indexOf(field), FieldValue.NULL);
        }
        return result;
    }

    @Override
    public void close() throws IOException {
        try {
            borrowed.close();
        } catch (SQLException e) {
            throw new DatabaseException("closing the restore", e);
        }
    }
}
