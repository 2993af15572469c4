package io.crmbackup.jdbc.internal.postgres;

import io.crmbackup.jdbc.internal.postgres.rows.Relation;
import io.crmbackup.jdbc.internal.sql.TableName;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Looks, before anything is read, whether all of it may be: a table that would be missing or shorter is named, with what helps. */
final class Rights {
    private static final int NAMED = 10;
    private static final String MISSING = "SELECT n.nspname, c.relname, c.relkind,"
            + " pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND CASE c.relkind WHEN 'S' THEN"
            + " pg_catalog.has_sequence_privilege(c.oid, 'SELECT') ELSE pg_catalog.has_table_privilege(c.oid, 'SELECT') END,"
            + " pg_catalog.row_security_active(c.oid), t.oid IS NOT NULL, coalesce(tn.nspname, ''), coalesce(t.relname, ''), current_user"
            + " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_catalog.pg_depend d"
            + " ON c.relkind = 'S' AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid"
            + " AND d.deptype IN ('a', 'i') AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass"
            + " LEFT JOIN pg_catalog.pg_class t ON t.oid = d.refobjid LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace"
            + " WHERE c.relkind IN ('r', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
            + " AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass"
            + " AND e.objid = c.oid AND e.deptype = 'e') ORDER BY n.nspname, c.relname";

    private Rights() {}

    /** Fails if one of the selected tables, or a sequence that counts for them or for none, can't be read in full. */
    static void check(Connection connection, Set<TableName> selected) throws IOException, SQLException {
        List<String> unreadable = new ArrayList<>();
        List<String> filtered = new ArrayList<>();
        String role = "";
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(MISSING)) {
            while (rows.next()) {
                TableName name = new TableName(rows.getString(1), rows.getString(2));
                boolean sequence = rows.getString(3).equals("S");
                role = rows.getString(9);
                boolean wanted = !sequence
                        ? selected.contains(name)
                        : !rows.getBoolean(6) || selected.contains(new TableName(rows.getString(7), rows.getString(8)));
                String called = (sequence ? "sequence " : "table ") + name.collection(Relation.DEFAULT_SCHEMA);
                if (wanted && !rows.getBoolean(4)) {
                    unreadable.add(called);
                } else if (wanted && rows.getBoolean(5)) {
                    filtered.add(called);
                }
            }
        }
        if (!unreadable.isEmpty()) {
            throw new IOException("role " + role + " may not read " + some(unreadable)
                    + ": grant it SELECT on them and USAGE on their schemas, or the role pg_read_all_data");
        }
        if (!filtered.isEmpty()) {
            throw new IOException("row security hides rows from role " + role + " in " + some(filtered)
                    + ": let a role with BYPASSRLS make backups, or exclude these tables");
        }
    }

    private static String some(List<String> names) {
        String listed = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
        return names.size() > NAMED ? listed + " and " + (names.size() - NAMED) + " more" : listed;
    }
}
