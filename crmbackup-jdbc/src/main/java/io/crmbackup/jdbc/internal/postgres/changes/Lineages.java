package io.crmbackup.jdbc.internal.postgres.changes;

import io.crmbackup.jdbc.internal.postgres.rows.Column;
import io.crmbackup.jdbc.internal.postgres.rows.PostgresTable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Reads the lineage of all tables. The locks of the view keep columns as they are until it ends; types can't be locked, and are shown as they are
 * while rows are read, not as they were in the snapshot. So it is not how a type is defined that is compared, but the version of its definition:
 * who changes it after the snapshot, even for a moment, leaves another version for the next one.
 */
final class Lineages {
    private static final String STORAGE =
            "SELECT c.oid, a.amname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_am a ON a.oid = c.relam WHERE c.relkind = 'r'";
    private static final String COLUMNS =
            "SELECT a.attrelid, string_agg(pg_catalog.concat_ws(',', a.attnum, a.atttypid, a.atttypmod,"
                    + " a.attcollation, a.attgenerated, CASE WHEN a.atthasmissing THEN pg_catalog.quote_literal(a.attmissingval::text) END),"
                    + " ';' ORDER BY a.attnum) FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid"
                    + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE a.attnum > 0 AND NOT a.attisdropped"
                    + " AND c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' GROUP BY a.attrelid";

    private static final String REMOVED =
            "SELECT c.oid, pg_catalog.pg_stat_get_tuples_deleted(c.oid) FROM pg_catalog.pg_class c WHERE c.relkind = 'r'";

    private final Map<Long, String> removed = new HashMap<>();
    private final Map<Long, String> storage = new HashMap<>();
    private final Map<Long, String> columns = new HashMap<>();
    private final TypeVersions types;

    private Lineages(TypeVersions types) {
        this.types = types;
    }

    static Lineages read(Connection connection) throws SQLException {
        Lineages lineages = new Lineages(TypeVersions.read(connection));
        try (Statement statement = connection.createStatement()) {
            collect(statement, STORAGE, lineages.storage);
            collect(statement, COLUMNS, lineages.columns);
            collect(statement, REMOVED, lineages.removed);
        }
        return lineages;
    }

    private static void collect(Statement statement, String sql, Map<Long, String> into) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                into.put(rows.getLong(1), rows.getString(2));
            }
        }
    }

    Lineage of(PostgresTable table) {
        long oid = table.relation().oid();
        TreeSet<String> versions = new TreeSet<>();
        String unsure = "";
        for (Column column : table.columns()) {
            versions.addAll(types.of(column.typeNumber()));
            if (unsure.isEmpty() && !types.areShownAlone(column.typeNumber())) {
                unsure = column.name() + ", which is " + column.type();
            }
        }
        return new Lineage(
                oid,
                table.relation().file(),
                storage.getOrDefault(oid, "something unknown"),
                columns.getOrDefault(oid, ""),
                String.join("\n", versions),
                unsure,
                removed.getOrDefault(oid, ""));
    }
}
