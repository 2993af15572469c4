package io.crmbackup.jdbc.internal.mysql.rows;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * Character sets in which not every text can be stored. For a character that they don't have the server writes a question mark, an error only in a mode that
 * would refuse old rows too.
 */
public final class CharacterSets {
    private CharacterSets() {}

    /** Those of a table's columns that have less than all of Unicode, by column. */
    public static Map<String, String> narrow(Connection connection, String table) throws SQLException {
        Map<String, String> byColumn = new HashMap<>();
        String sql = "SELECT COLUMN_NAME, CHARACTER_SET_NAME FROM information_schema.COLUMNS"
                + " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?"
                + " AND CHARACTER_SET_NAME NOT IN ('utf8mb4', 'utf16', 'utf16le', 'utf32', 'gb18030')";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, table);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    byColumn.put(rows.getString(1), rows.getString(2));
                }
            }
        }
        return byColumn;
    }

    /** Text as the server would give it back from a column of a character set. */
    public static String stored(Connection connection, String characters, String text) throws SQLException {
        String hex = HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
        return Dialect.strings(
                        connection,
                        "SELECT CONVERT(CONVERT(_utf8mb4 X'" + hex + "' USING " + characters + ") USING utf8mb4)")
                .get(0);
    }
}
