package io.crmbackup.jdbc.internal.sqlite;

import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.sql.References;
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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads what a database consists of. Tables in which virtual tables keep their content are tables as any other here, which say whose they are. */
final class SqliteCatalog {
    /** A table's attribute: the virtual table whose content it holds. */
    static final String PART_OF = "partOf";

    /** A query gives at most 2,000 columns unless SQLite was compiled otherwise; each of a table takes three, see {@link SqliteValues}. */
    private static final int MOST_COLUMNS = 2000 / 3;

    private static final String SCHEMA = "main";

    private final Connection connection;
    private final SqliteDialect dialect;
    private final Map<String, Traits> traits = new TreeMap<>();
    private final Map<String, String> owners = new HashMap<>();
    private final List<String> leftOut = new ArrayList<>(List.of("hidden row ids"));
    private final Map<String, List<String>> statements = new HashMap<>();
    private final Map<String, String> virtualOf = new HashMap<>();
    private final List<String> after = new ArrayList<>();

    SqliteCatalog(Connection connection, SqliteDialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    Catalog read(TableFilter filter) throws IOException, SQLException {
        VirtualTables virtual = list();
        List<TableName> base = traits.keySet().stream()
                .map(table -> new TableName(SCHEMA, table))
                .toList();
        Set<TableName> selected = filter.select(base, SCHEMA);
        traits.keySet().forEach(table -> virtual.of(table).ifPresent(owner -> owners.put(table, owner)));
        definitions(selected);
        virtualOf.forEach((part, definition) ->
                statements.computeIfAbsent(part, table -> new ArrayList<>()).add(definition));
        List<Table> tables = new ArrayList<>();
        for (TableName name : base) {
            if (selected.contains(name)) {
                Optional<String> owner = Optional.ofNullable(owners.get(name.table()));
                tables.add(table(name, traits, statements.getOrDefault(name.table(), List.of()), owner));
            } else {
                leftOut.add("table " + name.collection(SCHEMA) + " (excluded)");
            }
        }
        return new Catalog(tables, List.of(), after, leftOut);
    }

    private VirtualTables list() throws SQLException {
        List<String> virtual = new ArrayList<>();
        List<String> shadows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' ORDER BY name")) {
            while (rows.next()) {
                String name = rows.getString(1);
                String type = rows.getString(2);
                if (isInternal(name)) {
                    if (name.startsWith("sqlite_stat")) {
                        leftOut.add("statistics of the planner (" + name + "): execute ANALYZE");
                    }
                } else if (type.equals("virtual")) {
                    virtual.add(name);
                } else if (!type.equals("view")) {
                    traits.put(name, new Traits(rows.getBoolean(3), rows.getBoolean(4)));
                    if (type.equals("shadow")) {
                        shadows.add(name);
                    }
                }
            }
        }
        return new VirtualTables(virtual, shadows);
    }

    private void definitions(Set<TableName> selected) throws SQLException {
        String sql = "SELECT type, tbl_name, sql, name FROM main.sqlite_schema WHERE sql IS NOT NULL"
                + " ORDER BY type <> 'table', type <> 'index', rowid";
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                String table = rows.getString(2);
                String definition = rows.getString(3);
                if (rows.getString(1).equals("table") && VirtualTables.isDefinition(definition)) {
                    virtual(table, definition, selected);
                } else if (traits.containsKey(table) && !rows.getString(1).equals("view")) {
                    statements.computeIfAbsent(table, t -> new ArrayList<>()).add(definition);
                } else if (!isInternal(rows.getString(4))) {
                    after.add(definition);
                }
            }
        }
    }

    /** It comes back with all the tables that hold its content, or not at all: behind the statements of the last of them. */
    private void virtual(String name, String definition, Set<TableName> selected) {
        List<String> parts = owners.entrySet().stream()
                .filter(part -> part.getValue().equals(name))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        if (!parts.stream().map(part -> new TableName(SCHEMA, part)).allMatch(selected::contains)) {
            leftOut.add("the virtual table " + name + " (tables that hold its content are excluded)");
        } else if (parts.isEmpty()) {
            after.add(definition);
        } else {
            virtualOf.put(parts.get(parts.size() - 1), definition);
        }
    }

    private record Traits(boolean withoutRowId, boolean strict) {}

    private static boolean isInternal(String name) {
        return name.toLowerCase(Locale.ROOT).startsWith("sqlite_");
    }

    private Table table(TableName name, Map<String, Traits> tables, List<String> statements, Optional<String> owner)
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
            throw new IOException("table " + name.collection(SCHEMA) + " has " + names.size()
                    + " columns, and can be captured with at most " + MOST_COLUMNS + "; exclude the table");
        }
        if (!key.isEmpty() && !hiddenKey && !holdsNull(connection, name, nullable)) {
            schema.key(key.values().toArray(String[]::new));
        }
        references(connection, name, tables.keySet(), names).forEach(schema::reference);
        owner.ifPresent(virtual -> schema.attribute(PART_OF, virtual));
        for (int i = 0; i < statements.size(); i++) {
            schema.attribute(Statements.name(i), statements.get(i));
        }
        return new Table(
                name,
                name.collection(SCHEMA),
                schema.build(),
                rowId ? Order.BY_KEY : Order.UNSORTED,
                traits.withoutRowId() || rowIds.isEmpty() ? "" : rowIds.get(0));
    }

    /** Whether one of these columns, which are those of an index, holds null in some row. */
    private boolean holdsNull(Connection connection, TableName name, List<String> columns) throws SQLException {
        for (String column : columns) {
            String sql =
                    "SELECT 1 FROM " + dialect.quote(name) + " WHERE " + dialect.quote(column) + " IS NULL LIMIT 1";
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
                                new TableName(SCHEMA, parent.get()).collection(SCHEMA),
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
}
