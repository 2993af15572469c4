package io.crmbackup.jdbc.internal.mysql.rows;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A column of a table.
 *
 * @param dataType the name of its type
 * @param columnType its type as it is declared
 * @param characters its character set; empty if it holds no text
 * @param isGenerated whether the server computes it
 */
public record Column(
        String name, String dataType, String columnType, boolean isNullable, String characters, boolean isGenerated) {
    /** Character sets of which each character is one of Unicode's and of no other. */
    private static final Set<String> IN_UNICODE = Set.of("", "utf8mb4", "utf8mb3", "utf8", "latin1");

    /** The columns of the connection's database by table, in their order. */
    public static Map<String, List<Column>> all(Connection connection) throws SQLException {
        Map<String, List<Column>> columns = new LinkedHashMap<>();
        String sql =
                "SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, IS_NULLABLE, COALESCE(CHARACTER_SET_NAME, ''),"
                        + " EXTRA FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()"
                        + " ORDER BY TABLE_NAME, ORDINAL_POSITION";
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                columns.computeIfAbsent(rows.getString(1), table -> new ArrayList<>())
                        .add(new Column(
                                rows.getString(2),
                                rows.getString(3),
                                rows.getString(4),
                                rows.getString(5).equals("YES"),
                                rows.getString(6),
                                rows.getString(7).matches("(?i).*\\b(VIRTUAL|STORED|PERSISTENT)\\b.*")));
            }
        }
        return columns;
    }

    /** The columns of a table that are set to the time whenever a row is changed. */
    public static List<String> selfUpdating(Connection connection, String table) throws SQLException {
        List<String> names = new ArrayList<>();
        String sql =
                "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?"
                        + " AND EXTRA LIKE '%on update%' ORDER BY ORDINAL_POSITION";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, table);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
        }
        return names;
    }

    /** The type as it is declared, and what else decides how values are read. */
    public String nativeType() {
        return columnType + (IN_UNICODE.contains(characters) ? "" : MySqlValues.CHARACTER_SET + characters);
    }

    /** Whether the server compares values as core does keys. */
    public boolean isOrdered() {
        return Set.of("tinyint", "smallint", "mediumint", "int", "bigint", "binary", "varbinary")
                .contains(dataType);
    }
}
