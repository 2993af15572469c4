package io.crmbackup.jdbc.internal.h2;

import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.dialect.TransactionDialect;
import io.crmbackup.jdbc.internal.dialect.ValueFormat;
import io.crmbackup.jdbc.internal.dialect.ViewRequest;
import io.crmbackup.jdbc.internal.sql.References;
import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import io.crmbackup.jdbc.internal.sql.SqlTokens;
import io.crmbackup.jdbc.internal.sql.SqlTokens.Kind;
import io.crmbackup.jdbc.internal.sql.SqlTokens.Token;
import io.crmbackup.jdbc.internal.sql.Statements;
import io.crmbackup.jdbc.internal.sql.TableFilter;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.CapturedCollection.Order;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.Field.Presence;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Reference;
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
import java.util.Set;
import java.util.TreeMap;

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
    private static final int ADMIN_RIGHTS_REQUIRED = 90040;
    private static final String USER_SCHEMAS = " <> 'INFORMATION_SCHEMA'";

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
        return "PUBLIC";
    }

    @Override
    protected Map<String, String> facts(Connection connection) throws SQLException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("consistency", "one moment (a snapshot transaction)");
        facts.put(
                "blocking",
                "none: others read and write meanwhile; a table that is redefined before it was read fails the backup");
        facts.putAll(setting(connection));
        return facts;
    }

    @Override
    public Map<String, String> setting(Connection connection) throws SQLException {
        String mode = "SELECT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS WHERE SETTING_NAME = 'MODE'";
        return Map.of("mode", String.join(",", strings(connection, mode)));
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
        List<TableName> base = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        leftOut.add("users, roles and their rights");
        String list =
                "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, STORAGE_TYPE FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA"
                        + USER_SCHEMAS + " ORDER BY 1, 2";
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(list)) {
            while (rows.next()) {
                TableName name = new TableName(rows.getString(1), rows.getString(2));
                String type = rows.getString(3);
                if (type.equals("BASE TABLE") && Set.of("CACHED", "MEMORY").contains(rows.getString(4))) {
                    base.add(name);
                } else if (!type.equals("VIEW") && !type.equals("LOCAL TEMPORARY")) {
                    leftOut.add("the content of " + name.collection(defaultSchema()) + " (" + rows.getString(4) + ")");
                }
            }
        }
        Set<TableName> selected = filter.select(base, defaultSchema());
        Map<TableName, List<String>> statements = new LinkedHashMap<>();
        List<String> before = new ArrayList<>();
        List<String> after = new ArrayList<>();
        for (String sql : script(connection, "")) {
            SchemaStatement statement = SchemaStatement.of(sql);
            Optional<TableName> table = statement.table().filter(base::contains);
            if (table.isPresent()) {
                statements.computeIfAbsent(table.get(), t -> new ArrayList<>()).add(withoutPosition(sql));
            } else if (isLinked(sql)) {
                leftOut.add("the definition of a linked table");
            } else if (!sql.startsWith("CREATE GLOBAL TEMPORARY") && !sql.startsWith("CREATE LOCAL TEMPORARY")) {
                (statements.isEmpty() ? before : after).add(withoutPosition(sql));
            }
        }
        List<Table> tables = new ArrayList<>();
        for (TableName name : base) {
            if (selected.contains(name)) {
                tables.add(table(connection, name, statements.getOrDefault(name, List.of())));
            } else {
                leftOut.add("table " + name.collection(defaultSchema()) + " (excluded)");
            }
        }
        return new Catalog(tables, before, after, leftOut);
    }

    private static boolean isLinked(String sql) {
        return sql.startsWith("CREATE FORCE LINKED")
                || sql.startsWith("CREATE LINKED")
                || sql.contains(" LINKED TABLE ");
    }

    /** The statements that make the schema, without users, rights and comments. */
    private static List<String> script(Connection connection, String which) throws IOException, SQLException {
        List<String> result = new ArrayList<>();
        for (String line : scriptLines(connection, which)) {
            String sql = line.strip();
            if (sql.endsWith(";")) {
                sql = sql.substring(0, sql.length() - 1);
            }
            boolean right = sql.startsWith("CREATE USER") || sql.startsWith("CREATE ROLE") || sql.startsWith("GRANT");
            if (!sql.isEmpty() && !sql.startsWith("--") && !right) {
                result.add(schemaWithoutOwner(sql));
            }
        }
        return result;
    }

    private static List<String> scriptLines(Connection connection, String which) throws IOException, SQLException {
        try {
            return strings(connection, "SCRIPT NODATA NOPASSWORDS NOSETTINGS" + which);
        } catch (SQLException e) {
            if (e.getErrorCode() != ADMIN_RIGHTS_REQUIRED) {
                throw e;
            }
            throw new IOException(
                    "H2 shows definitions to administrators only: let the data source connect as a user with ADMIN rights",
                    e);
        }
    }

    private static String schemaWithoutOwner(String sql) {
        int owner = sql.lastIndexOf(" AUTHORIZATION ");
        return sql.startsWith("CREATE SCHEMA") && owner > 0 ? sql.substring(0, owner) : sql;
    }

    /** Where counters stand changes with every row: it is told apart from the definition. */
    private static String withoutPosition(String sql) {
        if (!sql.contains(" RESTART WITH ")) {
            return sql;
        }
        List<Token> tokens = SqlTokens.of(sql).orElse(List.of());
        StringBuilder result = new StringBuilder(sql);
        for (int i = tokens.size() - 1; i >= 2; i--) {
            if (tokens.get(i).kind() == Kind.NUMBER) {
                int first = tokens.get(i - 1).is("-") ? i - 3 : i - 2;
                if (first > 0
                        && tokens.get(first).is("RESTART")
                        && tokens.get(first + 1).is("WITH")) {
                    result.delete(tokens.get(first - 1).end(), tokens.get(i).end());
                }
            }
        }
        return result.toString();
    }

    private Table table(Connection connection, TableName name, List<String> statements)
            throws IOException, SQLException {
        RecordSchema.Builder schema = RecordSchema.builder();
        Map<String, FieldType> types = new LinkedHashMap<>();
        String columns =
                "SELECT COLUMN_NAME, DATA_TYPE, DATA_TYPE_SQL(TABLE_SCHEMA, TABLE_NAME, 'TABLE', DTD_IDENTIFIER), IS_NULLABLE"
                        + " FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND IS_GENERATED = 'NEVER'"
                        + " ORDER BY ORDINAL_POSITION";
        try (PreparedStatement statement = connection.prepareStatement(columns)) {
            bind(statement, name);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String column = rows.getString(1);
                    FieldType type = H2Values.type(rows.getString(2)).orElse(null);
                    if (type == null) {
                        throw new IOException("column " + name.collection(defaultSchema()) + "." + column
                                + " is of type " + rows.getString(2)
                                + ", which can't be captured without loss; exclude the table");
                    }
                    types.put(column, type);
                    schema.field(new Field(
                            column,
                            type,
                            rows.getString(3),
                            rows.getString(4).equals("NO") ? Presence.REQUIRED : Presence.OPTIONAL));
                }
            }
        }
        List<String> key = key(connection, name);
        if (!key.isEmpty()) {
            schema.key(key.toArray(String[]::new));
        }
        references(connection, name).forEach(schema::reference);
        for (int i = 0; i < statements.size(); i++) {
            schema.attribute(Statements.name(i), statements.get(i));
        }
        // A primary key of one whole number is the order of the table itself; sorting by it costs nothing.
        boolean ordered = key.size() == 1 && types.get(key.get(0)) == FieldType.INTEGER;
        return new Table(
                name, name.collection(defaultSchema()), schema.build(), ordered ? Order.BY_KEY : Order.UNSORTED);
    }

    private static void bind(PreparedStatement statement, TableName name) throws SQLException {
        statement.setString(1, name.schema());
        statement.setString(2, name.table());
    }

    private static List<String> key(Connection connection, TableName name) throws SQLException {
        String sql =
                "SELECT K.COLUMN_NAME FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS C JOIN INFORMATION_SCHEMA.KEY_COLUMN_USAGE K"
                        + " ON K.CONSTRAINT_SCHEMA = C.CONSTRAINT_SCHEMA AND K.CONSTRAINT_NAME = C.CONSTRAINT_NAME"
                        + " AND K.TABLE_SCHEMA = C.TABLE_SCHEMA AND K.TABLE_NAME = C.TABLE_NAME"
                        + " WHERE C.CONSTRAINT_TYPE = 'PRIMARY KEY' AND C.TABLE_SCHEMA = ? AND C.TABLE_NAME = ? ORDER BY K.ORDINAL_POSITION";
        List<String> key = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, name);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    key.add(rows.getString(1));
                }
            }
        }
        return key;
    }

    private List<Reference> references(Connection connection, TableName name) throws SQLException {
        String sql = "SELECT R.CONSTRAINT_NAME, F.COLUMN_NAME, U.TABLE_SCHEMA, U.TABLE_NAME, U.COLUMN_NAME"
                + " FROM INFORMATION_SCHEMA.REFERENTIAL_CONSTRAINTS R JOIN INFORMATION_SCHEMA.KEY_COLUMN_USAGE F"
                + " ON F.CONSTRAINT_SCHEMA = R.CONSTRAINT_SCHEMA AND F.CONSTRAINT_NAME = R.CONSTRAINT_NAME"
                + " JOIN INFORMATION_SCHEMA.KEY_COLUMN_USAGE U ON U.CONSTRAINT_SCHEMA = R.UNIQUE_CONSTRAINT_SCHEMA"
                + " AND U.CONSTRAINT_NAME = R.UNIQUE_CONSTRAINT_NAME AND U.ORDINAL_POSITION = F.POSITION_IN_UNIQUE_CONSTRAINT"
                + " WHERE F.TABLE_SCHEMA = ? AND F.TABLE_NAME = ? ORDER BY R.CONSTRAINT_NAME, F.ORDINAL_POSITION";
        Map<String, Reference> found = new TreeMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, name);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Reference part = new Reference(
                            rows.getString(1),
                            List.of(rows.getString(2)),
                            new TableName(rows.getString(3), rows.getString(4)).collection(defaultSchema()),
                            List.of(rows.getString(5)));
                    found.merge(part.name(), part, References::join);
                }
            }
        }
        return List.copyOf(found.values());
    }

    @Override
    protected List<String> counters(Connection connection, Catalog catalog) throws SQLException {
        List<String> result = new ArrayList<>();
        String identities =
                "SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, IDENTITY_BASE FROM INFORMATION_SCHEMA.COLUMNS"
                        + " WHERE IS_IDENTITY = 'YES' AND IDENTITY_BASE IS NOT NULL AND TABLE_SCHEMA" + USER_SCHEMAS
                        + " ORDER BY 1, 2, 3";
        List<TableName> captured = catalog.tables().stream().map(Table::name).toList();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(identities)) {
            while (rows.next()) {
                TableName table = new TableName(rows.getString(1), rows.getString(2));
                if (captured.contains(table)) {
                    result.add("ALTER TABLE " + quote(table) + " ALTER COLUMN " + quote(rows.getString(3))
                            + " RESTART WITH " + rows.getLong(4));
                }
            }
        }
        String sequences = "SELECT SEQUENCE_SCHEMA, SEQUENCE_NAME, BASE_VALUE FROM INFORMATION_SCHEMA.SEQUENCES"
                + " WHERE BASE_VALUE IS NOT NULL AND SEQUENCE_SCHEMA" + USER_SCHEMAS + " ORDER BY 1, 2";
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sequences)) {
            while (rows.next()) {
                result.add("ALTER SEQUENCE " + quote(new TableName(rows.getString(1), rows.getString(2)))
                        + " RESTART WITH " + rows.getLong(3));
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
        long count = Long.parseLong(strings(connection, "SELECT COUNT(*) FROM " + quote(table.name()))
                .get(0));
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
            bind(statement, table.name());
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

    private void advance(Connection connection, TableName table, String column) throws SQLException {
        String sql = "SELECT (SELECT MAX(" + quote(column) + ") FROM " + quote(table) + ") + IDENTITY_INCREMENT"
                + " FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND COLUMN_NAME = '"
                + column.replace("'", "''") + "' AND IDENTITY_BASE <= (SELECT MAX(" + quote(column) + ") FROM "
                + quote(table) + ")";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, table);
            try (ResultSet rows = statement.executeQuery()) {
                if (rows.next()) {
                    execute(
                            connection,
                            "ALTER TABLE " + quote(table) + " ALTER COLUMN " + quote(column) + " RESTART WITH "
                                    + rows.getLong(1));
                }
            }
        }
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
    public void prepareRestore(Connection connection, Map<String, String> attributes) {}

    @Override
    public void prepareMerge(Connection connection) {}

    /** H2 doesn't tell whether a session reads lazily; it does not unless it was told to. */
    @Override
    public List<String> session(Connection connection) {
        return List.of("SET LAZY_QUERY_EXECUTION FALSE");
    }

    @Override
    public String checked(SchemaStatement foreignKey) {
        String sql = foreignKey.sql();
        return sql.endsWith(" NOCHECK") ? sql.substring(0, sql.length() - " NOCHECK".length()) : sql;
    }

    @Override
    public List<String> brokenReferences(Connection connection) {
        return List.of();
    }

    @Override
    public boolean canDeferReferences() {
        return false;
    }

    @Override
    public void deferReferences(Connection connection) {}
}
