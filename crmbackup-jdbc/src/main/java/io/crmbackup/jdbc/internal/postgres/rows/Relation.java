package io.crmbackup.jdbc.internal.postgres.rows;

import io.crmbackup.jdbc.internal.sql.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Something with columns that the database has: a table, a view.
 *
 * @param oid the number by which the server knows it for its life
 * @param kind as in {@code pg_class.relkind}
 * @param unlogged whether its rows are lost in a crash of the server
 * @param extension the extension that it belongs to, or empty
 * @param file where its rows lie; another one after each rewriting
 * @param toast the number of the table with its large values, 0 if it can have none
 */
public record Relation(long oid, TableName name, char kind, boolean unlogged, String extension, long file, long toast) {
    /** The schema whose tables' names stand alone as names of collections. */
    public static final String DEFAULT_SCHEMA = "public";

    /** Temporary tables are those of sessions and lie in schemas of their own, which begin with pg_ as no schema of a user can. */
    private static final String ALL =
            "SELECT c.oid, n.nspname, c.relname, c.relkind, c.relpersistence, coalesce(e.extname, ''), c.relfilenode, c.reltoastrelid"
                    + " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                    + " LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid"
                    + " AND d.objsubid = 0 AND d.deptype = 'e' LEFT JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid"
                    + " WHERE c.relkind IN ('r', 'p', 'f', 'm', 'v') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
                    + " ORDER BY n.nspname, c.relname";

    /** All of the database but what belongs to the server itself. */
    public static List<Relation> all(Connection connection) throws SQLException {
        List<Relation> result = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(ALL)) {
            while (rows.next()) {
                result.add(new Relation(
                        rows.getLong(1),
                        new TableName(rows.getString(2), rows.getString(3)),
                        rows.getString(4).charAt(0),
                        rows.getString(5).equals("u"),
                        rows.getString(6),
                        rows.getLong(7),
                        rows.getLong(8)));
            }
        }
        return result;
    }

    /** Whether it has rows of its own that a backup keeps: a table, partitions among them, that no extension brings with it. */
    public boolean isTable() {
        return kind == 'r' && extension.isEmpty();
    }
}
