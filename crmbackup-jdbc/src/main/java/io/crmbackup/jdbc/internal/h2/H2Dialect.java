package io.crmbackup.jdbc.internal.h2;

import io.crmbackup.jdbc.internal.dialect.BorrowedConnection;
import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.Exchange;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.dialect.TransactionDialect;
import io.crmbackup.jdbc.internal.dialect.ValueFormat;
import io.crmbackup.jdbc.internal.dialect.ViewRequest;
import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import io.crmbackup.jdbc.internal.sql.TableFilter;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.Field;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * H2 from 2.0 on. A transaction with isolation SNAPSHOT sees all tables as they were at its first statement, TRUNCATE included, and blocks
 * no writer. (REPEATABLE READ does so only for each table from when it is first read.) A table that ALTER rebuilds or that is dropped and
 * made again is another one, which the snapshot doesn't cover: columns, names of constraints and indexes, and the row count are compared
 * after the last row. (One that is dropped and made again just the same, with as many rows, is not noticed: H2 shows nothing by which to
 * tell the two apart, and a lock against it would make others' statements fail.)
 *
 * <p>Definitions come from SCRIPT, which needs the rights of an administrator and ends the transaction that it runs in: it comes before
 * the snapshot.
 */
public final class H2Dialect extends TransactionDialect {
    private static final int TRANSACTION_SNAPSHOT = 6;
    static final String USER_SCHEMAS = " <> 'INFORMATION_SCHEMA'";

    private static final Pattern COLLATION = Pattern.compile("OFF|[A-Za-z0-9_]+( STRENGTH [A-Z]+)?");

    /** Columns, constraints and indexes; H2 names indexes by a number that a rebuilt table changes. For $ comes which tables. */
    private static final String STATE =
            "SELECT CONCAT_WS('|', TABLE_SCHEMA, TABLE_NAME, 'C', ORDINAL_POSITION, COLUMN_NAME, IS_NULLABLE, COLUMN_DEFAULT,"
                    + " GENERATION_EXPRESSION, DATA_TYPE_SQL(TABLE_SCHEMA, TABLE_NAME, 'TABLE', DTD_IDENTIFIER))"
                    + " FROM INFORMATION_SCHEMA.COLUMNS WHERE $ UNION ALL"
                    + " SELECT CONCAT_WS('|', TABLE_SCHEMA, TABLE_NAME, 'K', CONSTRAINT_NAME, CONSTRAINT_TYPE)"
                    + " FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS WHERE $ UNION ALL"
                    + " SELECT CONCAT_WS('|', TABLE_SCHEMA, TABLE_NAME, 'I', INDEX_NAME) FROM INFORMATION_SCHEMA.INDEXES WHERE $";

    @Override
    public String product() {
        return "H2";
    }

    @Override
    public String defaultSchema() {
        return H2Catalog.SCHEMA;
    }

    @Override
    protected Map<String, String> facts(Connection connection) throws SQLException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("consistency", "one moment (a snapshot transaction)");
        facts.put(
                "blocking",
                "none: others read and write meanwhile; a table that is redefined before it was read fails the backup");
        facts.putAll(setting(connection));
        facts.put("collation", collation(connection));
        return facts;
    }

    @Override
    public Map<String, String> setting(Connection connection) throws SQLException {
        String mode = "SELECT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS WHERE SETTING_NAME = 'MODE'";
        return Map.of("mode", String.join(",", strings(connection, mode)));
    }

    /** As SET COLLATION has it; OFF if texts compare by their characters. */
    static String collation(Connection connection) throws SQLException {
        String sql = "SELECT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS WHERE SETTING_NAME = 'COLLATION'";
        List<String> set = strings(connection, sql);
        return set.isEmpty() ? "OFF" : set.get(0);
    }

    @Override
    protected void begin(Connection connection, Catalog catalog, ViewRequest request) throws SQLException {
        // Otherwise a result of any size is collected before its first row is given out.
        execute(connection, "SET LAZY_QUERY_EXECUTION TRUE");
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(TRANSACTION_SNAPSHOT);
        strings(connection, "SELECT 1");
    }

    @Override
    public Catalog catalog(Connection connection, TableFilter filter) throws IOException, SQLException {
        return new H2Catalog(connection, this).read(filter);
    }

    /** H2 shows no number where all are used up. */
    @Override
    protected List<String> counters(Connection connection, Catalog catalog) throws SQLException {
        List<String> result = new ArrayList<>();
        String identities =
                "SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, IDENTITY_BASE FROM INFORMATION_SCHEMA.COLUMNS"
                        + " WHERE IS_IDENTITY = 'YES' AND TABLE_SCHEMA" + USER_SCHEMAS
                        + " ORDER BY 1, 2, 3";
        List<TableName> captured = catalog.tables().stream().map(Table::name).toList();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(identities)) {
            while (rows.next()) {
                TableName table = new TableName(rows.getString(1), rows.getString(2));
                if (captured.contains(table)) {
                    String next = rows.getString(4);
                    result.add("ALTER TABLE " + quote(table) + " ALTER COLUMN " + quote(rows.getString(3))
                            + (next == null ? " SET EXHAUSTED" : " RESTART WITH " + next));
                }
            }
        }
        String sequences = "SELECT SEQUENCE_SCHEMA, SEQUENCE_NAME, BASE_VALUE FROM INFORMATION_SCHEMA.SEQUENCES"
                + " WHERE SEQUENCE_SCHEMA" + USER_SCHEMAS + " ORDER BY 1, 2";
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sequences)) {
            while (rows.next()) {
                String next = rows.getString(3);
                result.add("ALTER SEQUENCE " + quote(new TableName(rows.getString(1), rows.getString(2)))
                        + (next == null ? " EXHAUSTED" : " RESTART WITH " + next));
            }
        }
        return result;
    }

    @Override
    protected List<String> state(Connection connection) throws SQLException {
        return strings(connection, STATE.replace("$", "TABLE_SCHEMA" + USER_SCHEMAS) + " ORDER BY 1");
    }

    @Override
    protected TableWatch watch(Connection connection, Table table, ViewRequest request)
            throws IOException, SQLException {
        long count = countRows(connection, table.name());
        List<String> before = state(connection, table);
        return rows -> {
            if (!before.equals(state(connection, table)) || rows != count) {
                throw new IOException(
                        "table " + table.collection()
                                + " was redefined while it was read: its rows are not those of the snapshot; repeat the backup");
            }
        };
    }

    private static List<String> state(Connection connection, Table table) throws SQLException {
        List<String> result = new ArrayList<>();
        String sql = STATE.replace("$", "TABLE_SCHEMA = ? AND TABLE_NAME = ?") + " ORDER BY 1";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 1; i <= 6; i += 2) {
                statement.setString(i, table.name().schema());
                statement.setString(i + 1, table.name().table());
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    result.add(rows.getString(1));
                }
            }
        }
        return result;
    }

    @Override
    public ValueFormat format(Field field) {
        return H2Values.format(field);
    }

    @Override
    public String lockingRows() {
        return " FOR UPDATE";
    }

    @Override
    public void advanceCounters(Connection connection, Table table) throws SQLException {
        String sql =
                "SELECT COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS WHERE IS_IDENTITY = 'YES' AND IDENTITY_INCREMENT > 0"
                        + " AND TABLE_SCHEMA = ? AND TABLE_NAME = ?";
        List<String> columns = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            H2Tables.bind(statement, table.name());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    columns.add(rows.getString(1));
                }
            }
        }
        for (String column : columns) {
            advance(connection, table.name(), column);
        }
    }

    /** Behind the highest number there is none; a row whose number the counter can't give is none of its. */
    private void advance(Connection connection, TableName table, String column) throws SQLException {
        String sql = "SELECT CASE WHEN MOST <= IDENTITY_MAXIMUM - IDENTITY_INCREMENT THEN MOST + IDENTITY_INCREMENT END"
                + " FROM INFORMATION_SCHEMA.COLUMNS, (SELECT MAX(" + quote(column) + ") AS MOST FROM " + quote(table)
                + ") ROWS_OF_TABLE WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND COLUMN_NAME = '"
                + column.replace("'", "''") + "' AND MOST BETWEEN IDENTITY_BASE AND IDENTITY_MAXIMUM"
                + " AND (IDENTITY_CYCLE = 'NO' OR MOST <= IDENTITY_MAXIMUM - IDENTITY_INCREMENT)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            H2Tables.bind(statement, table);
            try (ResultSet rows = statement.executeQuery()) {
                if (rows.next()) {
                    String next = rows.getString(1);
                    execute(
                            connection,
                            "ALTER TABLE " + quote(table) + " ALTER COLUMN " + quote(column)
                                    + (next == null ? " SET EXHAUSTED" : " RESTART WITH " + next));
                }
            }
        }
    }

    @Override
    public List<String> triggers(Connection connection, TableName table) throws SQLException {
        return strings(
                connection,
                "SELECT TRIGGER_NAME FROM INFORMATION_SCHEMA.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = ? AND EVENT_OBJECT_TABLE = ?"
                        + " ORDER BY 1",
                table.schema(),
                table.table());
    }

    @Override
    public String overriding(List<Field> fields) {
        return " OVERRIDING SYSTEM VALUE";
    }

    @Override
    public boolean rollsBackDefinitions() {
        return false;
    }

    @Override
    public void prepareRestore(Connection connection, Map<String, String> attributes) throws IOException, SQLException {
        String collation = attributes.getOrDefault("collation", collation(connection));
        if (!COLLATION.matcher(collation).matches()) {
            throw new IOException("the backup names a collation that H2 doesn't have: " + collation);
        } else if (!collation.equals(collation(connection))) {
            execute(connection, "SET COLLATION " + collation);
        }
    }

    @Override
    public List<String> scriptedDatabase(Map<String, String> attributes) {
        String collation = attributes.getOrDefault("collation", "OFF");
        return collation.equals("OFF") || !COLLATION.matcher(collation).matches()
                ? List.of()
                : List.of("SET COLLATION " + collation);
    }

    /** H2 doesn't tell whether a session reads lazily; it does not unless it was told to. */
    @Override
    public List<String> session(Connection connection) {
        return List.of("SET LAZY_QUERY_EXECUTION FALSE");
    }

    @Override
    public String comparable(String sql) {
        return H2Script.withoutStatistics(sql);
    }

    @Override
    public Optional<Exchange> exchange(
            BorrowedConnection borrowed, Map<String, String> attributes, TableFilter filter) {
        return Optional.of(new H2Exchange(this, borrowed.connection(), attributes, filter));
    }

    @Override
    public String checked(SchemaStatement foreignKey) {
        String sql = foreignKey.sql();
        return sql.endsWith(" NOCHECK") ? sql.substring(0, sql.length() - " NOCHECK".length()) : sql;
    }
}
