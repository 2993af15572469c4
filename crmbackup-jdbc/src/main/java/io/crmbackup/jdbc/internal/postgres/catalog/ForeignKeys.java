package io.crmbackup.jdbc.internal.postgres.catalog;

import io.crmbackup.jdbc.internal.postgres.rows.Relation;
import io.crmbackup.jdbc.internal.sql.References;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.Reference;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the rows of tables refer to. */
final class ForeignKeys {
    /** Of a foreign key to a table that is divided the server has one more for each part; they are one. */
    private static final String REFERENCES =
            "SELECT k.conrelid, k.conname, a.attname, tn.nspname, tc.relname, ta.attname"
                    + " FROM pg_catalog.pg_constraint k CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(k.conkey), pg_catalog.unnest(k.confkey))"
                    + " WITH ORDINALITY u(own, other, place) JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.own"
                    + " JOIN pg_catalog.pg_class tc ON tc.oid = k.confrelid JOIN pg_catalog.pg_namespace tn ON tn.oid = tc.relnamespace"
                    + " JOIN pg_catalog.pg_attribute ta ON ta.attrelid = k.confrelid AND ta.attnum = u.other"
                    + " WHERE k.contype = 'f' AND tc.relkind = 'r' AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint w"
                    + " WHERE w.oid = k.conparentid AND w.conrelid = k.conrelid)"
                    + " ORDER BY k.conrelid, k.conname, u.place";

    private final Map<Long, Map<String, Reference>> byTable = new HashMap<>();

    private ForeignKeys() {}

    static ForeignKeys read(Connection connection) throws SQLException {
        ForeignKeys keys = new ForeignKeys();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(REFERENCES)) {
            while (rows.next()) {
                Reference part = new Reference(
                        rows.getString(2),
                        List.of(rows.getString(3)),
                        new TableName(rows.getString(4), rows.getString(5)).collection(Relation.DEFAULT_SCHEMA),
                        List.of(rows.getString(6)));
                keys.byTable
                        .computeIfAbsent(rows.getLong(1), table -> new TreeMap<>())
                        .merge(part.name(), part, References::join);
            }
        }
        return keys;
    }

    List<Reference> of(Relation table) {
        return List.copyOf(byTable.getOrDefault(table.oid(), Map.of()).values());
    }
}
