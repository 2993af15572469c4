package io.crmbackup.jdbc.internal.merge.live;

import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.dialect.ValueFormat;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds rows by the values of some columns, many at a time: in any database, with one connection, without a place to put rows beside the
 * tables. Used by one thread at a time.
 */
public final class RowLookup implements AutoCloseable {
    /** The most rows that are asked for at a time. */
    public static final int MOST = 128;

    /** The most that are asked for by one column, where there may be no index and each question goes through the whole table. */
    public static final int MANY = 2048;

    private final LiveDatabase database;
    private final Table table;
    private final List<Field> by;
    private final List<Field> fields;
    private final String end;
    private final List<ValueFormat> bound;
    private final List<ValueFormat> read;
    private final Map<Integer, PreparedStatement> statements = new HashMap<>();

    /** Takes a row that was found. */
    @FunctionalInterface
    public interface Visitor {
        /** Called for each; contents can be opened until it returns, and the connection is not free before. */
        void row(List<FieldValue> values) throws IOException, SQLException;
    }

    /**
     * Prepares look-ups.
     *
     * @param by the columns whose values are given; if there are none, {@code end} says which rows are meant
     * @param fields the columns whose values are wanted
     * @param end how the query ends, as with what locks rows, or another condition
     */
    public RowLookup(LiveDatabase database, Table table, List<Field> by, List<Field> fields, String end) {
        this.database = database;
        this.table = table;
        this.by = by;
        this.fields = fields;
        this.end = end;
        this.bound = by.stream().map(database.dialect()::format).toList();
        this.read = fields.stream()
                .map(field -> database.dialect().format(table, field))
                .toList();
    }

    /** Finds the rows with these values, however many, in as few questions as that takes. */
    public void findAll(List<List<FieldValue>> wanted, Visitor visitor) throws IOException, SQLException {
        int most = by.size() == 1 ? MANY : MOST;
        for (int from = 0; from < wanted.size(); from += most) {
            find(wanted.subList(from, Math.min(wanted.size(), from + most)), visitor);
        }
    }

    /** Finds the rows with these values, in one question. */
    public void find(List<List<FieldValue>> values, Visitor visitor) throws IOException, SQLException {
        List<List<FieldValue>> wanted = possible(values);
        if (wanted.isEmpty()) {
            return;
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while comparing table " + table.collection());
        }
        // Few sizes, so that few statements are prepared: the last values are repeated.
        int size = Math.max(1, Integer.highestOneBit(2 * wanted.size() - 1));
        PreparedStatement statement = statement(size);
        int index = 1;
        for (int i = 0; i < size; i++) {
            List<FieldValue> row = wanted.get(Math.min(i, wanted.size() - 1));
            for (int j = 0; j < bound.size(); j++) {
                bound.get(j).bind(statement, index, row.get(j));
                index += bound.get(j).bound();
            }
        }
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                visitor.row(row(rows));
            }
        }
    }

    /** No row has values with characters that its columns don't have, and a server may fail when it is asked for such. */
    private List<List<FieldValue>> possible(List<List<FieldValue>> wanted) throws IOException, SQLException {
        List<List<FieldValue>> possible = wanted;
        for (int i = 0; i < by.size(); i++) {
            String column = by.get(i).name();
            if (by.get(i).type() == FieldType.INTEGER
                    || database.characters(table).set(column).isEmpty()) {
                continue;
            }
            List<List<FieldValue>> some = new ArrayList<>();
            for (List<FieldValue> values : possible) {
                if (!database.characters(table).areLacking(column, values.get(i))) {
                    some.add(values);
                }
            }
            possible = some;
        }
        return possible;
    }

    private List<FieldValue> row(ResultSet rows) throws IOException, SQLException {
        List<FieldValue> values = new ArrayList<>(read.size());
        int index = 1;
        for (int i = 0; i < read.size(); i++) {
            try {
                values.add(read.get(i).read(rows, index));
            } catch (IOException e) {
                throw new IOException(
                        "reading " + table.collection() + "." + fields.get(i).name() + " failed: " + e.getMessage(), e);
            }
            index += read.get(i).selected();
        }
        return values;
    }

    private PreparedStatement statement(int size) throws SQLException {
        PreparedStatement known = statements.get(size);
        if (known != null) {
            return known;
        }
        PreparedStatement statement = database.connection().prepareStatement(sql(size));
        statements.put(size, statement);
        return statement;
    }

    private String sql(int size) {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            columns.add(
                    read.get(i).selection(database.dialect().quote(fields.get(i).name())));
        }
        String condition;
        if (by.isEmpty()) {
            condition = "1 = 1";
        } else if (by.size() == 1) {
            String placeholder = bound.get(0).placeholder();
            condition = database.dialect().quote(by.get(0).name()) + " IN (" + placeholder
                    + (", " + placeholder).repeat(size - 1) + ")";
        } else {
            String one = "(" + database.matching(by) + ")";
            condition = one + (" OR " + one).repeat(size - 1);
        }
        return "SELECT " + String.join(", ", columns) + " FROM " + database.rowsOf(table.name()) + " WHERE " + condition
                + end;
    }

    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement : statements.values()) {
            statement.close();
        }
    }
}
