package io.crmbackup.jdbc.internal.postgres.rows;

import io.crmbackup.jdbc.internal.dialect.ReadAhead;
import io.crmbackup.jdbc.internal.dialect.RowStream;
import io.crmbackup.spi.CapturedCollection.Order;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** How a table's rows are asked for, by COPY or by SELECT. */
public final class TableRead {
    private static final int FEW = 2000;

    private final PostgresTable table;

    public TableRead(PostgresTable table) {
        this.table = table;
    }

    /**
     * All rows, read over as many connections as there are and as are of use; those that are too large to be held in memory are told apart, and
     * read over the first one.
     */
    public RowStream all(List<Connection> connections) throws SQLException {
        Connection connection = connections.get(0);
        LargeRows large = new LargeRows(table);
        List<LargeRows.Place> places = large.find(connection, "true");
        if (places.isEmpty()) {
            return parts(connections);
        }
        List<Rows.Opening> parts = new ArrayList<>();
        if (table.table().order() == Order.BY_KEY) {
            String key = "(" + keyColumns(table) + ")";
            String after = "";
            for (LargeRows.Place place : places) {
                String condition = after + key + " < (" + place.key() + ")";
                parts.add(() -> where(connection, condition));
                parts.add(() -> new LargeRow(connection, table, place.place()));
                after = key + " > (" + place.key() + ") AND ";
            }
            String last = after + "true";
            parts.add(() -> where(connection, last));
        } else {
            parts.add(() -> where(connection, "NOT (" + large.isLarge() + ")"));
            places.forEach(place -> parts.add(() -> new LargeRow(connection, table, place.place())));
        }
        return new Rows(parts);
    }

    private RowStream parts(List<Connection> connections) throws SQLException {
        if (connections.size() == 1) {
            return where(connections.get(0), "");
        }
        List<String> conditions = Parts.of(table, connections.get(0));
        if (conditions.size() == 1) {
            return where(connections.get(0), conditions.get(0));
        }
        List<ReadAhead.Reading> readings = new ArrayList<>();
        for (String condition : conditions) {
            readings.add(connection -> where(connection, condition));
        }
        return new DividedRows(connections, readings);
    }

    /** The rows for which a condition holds, in any order; those that are too large to be held in memory are told apart. */
    public RowStream some(Connection connection, String condition) throws SQLException {
        LargeRows large = new LargeRows(table);
        List<LargeRows.Place> places = large.find(connection, condition);
        String tail = " WHERE " + condition;
        if (places.isEmpty()) {
            return of(connection, table, table.columns(), tail);
        }
        List<Rows.Opening> parts = new ArrayList<>();
        parts.add(() -> of(connection, table, table.columns(), tail + " AND NOT (" + large.isLarge() + ")"));
        places.forEach(place -> parts.add(() -> new LargeRow(connection, table, place.place())));
        return new Rows(parts);
    }

    /** The rows for which a condition holds; all if it is empty. */
    RowStream where(Connection connection, String condition) throws SQLException {
        return without(connection, Set.of(), condition);
    }

    /** The rows for which a condition holds, with nulls in place of some columns' values. */
    RowStream without(Connection connection, Set<Column> left, String condition) throws SQLException {
        boolean copy = CopyRows.isPossible(connection);
        List<String> columns = new ArrayList<>();
        for (Column column : table.columns()) {
            String name = quote(column.name());
            columns.add(
                    left.contains(column)
                            ? "NULL"
                            : copy ? name : PostgresValues.of(column.field()).selection(name));
        }
        StringBuilder select = new StringBuilder("SELECT ")
                .append(String.join(", ", columns))
                .append(" FROM ONLY ")
                .append(name(table));
        if (!condition.isEmpty()) {
            select.append(" WHERE ").append(condition);
        }
        if (table.table().order() == Order.BY_KEY) {
            select.append(" ORDER BY ").append(keyColumns(table));
        }
        if (!copy) {
            return new SelectRows(connection, select.toString(), table.columns());
        }
        return new CopyRows(connection, select.toString(), table.columns());
    }

    /**
     * Rows of some columns only.
     *
     * @param tail what follows the table's name: a condition, an order
     */
    public static RowStream of(Connection connection, PostgresTable table, List<Column> columns, String tail)
            throws SQLException {
        return from(connection, "ONLY " + name(table) + tail, columns);
    }

    private static RowStream from(Connection connection, String source, List<Column> columns) throws SQLException {
        if (!CopyRows.isPossible(connection)) {
            return new SelectRows(connection, select(source, columns), columns);
        }
        String names = columns.stream().map(column -> quote(column.name())).collect(Collectors.joining(", "));
        return new CopyRows(connection, "SELECT " + names + " FROM " + source, columns);
    }

    /** The same where there are few rows, and short ones: it asks the server once, COPY three times. */
    public static RowStream few(Connection connection, PostgresTable table, List<Column> columns, String tail)
            throws SQLException {
        return new SelectRows(connection, select("ONLY " + name(table) + tail, columns), columns, FEW);
    }

    /**
     * The keys of the rows for which one of several conditions holds, in the order of keys. No row may fulfil two.
     *
     * @param conditions each with its WHERE
     */
    public static RowStream keys(Connection connection, PostgresTable table, List<String> conditions)
            throws SQLException {
        String arms = conditions.stream()
                .map(condition -> "SELECT " + keyColumns(table) + " FROM ONLY " + name(table) + condition)
                .collect(Collectors.joining(" UNION ALL "));
        return from(connection, "(" + arms + ") AS keys ORDER BY " + keyColumns(table), table.key());
    }

    private static String select(String source, List<Column> columns) {
        String selected = columns.stream()
                .map(column -> PostgresValues.of(column.field()).selection(quote(column.name())))
                .collect(Collectors.joining(", "));
        return "SELECT " + selected + " FROM " + source;
    }

    /** A table's name in quotes, after its schema's. */
    public static String name(PostgresTable table) {
        return quote(table.relation().name().schema()) + "."
                + quote(table.relation().name().table());
    }

    /** The key's columns, with commas between them. */
    public static String keyColumns(PostgresTable table) {
        return String.join(
                ", ", table.key().stream().map(column -> quote(column.name())).toList());
    }

    public static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
