package io.crmbackup.jdbc.internal.postgres.catalog;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds what identifies the rows of each table: its primary key, otherwise the shortest unique index, first by name, that holds for every row at
 * any time: of columns that are never null, without condition or expression, valid and not deferrable.
 */
final class Keys {
    private static final String KEYS =
            "SELECT i.indrelid, i.indexrelid, a.attname FROM (SELECT DISTINCT ON (x.indrelid) x.* FROM pg_catalog.pg_index x"
                    + " JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid WHERE x.indisvalid AND x.indisready AND x.indisunique"
                    + " AND (x.indisprimary OR x.indimmediate AND x.indpred IS NULL AND x.indexprs IS NULL AND NOT EXISTS (SELECT"
                    + " FROM pg_catalog.unnest(x.indkey::int2[]) WITH ORDINALITY k(n, place) JOIN pg_catalog.pg_attribute a"
                    + " ON a.attrelid = x.indrelid AND a.attnum = k.n"
                    + " WHERE k.place <= x.indnkeyatts AND (NOT " + Columns.NEVER_NULL
                    + " OR a.attgenerated <> '')))"
                    + " ORDER BY x.indrelid, x.indisprimary DESC, x.indnkeyatts, c.relname) i"
                    + " CROSS JOIN LATERAL pg_catalog.unnest(i.indkey::int2[]) WITH ORDINALITY k(n, place)"
                    + " JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.n"
                    + " WHERE k.place <= i.indnkeyatts ORDER BY i.indrelid, k.place";

    private Keys() {}

    /** The names of the key's columns, in its order, of each table that has one, by its number. */
    static Map<Long, List<String>> byTable(Connection connection) throws SQLException {
        Map<Long, List<String>> keys = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(KEYS)) {
            while (rows.next()) {
                keys.computeIfAbsent(rows.getLong(1), table -> new ArrayList<>())
                        .add(rows.getString(3));
            }
        }
        return keys;
    }
}
