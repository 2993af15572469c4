package io.crmbackup.jdbc.internal.postgres.catalog;

import io.crmbackup.jdbc.internal.postgres.rows.Column;
import io.crmbackup.jdbc.internal.postgres.rows.Column.BaseType;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the columns of all tables. */
final class Columns {
    /** Whether column {@code a} has a value in every row; a NOT NULL that is not valid says nothing of older rows. */
    static final String NEVER_NULL =
            "(a.attnotnull AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint nn WHERE nn.conrelid = a.attrelid"
                    + " AND nn.contype = 'n' AND nn.conkey = ARRAY[a.attnum] AND NOT nn.convalidated))";

    private static final String DOMAINS = "SELECT oid, typbasetype FROM pg_catalog.pg_type WHERE typtype = 'd'";
    private static final String TYPES = "SELECT t.oid, CASE WHEN n.nspname = 'pg_catalog' THEN t.typname"
            + " ELSE n.nspname || '.' || t.typname END, t.typtype, t.typlen FROM pg_catalog.pg_type t"
            + " JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype <> 'd'"
            + " AND (t.typtype <> 'c' OR EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.atttypid = t.oid)"
            + " OR EXISTS (SELECT FROM pg_catalog.pg_type d WHERE d.typbasetype = t.oid))";
    private static final String COLUMNS =
            "SELECT a.attrelid, a.attnum, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.atttypid, "
                    + NEVER_NULL + ","
                    + " a.attidentity, a.attgenerated, CASE WHEN a.attcollation <> t.typcollation THEN pg_catalog.quote_ident(cn.nspname)"
                    + " || '.' || pg_catalog.quote_ident(co.collname) END, pg_catalog.pg_get_expr(d.adbin, d.adrelid)"
                    + " FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid"
                    + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
                    + " LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation"
                    + " LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace"
                    + " LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
                    + " WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind = 'r' AND n.nspname !~ '^pg_'"
                    + " AND n.nspname <> 'information_schema' ORDER BY a.attrelid, a.attnum";

    private final Map<Long, Long> domains = new HashMap<>();
    private final Map<Long, BaseType> types = new HashMap<>();
    private final Map<Long, List<Column>> byTable = new HashMap<>();

    private Columns() {}

    /** The columns of each table, by its number, in their order. */
    static Map<Long, List<Column>> byTable(Connection connection) throws SQLException {
        Columns columns = new Columns();
        try (Statement statement = connection.createStatement()) {
            columns.readTypes(statement);
            columns.readColumns(statement);
        }
        return columns.byTable;
    }

    private void readTypes(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery(DOMAINS)) {
            while (rows.next()) {
                domains.put(rows.getLong(1), rows.getLong(2));
            }
        }
        try (ResultSet rows = statement.executeQuery(TYPES)) {
            while (rows.next()) {
                types.put(
                        rows.getLong(1),
                        new BaseType(rows.getString(2), rows.getString(3).charAt(0), rows.getInt(4) < 0));
            }
        }
    }

    private void readColumns(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery(COLUMNS)) {
            while (rows.next()) {
                Column column = new Column(
                        rows.getInt(2),
                        rows.getString(3),
                        rows.getString(4),
                        rows.getLong(5),
                        base(rows.getLong(5)),
                        rows.getBoolean(6),
                        rows.getString(7).strip(),
                        rows.getString(8).strip(),
                        rows.getString(9),
                        rows.getString(10));
                byTable.computeIfAbsent(rows.getLong(1), table -> new ArrayList<>())
                        .add(column);
            }
        }
    }

    private BaseType base(long type) throws SQLException {
        long at = type;
        while (domains.containsKey(at)) {
            at = domains.get(at);
        }
        BaseType base = types.get(at);
        if (base == null) {
            throw new SQLException("a column is of type " + type + ", which the catalog doesn't have");
        }
        return base;
    }
}
