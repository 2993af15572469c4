package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.mysql.rows.Column;
import io.crmbackup.jdbc.internal.mysql.rows.MySqlValues;
import io.crmbackup.jdbc.internal.mysql.statement.CreateTable;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import io.crmbackup.jdbc.internal.sql.Statements;
import io.crmbackup.jdbc.internal.sql.TableFilter;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.CapturedCollection.Order;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.Field.Presence;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.RecordSchema;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads what the connection's database consists of. */
final class CatalogReader {
    private final Connection connection;
    private final MySqlFamily dialect;
    private final List<StoredTable> stored;
    private final DatabaseDefaults database;
    private final List<String> leftOut = new ArrayList<>();

    /** Reads of these tables of the database. */
    CatalogReader(Connection connection, MySqlFamily dialect, List<StoredTable> stored) throws SQLException {
        this.connection = connection;
        this.dialect = dialect;
        this.stored = stored;
        this.database = DatabaseDefaults.of(connection, dialect);
    }

    /** The tables that a filter selects. */
    static List<StoredTable> selected(List<StoredTable> stored, TableFilter filter) throws IOException {
        List<TableName> names = stored.stream()
                .filter(StoredTable::hasRows)
                .map(CatalogReader::name)
                .toList();
        Set<TableName> selected = filter.select(names, "");
        return stored.stream().filter(table -> selected.contains(name(table))).toList();
    }

    private static TableName name(StoredTable table) {
        return new TableName("", table.name());
    }

    public Catalog read(TableFilter filter) throws IOException, SQLException {
        leftOut.add("users, roles and their rights");
        leftOut.addAll(Rights.of(connection).hidden());
        Set<StoredTable> selected = new HashSet<>(selected(stored, filter));
        Map<String, List<Column>> columns = Column.all(connection);
        Keys keys = Keys.of(connection);
        Programs programs = new Programs(connection, dialect, stored, database, leftOut);
        Map<String, List<String>> triggers = programs.triggers();
        List<Table> tables = new ArrayList<>();
        List<String> before = new ArrayList<>(List.of(database.statement()));
        for (StoredTable table : stored) {
            if (selected.contains(table)) {
                tables.add(table(
                        table,
                        columns.getOrDefault(table.name(), List.of()),
                        keys,
                        triggers.getOrDefault(table.name(), List.of())));
                if (table.isVersioned()) {
                    leftOut.add("former rows of " + name(table).collection("") + " (system versioning)");
                }
            } else if (table.isSequence()) {
                before.add(definition("SEQUENCE", table.name()));
            } else if (table.hasRows()) {
                leftOut.add("table " + name(table).collection("") + " (excluded)");
            } else if (!table.isView()) {
                leftOut.add("the content of " + name(table).collection("") + " (" + table.engine() + ")");
            }
        }
        return new Catalog(tables, before, programs.definitions(), leftOut);
    }

    private Table table(StoredTable stored, List<Column> columns, Keys keys, List<String> triggers)
            throws IOException, SQLException {
        TableName name = name(stored);
        String collection = name.collection("");
        String definition = database.leftOut(definition("TABLE", stored.name()));
        RecordSchema.Builder schema = RecordSchema.builder();
        Set<String> fields = new HashSet<>();
        Set<String> ordered = new HashSet<>();
        for (Column column : columns) {
            if (!column.isGenerated()) {
                schema.field(field(collection, column, definition));
                fields.add(column.name());
                if (column.isOrdered()) {
                    ordered.add(column.name());
                }
            }
        }
        Optional<Map.Entry<String, List<String>>> key = keys.of(stored.name()).entrySet().stream()
                .map(entry -> Map.entry(entry.getKey(), ofCurrentRows(entry.getValue(), definition)))
                .filter(entry -> !entry.getValue().isEmpty() && fields.containsAll(entry.getValue()))
                .findFirst();
        key.ifPresent(k -> schema.key(k.getValue().toArray(String[]::new)));
        keys.references(stored.name()).stream()
                .filter(reference -> fields.containsAll(reference.fields()))
                .forEach(schema::reference);
        List<String> statements = new ArrayList<>(CreateTable.divided(dialect.quote(name), definition));
        statements.addAll(triggers);
        for (int i = 0; i < statements.size(); i++) {
            schema.attribute(Statements.name(i), statements.get(i));
        }
        // InnoDB keeps rows by their primary key: its order costs nothing.
        boolean byKey = stored.engine().equals("InnoDB")
                && !stored.isPartitioned()
                && key.filter(k -> k.getKey().equals(Keys.PRIMARY) && ordered.containsAll(k.getValue()))
                        .isPresent();
        return new Table(name, collection, schema.build(), byKey ? Order.BY_KEY : Order.UNSORTED);
    }

    /** A key of a versioned table without the end of the rows' time, which the server adds, and which current rows have in common. */
    private List<String> ofCurrentRows(List<String> key, String definition) {
        return key.stream()
                .filter(column -> !Pattern.compile(
                                "\n *" + Pattern.quote(dialect.quote(column)) + " [^'`\n]* GENERATED ALWAYS AS ROW END")
                        .matcher(definition)
                        .find())
                .toList();
    }

    private Field field(String collection, Column column, String definition) throws IOException {
        FieldType type = MySqlValues.type(column.dataType())
                .orElseThrow(() -> new IOException("column " + collection + "." + column.name() + " is of type "
                        + column.columnType() + ", which can't be captured without loss; exclude the table"));
        // MariaDB has no type for JSON but text that is checked.
        boolean json = type == FieldType.TEXT
                && definition.contains("CHECK (json_valid(" + dialect.quote(column.name()) + "))");
        return new Field(
                column.name(),
                json ? FieldType.JSON : type,
                column.nativeType(),
                column.isNullable() ? Presence.OPTIONAL : Presence.REQUIRED);
    }

    private String definition(String kind, String name) throws IOException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW CREATE " + kind + " " + dialect.quote(name))) {
            rows.next();
            return rows.getString(2);
        } catch (SQLException e) {
            throw new DatabaseException("reading the definition of " + kind.toLowerCase(Locale.ROOT) + " " + name, e);
        }
    }
}
