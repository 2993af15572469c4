package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.jdbc.internal.sql.References;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.Reference;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What identifies rows of the connection's database, and which rows refer to which. */
final class Keys {
    static final String PRIMARY = "PRIMARY";

    /** By table and index, in order; no index that holds parts of values or null. */
    private final Map<String, Map<String, List<String>>> unique = new LinkedHashMap<>();

    private final Map<String, Map<String, Reference>> references = new LinkedHashMap<>();

    private Keys() {}

    static Keys of(Connection connection) throws SQLException {
        Keys keys = new Keys();
        keys.readUnique(connection);
        keys.readReferences(connection);
        return keys;
    }

    private void readUnique(Connection connection) throws SQLException {
        // An index of which a part doesn't qualify has one row here that says so.
        String sql = "SELECT TABLE_NAME, INDEX_NAME, COLUMN_NAME, SUB_PART IS NULL AND COALESCE(NULLABLE, '') <> 'YES'"
                + " AND COLUMN_NAME IS NOT NULL FROM information_schema.STATISTICS"
                + " WHERE TABLE_SCHEMA = DATABASE() AND NON_UNIQUE = 0"
                + " ORDER BY TABLE_NAME, INDEX_NAME <> '" + PRIMARY + "', INDEX_NAME, SEQ_IN_INDEX";
        Map<String, List<String>> unfit = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                String table = rows.getString(1);
                String index = rows.getString(2);
                unique.computeIfAbsent(table, t -> new LinkedHashMap<>())
                        .computeIfAbsent(index, i -> new ArrayList<>())
                        .add(String.valueOf(rows.getString(3)));
                if (!rows.getString(4).equals("1")) {
                    unfit.computeIfAbsent(table, t -> new ArrayList<>()).add(index);
                }
            }
        }
        unfit.forEach((table, indexes) ->
                unique.getOrDefault(table, new LinkedHashMap<>()).keySet().removeAll(indexes));
    }

    private void readReferences(Connection connection) throws SQLException {
        String sql = "SELECT TABLE_NAME, CONSTRAINT_NAME, COLUMN_NAME, REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME"
                + " FROM information_schema.KEY_COLUMN_USAGE"
                + " WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_SCHEMA = DATABASE()"
                + " ORDER BY TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION";
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                Reference part = new Reference(
                        rows.getString(2),
                        List.of(rows.getString(3)),
                        new TableName("", rows.getString(4)).collection(""),
                        List.of(rows.getString(5)));
                references
                        .computeIfAbsent(rows.getString(1), table -> new TreeMap<>())
                        .merge(part.name(), part, References::join);
            }
        }
    }

    /** A table's keys by the names of their indexes, the primary key first. */
    Map<String, List<String>> of(String table) {
        return unique.getOrDefault(table, Map.of());
    }

    List<Reference> references(String table) {
        return List.copyOf(references.getOrDefault(table, Map.of()).values());
    }
}
