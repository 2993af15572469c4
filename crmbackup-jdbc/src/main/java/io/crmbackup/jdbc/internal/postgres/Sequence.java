package io.crmbackup.jdbc.internal.postgres;

import io.crmbackup.jdbc.internal.sql.TableName;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A sequence.
 *
 * @param table the number of the table that it belongs to, 0 if it belongs to none
 * @param column that table's column, or empty
 * @param dependency as in {@code pg_depend.deptype}: how it belongs there
 * @param type its values' type
 * @param shape start, increment, least, greatest value and how many are handed out ahead
 * @param cycles whether it begins anew after the last one
 * @param readable whether its position may be read
 */
record Sequence(
        TableName name,
        long table,
        String column,
        String dependency,
        String type,
        List<Long> shape,
        boolean cycles,
        boolean readable) {
    private static final String ALL =
            "SELECT n.nspname, c.relname, coalesce(t.oid, 0), coalesce(tn.nspname, ''), coalesce(t.relname, ''),"
                    + " coalesce(a.attname, ''), coalesce(d.deptype, ''), pg_catalog.format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement,"
                    + " s.seqmin, s.seqmax, s.seqcache, s.seqcycle, pg_catalog.has_sequence_privilege(c.oid, 'SELECT')"
                    + " FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid"
                    + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_catalog.pg_depend d"
                    + " ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')"
                    + " AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjsubid > 0"
                    + " LEFT JOIN pg_catalog.pg_class t ON t.oid = d.refobjid LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace"
                    + " LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid"
                    + " WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e"
                    + " WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND e.objid = c.oid AND e.deptype = 'e')"
                    + " ORDER BY n.nspname, c.relname";

    /** All sequences but those of tables that are not selected. */
    static List<Sequence> all(Connection connection, Set<TableName> selected) throws SQLException {
        List<Sequence> result = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(ALL)) {
            while (rows.next()) {
                List<Long> shape = new ArrayList<>();
                for (int i = 9; i <= 13; i++) {
                    shape.add(rows.getLong(i));
                }
                Sequence sequence = new Sequence(
                        new TableName(rows.getString(1), rows.getString(2)),
                        rows.getLong(3),
                        rows.getString(6),
                        rows.getString(7),
                        rows.getString(8),
                        shape,
                        rows.getBoolean(14),
                        rows.getBoolean(15));
                if (sequence.table == 0 || selected.contains(new TableName(rows.getString(4), rows.getString(5)))) {
                    result.add(sequence);
                }
            }
        }
        return result;
    }

    /** Whether it counts for an identity column, whose definition makes it. */
    boolean isIdentity() {
        return dependency.equals("i");
    }

    String create() {
        return "CREATE SEQUENCE " + quoted() + " AS " + type + options();
    }

    String options() {
        return " START WITH " + shape.get(0) + " INCREMENT BY " + shape.get(1) + " MINVALUE " + shape.get(2)
                + " MAXVALUE " + shape.get(3) + " CACHE " + shape.get(4) + (cycles ? " CYCLE" : " NO CYCLE");
    }

    String ownedBy(String quotedTable) {
        return "ALTER SEQUENCE " + quoted() + " OWNED BY " + quotedTable + "." + quote(column);
    }

    /** The statement that makes it go on where it stands now, which is never before the data of a snapshot that is older. */
    String position(Connection connection, String quotedTable) throws SQLException {
        String last;
        boolean called;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT last_value, is_called FROM " + quoted())) {
            row.next();
            last = row.getString(1);
            called = row.getBoolean(2);
        }
        return isIdentity()
                ? "ALTER TABLE " + quotedTable + " ALTER COLUMN " + quote(column) + " RESTART WITH "
                        + next(new BigInteger(last), called)
                : "SELECT pg_catalog.setval('" + quoted().replace("'", "''") + "', " + last + ", " + called + ")";
    }

    /** The number that comes next; the last one again if there is none after it. */
    private BigInteger next(BigInteger last, boolean called) {
        BigInteger next = called ? last.add(BigInteger.valueOf(shape.get(1))) : last;
        BigInteger least = BigInteger.valueOf(shape.get(2));
        BigInteger greatest = BigInteger.valueOf(shape.get(3));
        if (next.compareTo(greatest) > 0) {
            return cycles ? least : greatest;
        }
        return next.compareTo(least) >= 0 ? next : cycles ? greatest : least;
    }

    private String quoted() {
        return quote(name.schema()) + "." + quote(name.table());
    }

    private static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
