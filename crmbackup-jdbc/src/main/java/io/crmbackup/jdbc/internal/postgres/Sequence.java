package io.crmbackup.jdbc.internal.postgres;

import io.crmbackup.jdbc.internal.postgres.rows.Relation;
import io.crmbackup.jdbc.internal.sql.Needs;
import io.crmbackup.jdbc.internal.sql.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A sequence.
 *
 * @param quoted its name as the server writes it
 * @param needs what must be there for it to have a position: itself, or the table whose identity column it counts for
 */
record Sequence(String quoted, Needs needs) {
    private static final String ALL =
            "SELECT n.nspname, c.relname, coalesce(tn.nspname, ''), coalesce(t.relname, ''), coalesce(d.deptype, ''),"
                    + " pg_catalog.format('%I.%I', n.nspname, c.relname)"
                    + " FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid"
                    + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_catalog.pg_depend d"
                    + " ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')"
                    + " AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjsubid > 0"
                    + " LEFT JOIN pg_catalog.pg_class t ON t.oid = d.refobjid LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace"
                    + " WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e"
                    + " WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.objid = c.oid AND e.deptype = 'e')"
                    + " ORDER BY n.nspname, c.relname";

    /** All sequences but those of tables that are not selected. */
    static List<Sequence> all(Connection connection, List<Relation> relations, Set<TableName> selected)
            throws SQLException {
        Set<TableName> counted = new HashSet<>(selected);
        relations.stream()
                .filter(relation -> relation.kind() == 'p')
                .map(Relation::name)
                .forEach(counted::add);
        List<Sequence> result = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(ALL)) {
            while (rows.next()) {
                String quoted = rows.getString(6);
                if (rows.getString(5).isEmpty()) {
                    result.add(new Sequence(quoted, new Needs("", List.of("sequence " + quoted))));
                    continue;
                }
                TableName table = new TableName(rows.getString(3), rows.getString(4));
                String needed = rows.getString(5).equals("i")
                        ? Needs.table(table.collection(Relation.DEFAULT_SCHEMA))
                        : "sequence " + quoted;
                if (counted.contains(table)) {
                    result.add(new Sequence(quoted, new Needs("", List.of(needed))));
                }
            }
        }
        return result;
    }

    /** The statement that makes it go on where it stands now, which is never before the data of a snapshot that is older. */
    String position(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT last_value, is_called FROM " + quoted)) {
            row.next();
            return "SELECT pg_catalog.setval('" + quoted.replace("'", "''") + "', " + row.getString(1) + ", "
                    + row.getBoolean(2) + ")";
        }
    }
}
