package io.crmbackup.jdbc.internal.hsqldb;

import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import io.crmbackup.jdbc.internal.sql.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Statements that set counters past what a view shows. */
final class HsqldbCounters {
    private static final String IDENTITIES = "SELECT COLUMN_NAME, IDENTITY_INCREMENT FROM INFORMATION_SCHEMA.COLUMNS"
            + " WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND IS_IDENTITY = 'YES'";

    private final Dialect dialect;
    private final Connection connection;

    HsqldbCounters(Dialect dialect, Connection connection) {
        this.dialect = dialect;
        this.connection = connection;
    }

    List<String> of(Catalog catalog) throws SQLException {
        List<String> result = new ArrayList<>();
        List<TableName> captured = catalog.tables().stream().map(Table::name).toList();
        for (String sql : catalog.counters()) {
            boolean needed =
                    SchemaStatement.of(sql).table().map(captured::contains).orElse(!sql.startsWith("ALTER SEQUENCE "));
            if (needed) {
                result.add(past(sql, captured));
            }
        }
        result.addAll(Dialect.strings(
                connection,
                "SELECT 'ALTER SEQUENCE \"' || REPLACE(SEQUENCE_SCHEMA, '\"', '\"\"') || '\".\"'"
                        + " || REPLACE(SEQUENCE_NAME, '\"', '\"\"') || '\" RESTART WITH ' || NEXT_VALUE FROM INFORMATION_SCHEMA.SEQUENCES"
                        + " WHERE SEQUENCE_SCHEMA NOT IN ('INFORMATION_SCHEMA', 'SYSTEM_LOBS') ORDER BY 1"));
        return result;
    }

    private String past(String sql, List<TableName> captured) throws SQLException {
        TableName table = SchemaStatement.of(sql).table().orElse(captured.get(0));
        int number = sql.lastIndexOf(' ') + 1;
        long then = Long.parseLong(sql.substring(number));
        try (PreparedStatement statement = connection.prepareStatement(IDENTITIES)) {
            statement.setString(1, table.schema());
            statement.setString(2, table.table());
            try (ResultSet rows = statement.executeQuery()) {
                if (rows.next()) {
                    return sql.substring(0, number) + past(table, rows.getString(1), rows.getLong(2), then);
                }
            }
        }
        return sql;
    }

    private long past(TableName table, String column, long increment, long then) throws SQLException {
        String last = (increment > 0 ? "SELECT MAX(" : "SELECT MIN(") + dialect.quote(column) + ") FROM ";
        try (PreparedStatement statement = connection.prepareStatement(last + dialect.quote(table));
                ResultSet rows = statement.executeQuery()) {
            long value = rows.next() ? rows.getLong(1) : 0;
            if (rows.wasNull()) {
                return then;
            }
            boolean behind = increment > 0 ? value >= then : value <= then;
            return behind ? value + increment : then;
        }
    }
}
