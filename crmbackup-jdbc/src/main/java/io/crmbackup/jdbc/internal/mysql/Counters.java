package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.sql.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Where AUTO_INCREMENT and sequences stand. They belong to no snapshot: read after it they are not behind the rows. */
final class Counters {
    private Counters() {}

    static List<String> of(Connection connection, MySqlFamily dialect, Catalog catalog) throws SQLException {
        Set<TableName> captured =
                catalog.tables().stream().map(table -> table.name()).collect(Collectors.toSet());
        List<String> statements = new ArrayList<>();
        List<String> sequences = new ArrayList<>();
        String sql = "SELECT TABLE_NAME, AUTO_INCREMENT, TABLE_TYPE FROM information_schema.TABLES"
                + " WHERE TABLE_SCHEMA = DATABASE() AND (AUTO_INCREMENT IS NOT NULL OR TABLE_TYPE = 'SEQUENCE')"
                + " ORDER BY TABLE_NAME";
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                TableName table = new TableName("", rows.getString(1));
                if (rows.getString(3).equals("SEQUENCE")) {
                    sequences.add(dialect.quote(table));
                } else if (captured.contains(table)) {
                    statements.add("ALTER TABLE " + dialect.quote(table) + " AUTO_INCREMENT = " + rows.getString(2));
                }
            }
        }
        for (String sequence : sequences) {
            statements.add(position(connection, sequence));
        }
        return statements;
    }

    private static String position(Connection connection, String sequence) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT next_not_cached_value, next_not_cached_value BETWEEN minimum_value"
                                + " AND maximum_value, IF(increment < 0, minimum_value, maximum_value) FROM "
                                + sequence)) {
            row.next();
            // One that has given all its numbers stands behind the last, where none can be told to begin.
            return row.getBoolean(2)
                    ? "ALTER SEQUENCE " + sequence + " RESTART WITH " + row.getString(1)
                    : "DO SETVAL(" + sequence + ", " + row.getString(3) + ", 1)";
        }
    }
}
