package io.crmbackup.jdbc.internal.sqlite;

import io.crmbackup.jdbc.internal.dialect.BorrowedConnection;
import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.Exchange;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.dialect.TransactionDialect;
import io.crmbackup.jdbc.internal.dialect.ValueFormat;
import io.crmbackup.jdbc.internal.dialect.ViewRequest;
import io.crmbackup.jdbc.internal.sql.References;
import io.crmbackup.jdbc.internal.sql.SchemaStatement;
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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * SQLite. A read transaction sees the whole file, its schema included, as it was at its first read. With a write-ahead log writers go on
 * meanwhile; with a rollback journal they wait for the end of the capture.
 *
 * <p>Values bring their own types, so columns are {@link FieldType#DYNAMIC}, but for an {@code INTEGER PRIMARY KEY}, which can hold nothing
 * else. Other primary keys may hold null, and then repeat, unless their columns say NOT NULL: a table whose key holds null somewhere counts as
 * one without key. Hidden row ids are not kept; SQLite itself changes them in VACUUM.
 */
public final class SqliteDialect extends TransactionDialect {
    /** A query gives at most 2,000 columns unless SQLite was compiled otherwise; each of a table takes three, see {@link SqliteValues}. */
    private static final int MOST_COLUMNS = 2000 / 3;

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
        return facts;
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
        super.endTransaction(connection);
        // The driver doesn't know of a view's transaction. A savepoint makes one where there is none, so that one can
        // be undone.
        execute(connection, "SAVEPOINT crmbackup_end");
        execute(connection, "ROLLBACK");
    }

    @Override
    protected List<String> state(Connection connection) throws SQLException {
        return List.of(pragma(connection, "schema_version"));
    }

    @Override
    public Catalog catalog(Connection connection, TableFilter filter) throws IOException, SQLException {
        Map<String, Traits> traits = new TreeMap<>();
        List<String> leftOut = new ArrayList<>();
        leftOut.add("hidden row ids");
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' ORDER BY name")) {
            while (rows.next()) {
                String name = rows.getString(1);
                if (rows.getString(2).equals("table") && !isInternal(name)) {
                    traits.put(name, new Traits(rows.getBoolean(3), rows.getBoolean(4)));
                } else if (!rows.getString(2).equals("view") && !isInternal(name)) {
                    leftOut.add("the content of " + name + " (" + rows.getString(2) + " table)");
                }
            }
        }
        List<TableName> base = traits.keySet().stream()
                .map(table -> new TableName(defaultSchema(), table))
                .toList();
        Set<TableName> selected = filter.select(base, defaultSchema());
        Map<String, List<String>> statements = new HashMap<>();
        List<String> after = new ArrayList<>();
        String definitions = "SELECT type, tbl_name, sql, name FROM main.sqlite_schema WHERE sql IS NOT NULL"
                + " ORDER BY type <> 'table', type <> 'index', rowid";
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(definitions)) {
            while (rows.next()) {
                boolean ofTable = traits.containsKey(rows.getString(2))
                        && !rows.getString(1).equals("view");
                if (ofTable) {
                    statements
                            .computeIfAbsent(rows.getString(2), t -> new ArrayList<>())
                            .add(rows.getString(3));
                } else if (rows.getString(1).equals("view") || rows.getString(1).equals("trigger")) {
                    after.add(rows.getString(3));
                } else if (!isInternal(rows.getString(4))) {
                    leftOut.add("the definition of " + rows.getString(4));
                }
            }
        }
        List<Table> tables = new ArrayList<>();
        for (TableName name : base) {
            if (selected.contains(name)) {
                List<String> own = statements.getOrDefault(name.table(), List.of());
                tables.add(table(connection, name, traits, own));
            } else {
                leftOut.add("table " + name.collection(defaultSchema()) + " (excluded)");
            }
        }
        return new Catalog(tables, List.of(), after, leftOut);
    }

    private record Traits(boolean withoutRowId, boolean strict) {}

    private static boolean isInternal(String name) {
        return name.toLowerCase(Locale.ROOT).startsWith("sqlite_");
    }

    private Table table(Connection connection, TableName name, Map<String, Traits> tables, List<String> statements)
            throws IOException, SQLException {
        RecordSchema.Builder schema = RecordSchema.builder();
        Traits traits = tables.getOrDefault(name.table(), new Traits(false, false));
        boolean rowId = isRowIdAlias(connection, name, traits);
        Map<Integer, String> key = new TreeMap<>();
        boolean hiddenKey = false;
        List<String> nullable = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<String> rowIds = new ArrayList<>(List.of("rowid", "_rowid_", "oid"));
        String columns = "SELECT name, type, \"notnull\", pk, hidden FROM pragma_table_xinfo(?, 'main') ORDER BY cid";
        try (PreparedStatement statement = connection.prepareStatement(columns)) {
            statement.setString(1, name.table());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String column = rows.getString(1);
                    rowIds.removeIf(column::equalsIgnoreCase);
                    boolean inKey = rows.getInt(4) > 0;
                    boolean required = rows.getBoolean(3) || inKey && rowId;
                    if (rows.getInt(5) == 0) {
                        names.add(column);
                        schema.field(new Field(
                                column,
                                inKey && rowId ? FieldType.INTEGER : FieldType.DYNAMIC,
                                rows.getString(2),
                                required ? Presence.REQUIRED : Presence.OPTIONAL));
                    }
                    if (inKey) {
                        key.put(rows.getInt(4), column);
                        hiddenKey |= rows.getInt(5) != 0;
                        if (!required) {
                            nullable.add(column);
                        }
                    }
                }
            }
        }
        if (names.size() > MOST_COLUMNS) {
            throw new IOException("table " + name.collection(defaultSchema()) + " has " + names.size()
                    + " columns, and can be captured with at most " + MOST_COLUMNS + "; exclude the table");
        }
        if (!key.isEmpty() && !hiddenKey && !holdsNull(connection, name, nullable)) {
            schema.key(key.values().toArray(String[]::new));
        }
        references(connection, name, tables.keySet(), names).forEach(schema::reference);
        for (int i = 0; i < statements.size(); i++) {
            schema.attribute(Statements.name(i), statements.get(i));
        }
        return new Table(
                name,
                name.collection(defaultSchema()),
                schema.build(),
                rowId ? Order.BY_KEY : Order.UNSORTED,
                traits.withoutRowId() || rowIds.isEmpty() ? "" : rowIds.get(0));
    }

    /** Whether one of these columns, which are those of an index, holds null in some row. */
    private boolean holdsNull(Connection connection, TableName name, List<String> columns) throws SQLException {
        for (String column : columns) {
            String sql = "SELECT 1 FROM " + quote(name) + " WHERE " + quote(column) + " IS NULL LIMIT 1";
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                if (rows.next()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether the primary key is the row id: one INTEGER column for which SQLite keeps no index. */
    private static boolean isRowIdAlias(Connection connection, TableName name, Traits traits) throws SQLException {
        String sql = "SELECT (SELECT COUNT(*) FROM pragma_table_xinfo(?1, 'main') WHERE pk > 0) = 1"
                + " AND (SELECT upper(type) FROM pragma_table_xinfo(?1, 'main') WHERE pk = 1) = 'INTEGER'"
                + " AND NOT EXISTS (SELECT 1 FROM pragma_index_list(?1, 'main') WHERE origin = 'pk')";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name.table());
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() && rows.getBoolean(1) && !traits.withoutRowId();
            }
        }
    }

    private List<Reference> references(Connection connection, TableName name, Set<String> tables, List<String> columns)
            throws SQLException {
        Map<Integer, Reference> found = new TreeMap<>();
        String sql = "SELECT f.id, f.\"table\", f.\"from\", coalesce(f.\"to\", (SELECT name FROM"
                + " pragma_table_xinfo(f.\"table\", 'main') WHERE pk = f.seq + 1)) FROM pragma_foreign_key_list(?, 'main') f"
                + " ORDER BY f.id, f.seq";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name.table());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Optional<String> parent = sameName(tables, rows.getString(2));
                    Optional<String> column = sameName(columns, rows.getString(3));
                    String parentColumn = rows.getString(4);
                    if (parent.isPresent() && column.isPresent() && parentColumn != null) {
                        Reference part = new Reference(
                                "",
                                List.of(column.get()),
                                new TableName(defaultSchema(), parent.get()).collection(defaultSchema()),
                                List.of(columnName(connection, parent.get(), parentColumn)));
                        found.merge(rows.getInt(1), part, References::join);
                    }
                }
            }
        }
        return List.copyOf(found.values());
    }

    private static String columnName(Connection connection, String table, String column) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT name FROM pragma_table_xinfo(?, 'main') WHERE lower(name) = lower(?)")) {
            statement.setString(1, table);
            statement.setString(2, column);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getString(1) : column;
            }
        }
    }

    /** Names of tables and columns are the same in large and small letters. */
    private static Optional<String> sameName(Iterable<String> names, String wanted) {
        for (String name : names) {
            if (name.equalsIgnoreCase(wanted)) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
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
        String encoding = attributes.getOrDefault("encoding", "UTF-8");
        if (!Set.of("UTF-8", "UTF-16le", "UTF-16be").contains(encoding)) {
            throw new IOException("the backup names an encoding that SQLite doesn't have: " + encoding);
        }
        execute(connection, "PRAGMA foreign_keys = OFF");
        execute(connection, "PRAGMA encoding = '" + encoding + "'");
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
    public String firstRows(String query, int rows) {
        return query + " LIMIT " + rows;
    }

    @Override
    public Exchange exchange(BorrowedConnection borrowed, Map<String, String> attributes, TableFilter filter) {
        return new SqliteExchange(borrowed, attributes, filter);
    }

    @Override
    public String checked(SchemaStatement foreignKey) {
        return foreignKey.sql();
    }

    @Override
    public List<String> brokenReferences(Connection connection) throws SQLException {
        return strings(
                        connection,
                        "SELECT \"table\" || ' -> ' || parent || ': ' || COUNT(*) || ' row(s)' FROM pragma_foreign_key_check"
                                + " GROUP BY \"table\", parent ORDER BY 1")
                .stream()
                .flatMap(Stream::ofNullable)
                .toList();
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
