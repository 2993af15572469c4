package io.crmbackup.jdbc.internal.hsqldb;

import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.dialect.TransactionDialect;
import io.crmbackup.jdbc.internal.dialect.ValueFormat;
import io.crmbackup.jdbc.internal.dialect.ViewRequest;
import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import io.crmbackup.jdbc.internal.sql.Statements;
import io.crmbackup.jdbc.internal.sql.TableFilter;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.jdbc.internal.standard.StandardKeys;
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
import java.util.stream.Collectors;

/**
 * HSQLDB. In its transaction mode MVCC a transaction sees all tables as they were at its first statement and blocks no writer; but who
 * redefines a table waits for it, and everybody who comes after waits as well, so the view gives way in time. In the modes LOCKS, the default
 * of HSQLDB, and MVLOCKS the transaction takes read locks on all captured tables in its first statement, which HSQLDB grants all at once or
 * not yet, so that no deadlock can arise; it keeps them to the end, and writers wait. (MVLOCKS has snapshots for read-only sessions, but
 * such a session may not ask for definitions and counters.) HSQLDB has no limit on how long a statement waits for locks.
 *
 * <p>A result is complete before its first row is given out. Above some thousand rows HSQLDB keeps it in a file beside the database.
 */
public final class HsqldbDialect extends TransactionDialect {
    /** Ends the native type of a column that takes a given value only if an INSERT says so. */
    private static final String ALWAYS = " GENERATED ALWAYS AS IDENTITY";

    private static final int ROWS_IN_MEMORY = 5000;
    private static final String USER_SCHEMAS = " NOT IN ('INFORMATION_SCHEMA', 'SYSTEM_LOBS')";

    private static final String STATE =
            "SELECT TABLE_SCHEMA || '|' || TABLE_NAME || '|' || ORDINAL_POSITION || '|' || COLUMN_NAME || '|' || DTD_IDENTIFIER || '|'"
                    + " || IS_NULLABLE || '|' || COALESCE(COLUMN_DEFAULT, '') || '|' || COALESCE(GENERATION_EXPRESSION, '')"
                    + " FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA" + USER_SCHEMAS + " UNION ALL"
                    + " SELECT TABLE_SCHEMA || '|' || TABLE_NAME || '|' || CONSTRAINT_NAME FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS"
                    + " WHERE TABLE_SCHEMA" + USER_SCHEMAS + " UNION ALL"
                    + " SELECT TABLE_SCHEM || '|' || TABLE_NAME || '|' || INDEX_NAME || '|' || COLUMN_NAME"
                    + " FROM INFORMATION_SCHEMA.SYSTEM_INDEXINFO WHERE TABLE_SCHEM" + USER_SCHEMAS + " ORDER BY 1";

    @Override
    public String product() {
        return "HSQL Database Engine";
    }

    @Override
    public String defaultSchema() {
        return "PUBLIC";
    }

    private static String mode(Connection connection) throws SQLException {
        return strings(connection, "VALUES(TRANSACTION_CONTROL())").get(0);
    }

    private static boolean locks(Connection connection) throws SQLException {
        return !mode(connection).equals("MVCC");
    }

    @Override
    protected Map<String, String> facts(Connection connection) throws SQLException {
        Map<String, String> facts = new LinkedHashMap<>();
        boolean locks = locks(connection);
        facts.put(
                "consistency", locks ? "one moment (read locks on all tables)" : "one moment (a snapshot transaction)");
        facts.put(
                "blocking",
                locks
                        ? "writers wait for the end of the capture (transaction mode " + mode(connection)
                                + "); readers don't"
                        : "none: others read and write meanwhile; who redefines tables waits, and others behind them, until the"
                                + " capture gives way");
        facts.putAll(setting(connection));
        return facts;
    }

    @Override
    public Map<String, String> setting(Connection connection) throws SQLException {
        return Map.of(
                "collation",
                String.join(
                        ",",
                        strings(
                                connection,
                                "SELECT PROPERTY_VALUE FROM INFORMATION_SCHEMA.SYSTEM_PROPERTIES"
                                        + " WHERE PROPERTY_NAME = 'sql.collation'")));
    }

    @Override
    protected void begin(Connection connection, Catalog catalog, ViewRequest request) throws SQLException {
        execute(connection, "SET SESSION RESULT MEMORY ROWS " + ROWS_IN_MEMORY);
        connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        connection.setAutoCommit(false);
        String all = catalog.tables().stream()
                .map(table -> "SELECT 1 FROM " + quote(table.name()) + " WHERE FALSE")
                .collect(Collectors.joining(" UNION ALL "));
        strings(connection, all.isEmpty() ? "VALUES(1)" : all);
    }

    @Override
    public Catalog catalog(Connection connection, TableFilter filter) throws IOException, SQLException {
        List<TableName> base = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        leftOut.add("users, roles and their rights");
        String list = "SELECT S.TABLE_SCHEM, S.TABLE_NAME, S.TABLE_TYPE, S.HSQLDB_TYPE, T.TABLE_TYPE"
                + " FROM INFORMATION_SCHEMA.SYSTEM_TABLES S JOIN INFORMATION_SCHEMA.TABLES T"
                + " ON T.TABLE_SCHEMA = S.TABLE_SCHEM AND T.TABLE_NAME = S.TABLE_NAME WHERE S.TABLE_SCHEM"
                + USER_SCHEMAS
                + " ORDER BY 1, 2";
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(list)) {
            while (rows.next()) {
                TableName name = new TableName(rows.getString(1), rows.getString(2));
                String collection = name.collection(defaultSchema());
                if (!rows.getString(3).equals("TABLE")) {
                    continue;
                }
                if (Set.of("CACHED", "MEMORY").contains(rows.getString(4))) {
                    base.add(name);
                    if (rows.getString(5).equals("SYSTEM_VERSIONED")) {
                        leftOut.add("former versions of rows of " + collection);
                    }
                } else {
                    leftOut.add("the content of " + collection + " (" + rows.getString(4) + ")");
                }
            }
        }
        Set<TableName> selected = filter.select(base, defaultSchema());
        Map<TableName, List<String>> statements = new LinkedHashMap<>();
        List<String> before = new ArrayList<>();
        List<String> after = new ArrayList<>();
        HsqldbScript script = HsqldbScript.of(connection);
        for (String sql : script.definitions()) {
            Optional<TableName> table = SchemaStatement.of(sql).table().filter(base::contains);
            if (table.isPresent()) {
                statements.computeIfAbsent(table.get(), t -> new ArrayList<>()).add(sql);
            } else {
                (statements.isEmpty() ? before : after).add(sql);
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
        return new Catalog(tables, before, after, leftOut, script.counters());
    }

    /** HSQLDB gives a name that counts up to a key that was given none. */
    private static Reference withoutSystemName(Reference reference) {
        return reference.name().startsWith("SYS_FK_")
                ? new Reference("", reference.fields(), reference.collection(), reference.targetFields())
                : reference;
    }

    private Table table(Connection connection, TableName name, List<String> statements)
            throws IOException, SQLException {
        RecordSchema.Builder schema = RecordSchema.builder();
        Map<String, FieldType> types = new LinkedHashMap<>();
        List<String> key = StandardKeys.primary(connection, name);
        String columns =
                "SELECT COLUMN_NAME, DATA_TYPE, DTD_IDENTIFIER, IS_NULLABLE, IDENTITY_GENERATION FROM INFORMATION_SCHEMA.COLUMNS"
                        + " WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND IS_GENERATED = 'NEVER'"
                        + " AND IS_SYSTEM_TIME_PERIOD_START = 'NO' AND IS_SYSTEM_TIME_PERIOD_END = 'NO' ORDER BY ORDINAL_POSITION";
        try (PreparedStatement statement = connection.prepareStatement(columns)) {
            statement.setString(1, name.schema());
            statement.setString(2, name.table());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String column = rows.getString(1);
                    String type = rows.getString(3);
                    FieldType fieldType = HsqldbValues.type(rows.getString(2), type)
                            .orElseThrow(
                                    () -> new IOException("column " + name.collection(defaultSchema()) + "." + column
                                            + " is of type " + type
                                            + ", which can't be captured without loss; exclude the table"));
                    types.put(column, fieldType);
                    boolean required = rows.getString(4).equals("NO") || key.contains(column);
                    String nativeType = "ALWAYS".equals(rows.getString(5)) ? type + ALWAYS : type;
                    schema.field(
                            new Field(column, fieldType, nativeType, required ? Presence.REQUIRED : Presence.OPTIONAL));
                }
            }
        }
        if (!key.isEmpty() && types.keySet().containsAll(key)) {
            schema.key(key.toArray(String[]::new));
        }
        StandardKeys.foreign(connection, name, defaultSchema()).stream()
                .filter(reference -> types.keySet().containsAll(reference.fields()))
                .map(HsqldbDialect::withoutSystemName)
                .forEach(schema::reference);
        for (int i = 0; i < statements.size(); i++) {
            schema.attribute(Statements.name(i), statements.get(i));
        }
        boolean ordered = key.size() == 1 && types.get(key.get(0)) == FieldType.INTEGER;
        return new Table(
                name, name.collection(defaultSchema()), schema.build(), ordered ? Order.BY_KEY : Order.UNSORTED);
    }

    /**
     * Where SCRIPT saw counters when the catalog was read, and again past the rows of the view, which may be newer: SCRIPT itself would end
     * the view.
     */
    @Override
    protected List<String> counters(Connection connection, Catalog catalog) throws SQLException {
        return new HsqldbCounters(this, connection).of(catalog);
    }

    @Override
    protected List<String> state(Connection connection) throws SQLException {
        return strings(connection, STATE);
    }

    /** Nothing can be redefined while the view is open. */
    @Override
    protected TableWatch watch(Connection connection, Table table, ViewRequest request) {
        return rows -> {};
    }

    /** With a snapshot only those wait who redefine tables, and whoever comes after them; with locks every writer waits, as was stated. */
    @Override
    protected TableWatch watchWaiters(Connection connection, ViewRequest request) throws SQLException {
        return locks(connection) ? rows -> {} : new HsqldbWaiters(connection, request.yieldToDdl());
    }

    @Override
    public ValueFormat format(Field field) {
        return HsqldbValues.format(field);
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
        return fields.stream().anyMatch(field -> field.nativeType().endsWith(ALWAYS)) ? " OVERRIDING SYSTEM VALUE" : "";
    }

    @Override
    public boolean rollsBackDefinitions() {
        return false;
    }

    /** Lifts a limit of rows that the session may have: catalogs and tables would be cut off without a word. HSQLDB doesn't tell what it was. */
    @Override
    public List<String> session(Connection connection) throws SQLException {
        execute(connection, "SET MAXROWS 0");
        return strings(
                        connection,
                        "SELECT VALUE FROM INFORMATION_SCHEMA.SYSTEM_SESSIONINFO WHERE KEY = 'RESULT MEMORY ROWS'")
                .stream()
                .map(rows -> "SET SESSION RESULT MEMORY ROWS " + rows)
                .toList();
    }

    @Override
    public void prepareRestore(Connection connection, Map<String, String> attributes) {}
}
