package io.crmbackup.jdbc.internal.postgres;

import io.crmbackup.spi.CapturedCollection.Order;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** How a table's rows are asked for, by COPY or by SELECT. */
final class TableRead {
    private final PostgresTable table;
    private final CopyText text;

    TableRead(PostgresTable table) {
        this.table = table;
        this.text = new CopyText(table.columns());
    }

    /** All rows. */
    RowStream all(Connection connection) throws SQLException {
        return where(connection, "");
    }

    /** The rows for which a condition holds; all if it is empty. */
    RowStream where(Connection connection, String condition) throws SQLException {
        boolean copy = CopyRows.isPossible(connection);
        List<String> columns = new ArrayList<>();
        for (Column column : table.columns()) {
            String name = quote(column.name());
            columns.add(copy ? name : PostgresValues.of(column.field()).selection(name));
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
        return new CopyRows(connection, "COPY (" + select + ") TO STDOUT", text);
    }

    /** A table's name in quotes, after its schema's. */
    static String name(PostgresTable table) {
        return quote(table.relation().name().schema()) + "."
                + quote(table.relation().name().table());
    }

    /** The key's columns, with commas between them. */
    static String keyColumns(PostgresTable table) {
        return String.join(
                ", ", table.key().stream().map(column -> quote(column.name())).toList());
    }

    static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
