package io.crmbackup.jdbc.internal.sqlite;

import io.crmbackup.jdbc.internal.dialect.BorrowedConnection;
import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.Exchange;
import io.crmbackup.jdbc.internal.dialect.Switch;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.dialect.TransactionDialect;
import io.crmbackup.jdbc.internal.dialect.ValueFormat;
import io.crmbackup.jdbc.internal.dialect.ViewRequest;
import io.crmbackup.jdbc.internal.sql.ClientSyntax;
import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import io.crmbackup.jdbc.internal.sql.TableFilter;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * SQLite. A read transaction sees the whole file, its schema included, as it was at its first read. With a write-ahead log writers go on
 * meanwhile; with a rollback journal they wait for the end of the capture.
 *
 * <p>Values bring their own types, so columns are {@link FieldType#DYNAMIC}, but for an {@code INTEGER PRIMARY KEY}, which can hold nothing
 * else. Other primary keys may hold null, and then repeat, unless their columns say NOT NULL: a table whose key holds null somewhere counts as
 * one without key. Hidden row ids are not kept; SQLite itself changes them in VACUUM.
 */
public final class SqliteDialect extends TransactionDialect {
    /** What belongs to the file, and is chosen before there is anything in it; with what can be chosen. */
    private static final Map<String, Set<String>> OF_FILE = Map.of(
            "page_size", Set.of("512", "1024", "2048", "4096", "8192", "16384", "32768", "65536"),
            "auto_vacuum", Set.of("0", "1", "2"));

    @Override
    public String product() {
        return "SQLite";
    }

    @Override
    public String defaultSchema() {
        return "main";
    }

    @Override
    protected Map<String, String> facts(Connection connection) throws SQLException {
        Map<String, String> facts = new LinkedHashMap<>();
        String journal = pragma(connection, "journal_mode");
        facts.put("consistency", "one moment (a read transaction)");
        facts.put(
                "blocking",
                journal.equals("wal")
                        ? "none: others read and write meanwhile; the write-ahead log is not cut before the end"
                        : "writers wait for the end of the capture (journal mode " + journal + ")");
        facts.put("encoding", pragma(connection, "encoding"));
        for (String setting : OF_FILE.keySet()) {
            facts.put(setting, pragma(connection, setting));
        }
        return facts;
    }

    /** What can't be changed any more once there is something in the file. */
    @Override
    public Map<String, String> setting(Connection connection) throws SQLException {
        Map<String, String> setting = new LinkedHashMap<>();
        if (!pragma(connection, "page_count").equals("0")) {
            setting.put("encoding", pragma(connection, "encoding"));
            for (String name : OF_FILE.keySet()) {
                setting.put(name, pragma(connection, name));
            }
        }
        return setting;
    }

    private static String pragma(Connection connection, String name) throws SQLException {
        return strings(connection, "PRAGMA " + name).get(0);
    }

    @Override
    protected void begin(Connection connection, Catalog catalog, ViewRequest request) throws SQLException {
        execute(connection, "PRAGMA query_only = ON");
        // Not by the driver, which begins transactions as the data source says: IMMEDIATE and EXCLUSIVE ones take the
        // lock of a writer.
        execute(connection, "BEGIN DEFERRED");
        strings(connection, "SELECT COUNT(*) FROM main.sqlite_schema");
    }

    @Override
    protected void endTransaction(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.rollback();
            connection.setAutoCommit(true);
        }
        // The driver knows of no transaction that a statement began, as a view's, and would begin another one. A
        // savepoint
        // makes one where there is none, so that one can be undone.
        execute(connection, "SAVEPOINT crmbackup_end");
        execute(connection, "ROLLBACK");
    }

    @Override
    protected List<String> state(Connection connection) throws SQLException {
        return List.of(pragma(connection, "schema_version"));
    }

    @Override
    public Catalog catalog(Connection connection, TableFilter filter) throws IOException, SQLException {
        return new SqliteCatalog(connection, this).read(filter);
    }

    @Override
    public List<String> steps(Connection connection, SchemaStatement statement) {
        return VirtualTables.steps(statement.sql());
    }

    @Override
    public String sameName(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    @Override
    protected List<String> counters(Connection connection, Catalog catalog) throws SQLException {
        List<String> result = new ArrayList<>();
        for (String setting : List.of("user_version", "application_id")) {
            String value = pragma(connection, setting);
            if (!value.equals("0")) {
                result.add("PRAGMA " + setting + " = " + value);
            }
        }
        if (!strings(connection, "SELECT 1 FROM main.sqlite_schema WHERE name = 'sqlite_sequence'")
                .isEmpty()) {
            Set<String> captured =
                    catalog.tables().stream().map(table -> table.name().table()).collect(Collectors.toSet());
            try (Statement statement = connection.createStatement();
                    ResultSet rows =
                            statement.executeQuery("SELECT name, seq FROM main.sqlite_sequence ORDER BY name")) {
                while (rows.next()) {
                    if (captured.contains(rows.getString(1))) {
                        String name = "'" + rows.getString(1).replace("'", "''") + "'";
                        result.add("DELETE FROM sqlite_sequence WHERE name = " + name);
                        result.add("INSERT INTO sqlite_sequence (name, seq) VALUES (" + name + ", " + rows.getLong(2)
                                + ")");
                    }
                }
            }
        }
        return result;
    }

    @Override
    protected TableWatch watch(Connection connection, Table table, ViewRequest request) {
        return rows -> {};
    }

    @Override
    public ValueFormat format(Table table, Field field) {
        return field.type() == FieldType.INTEGER || table.rowId().isEmpty()
                ? format(field)
                : SqliteValues.ofRow(quote(table.name()), table.rowId(), quote(field.name()));
    }

    @Override
    public ValueFormat format(Field field) {
        return field.type() == FieldType.INTEGER ? SqliteValues.ROW_ID : SqliteValues.DYNAMIC;
    }

    @Override
    public String overriding(List<Field> fields) {
        return "";
    }

    @Override
    public boolean rollsBackDefinitions() {
        return true;
    }

    @Override
    public void prepareRestore(Connection connection, Map<String, String> attributes) throws IOException, SQLException {
        List<String> obstacles = obstacles(connection, attributes, List.of());
        if (!obstacles.isEmpty()) {
            throw new IOException(String.join("; ", obstacles));
        }
        execute(connection, "PRAGMA foreign_keys = OFF");
        if (isNew(connection)) {
            execute(connection, "PRAGMA encoding = '" + encoding(attributes) + "'");
        }
        // The size of pages can't be changed any more when the other one is set.
        for (String name : List.of("page_size", "auto_vacuum")) {
            String value = attributes.getOrDefault(name, pragma(connection, name));
            if (!OF_FILE.getOrDefault(name, Set.of()).contains(value)) {
                throw new IOException("the backup names a " + name + " that SQLite doesn't have: " + value);
            }
            execute(connection, "PRAGMA " + name + " = " + value);
        }
    }

    @Override
    public ClientSyntax clientSyntax() {
        return ClientSyntax.SQLITE;
    }

    @Override
    public List<String> scriptedSession() {
        return List.of("PRAGMA foreign_keys = OFF");
    }

    /**
     * Text is written in the bytes of its encoding, so the file has to have the same. It is chosen with the first table; after that SQLite must not be asked
     * for another one: with tables all gone it would write that into the old file, which then can't be opened.
     */
    @Override
    public List<String> obstacles(
            Connection connection, Map<String, String> attributes, List<SchemaStatement> statements)
            throws SQLException {
        String wanted = encoding(attributes);
        if (!Set.of("UTF-8", "UTF-16le", "UTF-16be").contains(wanted)) {
            return List.of("the backup names an encoding that SQLite doesn't have: " + wanted);
        }
        String own = pragma(connection, "encoding");
        return own.equals(wanted) || isNew(connection)
                ? List.of()
                : List.of("the database file has text in " + own + ", what is restored is in " + wanted
                        + ", and SQLite can't change that of a file that has held tables: restore into a new file");
    }

    private static String encoding(Map<String, String> attributes) {
        return attributes.getOrDefault("encoding", "UTF-8");
    }

    private static boolean isNew(Connection connection) throws SQLException {
        return pragma(connection, "schema_version").equals("0");
    }

    @Override
    public void prepareMerge(Connection connection) throws SQLException {
        execute(connection, "PRAGMA foreign_keys = ON");
    }

    @Override
    public List<String> session(Connection connection) throws SQLException {
        List<String> statements = new ArrayList<>();
        for (String setting : List.of("foreign_keys", "query_only")) {
            statements.add("PRAGMA " + setting + " = " + pragma(connection, setting));
        }
        return statements;
    }

    @Override
    public List<String> triggers(Connection connection, TableName table) throws SQLException {
        return strings(
                connection,
                "SELECT sql FROM main.sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?) ORDER BY rowid",
                table.table());
    }

    /** They are dropped, and made again. */
    @Override
    public Optional<Switch> triggerSwitch(Connection connection, TableName table) throws SQLException {
        List<String> off = strings(
                        connection,
                        "SELECT name FROM main.sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(?) ORDER BY rowid",
                        table.table())
                .stream()
                .map(name -> "DROP TRIGGER main." + quote(name))
                .toList();
        return Optional.of(new Switch("triggers of " + table.table(), off, triggers(connection, table)));
    }

    @Override
    public String firstRows(String query, int rows) {
        return query + " LIMIT " + rows;
    }

    @Override
    public Optional<Exchange> exchange(
            BorrowedConnection borrowed, Map<String, String> attributes, TableFilter filter) {
        return Optional.of(new SqliteExchange(borrowed, attributes, filter));
    }

    @Override
    public String checked(SchemaStatement foreignKey) {
        return foreignKey.sql();
    }

    @Override
    public List<String> brokenReferences(Connection connection) throws SQLException {
        List<String> broken = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT \"table\", parent, COUNT(*) FROM pragma_foreign_key_check GROUP BY 1, 2 ORDER BY 1, 2")) {
            while (rows.next()) {
                broken.add(new TableName(defaultSchema(), rows.getString(1)).collection(defaultSchema()) + " -> "
                        + rows.getString(2) + ": " + rows.getLong(3) + " row(s)");
            }
        }
        return broken;
    }

    @Override
    public boolean canDeferReferences() {
        return true;
    }

    @Override
    public void deferReferences(Connection connection) throws SQLException {
        execute(connection, "PRAGMA defer_foreign_keys = ON");
    }
}
