package io.crmbackup.jdbc.internal.standard;

import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.dialect.TransactionDialect;
import io.crmbackup.jdbc.internal.dialect.ValueFormat;
import io.crmbackup.jdbc.internal.dialect.ViewRequest;
import io.crmbackup.jdbc.internal.sql.TableFilter;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.CapturedCollection.Order;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.Field.Presence;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.RecordSchema;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A database that nothing is known of but what its driver tells. Rows are read in one transaction of the strongest isolation that the driver
 * offers, values as the driver renders them. What that is worth differs from product to product, so the facts of a view say what is not
 * guaranteed. Definitions are not read, and nothing can be restored into such a database.
 */
public final class StandardDialect extends TransactionDialect {
    /** Parts of the names of products that show no state of several tables, whatever their drivers say. */
    private static final Set<String> NO_STATES = Set.of(
            "clickhouse",
            "hive",
            "impala",
            "spark",
            "trino",
            "presto",
            "cassandra",
            "bigquery",
            "athena",
            "excel",
            "csv");

    private final String product;
    private final String quote;
    private final String schema;
    private final int isolation;

    private StandardDialect(String product, String quote, String schema, int isolation) {
        this.product = product;
        this.quote = quote;
        this.schema = schema;
        this.isolation = isolation;
    }

    /** The dialect of a connection's database; fails if it has no transactions that show one state of all tables. */
    public static StandardDialect of(Connection connection) throws IOException, SQLException {
        DatabaseMetaData meta = connection.getMetaData();
        String product = StandardKeys.text(meta.getDatabaseProductName());
        String lower = product.toLowerCase(Locale.ROOT);
        if (!meta.supportsTransactions() || NO_STATES.stream().anyMatch(lower::contains)) {
            throw new IOException("the database " + product
                    + " can't be backed up: it has no transactions that show all tables as they were at one moment");
        }
        for (int isolation : List.of(Connection.TRANSACTION_SERIALIZABLE, Connection.TRANSACTION_REPEATABLE_READ)) {
            if (meta.supportsTransactionIsolationLevel(isolation)) {
                String quote =
                        StandardKeys.text(meta.getIdentifierQuoteString()).strip();
                return new StandardDialect(product, quote, StandardKeys.text(connection.getSchema()), isolation);
            }
        }
        throw new IOException("the database " + product
                + " can't be backed up: it offers no isolation of transactions above READ COMMITTED, in which tables would be those of"
                + " different moments");
    }

    @Override
    public String product() {
        return product;
    }

    @Override
    public String defaultSchema() {
        return schema;
    }

    @Override
    public Optional<String> refusesRestore() {
        return Optional.of("rows can't be written into " + product
                + ", as it is not known how it defines tables: a backup of it can be read with a Target of your own, which gets"
                + " all rows and may write them by statements of its own");
    }

    @Override
    protected Map<String, String> facts(Connection connection) {
        boolean serializable = isolation == Connection.TRANSACTION_SERIALIZABLE;
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "consistency",
                serializable
                        ? "one moment only if the isolation SERIALIZABLE of this product shows one; where it works by locks, the moment is"
                                + " that of the end of the capture"
                        : "not guaranteed to be one moment: REPEATABLE READ is the strongest isolation that this product offers; it is"
                                + " one if that is a snapshot");
        facts.put(
                "blocking",
                "not known: where this product's isolation works by locks, writers wait for the end of the capture");
        facts.put("definitions", "not captured: this product is not known, and nothing can be restored into it");
        facts.put(
                "values",
                "as the driver renders them; whether times depend on the time zone of the JVM is up to the driver");
        facts.put("redefinition", "a table that is redefined or truncated while it is read is not noticed");
        return facts;
    }

    @Override
    protected void begin(Connection connection, Catalog catalog, ViewRequest request) throws SQLException {
        connection.setTransactionIsolation(isolation);
        connection.setAutoCommit(false);
        for (Table table : catalog.tables()) {
            strings(connection, "SELECT 1 FROM " + quote(table.name()) + " WHERE 1 = 0");
        }
    }

    @Override
    public Catalog catalog(Connection connection, TableFilter filter) throws IOException, SQLException {
        List<String> leftOut = new ArrayList<>();
        leftOut.add("all definitions: tables, keys, indexes, constraints, views, routines, counters");
        leftOut.add("users, roles and their rights");
        leftOut.add("the content of views and of what other names stand for");
        List<TableName> base = base(connection, leftOut);
        Set<TableName> selected = filter.select(base, schema);
        for (TableName name : selected) {
            check(name, base);
        }
        List<Table> tables = new ArrayList<>();
        for (TableName name : base) {
            if (selected.contains(name)) {
                tables.add(table(connection, name));
            } else {
                leftOut.add("table " + name.collection(schema) + " (excluded)");
            }
        }
        return new Catalog(tables, List.of(), List.of(), leftOut);
    }

    /** The tables of the connection's catalog. Drivers may give more than they are asked for; what is not a table is named. */
    private List<TableName> base(Connection connection, List<String> leftOut) throws SQLException {
        String catalog = StandardKeys.text(connection.getCatalog());
        List<TableName> base = new ArrayList<>();
        try (ResultSet rows = connection.getMetaData().getTables(connection.getCatalog(), null, "%", null)) {
            while (rows.next()) {
                TableName name =
                        new TableName(StandardKeys.text(rows.getString("TABLE_SCHEM")), rows.getString("TABLE_NAME"));
                String type = StandardKeys.text(rows.getString("TABLE_TYPE")).toUpperCase(Locale.ROOT);
                boolean own = isOf(catalog, rows.getString("TABLE_CAT"))
                        && !name.schema().toUpperCase(Locale.ROOT).matches("INFORMATION_SCHEMA|SYS|SYSTEM|PG_CATALOG");
                if (own && (type.equals("TABLE") || type.equals("BASE TABLE"))) {
                    base.add(name);
                } else if (own
                        && type.matches(".*(TABLE|TEMPORARY|MATERIALIZED|EXTERNAL|FOREIGN|PARTITION).*")
                        && !type.contains("SYSTEM")
                        && !type.contains("INDEX")) {
                    leftOut.add(
                            "the content of " + name.collection(schema) + " (" + type.toLowerCase(Locale.ROOT) + ")");
                }
            }
        }
        return base;
    }

    private static boolean isOf(String catalog, @Nullable String other) {
        return catalog.isEmpty() || other == null || other.isEmpty() || other.equals(catalog);
    }

    /** Refuses names by which rows of another table could be read. */
    private void check(TableName name, List<TableName> base) throws IOException {
        if (base.indexOf(name) != base.lastIndexOf(name)) {
            throw new IOException("the driver tells of several tables called " + name.collection(schema)
                    + ", of different catalogs perhaps; connect to one catalog");
        }
        check(name.collection(schema), name.schema());
        check(name.collection(schema), name.table());
    }

    private void check(String table, String name) throws IOException {
        if (quote.isEmpty() && !name.matches("[\\p{L}\\p{N}_$#]*")) {
            throw new IOException("table " + table + " can't be captured, as " + product
                    + " has no quotes for names such as " + name + "; exclude the table");
        }
    }

    private Table table(Connection connection, TableName name) throws IOException, SQLException {
        DatabaseMetaData meta = connection.getMetaData();
        String escape = StandardKeys.text(meta.getSearchStringEscape());
        String catalog = StandardKeys.text(connection.getCatalog());
        Map<Integer, Field> fields = new TreeMap<>();
        try (ResultSet rows = meta.getColumns(connection.getCatalog(), null, pattern(name.table(), escape), "%")) {
            while (rows.next()) {
                boolean own = isOf(catalog, rows.getString("TABLE_CAT"))
                        && name.table().equals(rows.getString("TABLE_NAME"))
                        && name.schema().equals(StandardKeys.text(rows.getString("TABLE_SCHEM")));
                if (own && !"YES".equals(rows.getString("IS_GENERATEDCOLUMN"))) {
                    String type = StandardKeys.text(rows.getString("TYPE_NAME"));
                    int code = rows.getInt("DATA_TYPE");
                    boolean required = rows.getInt("NULLABLE") == DatabaseMetaData.columnNoNulls;
                    String column = rows.getString("COLUMN_NAME");
                    check(name.collection(schema), column);
                    FieldType fieldType = StandardTypes.of(code, type)
                            .orElseThrow(() ->
                                    new IOException("column " + name.collection(schema) + "." + column + " is of type "
                                            + type + ", which can't be captured without loss; exclude the table"));
                    Field field = new Field(
                            column,
                            fieldType,
                            StandardTypes.nativeType(code, type),
                            required ? Presence.REQUIRED : Presence.OPTIONAL);
                    Field other = fields.put(rows.getInt("ORDINAL_POSITION"), field);
                    if (other != null) {
                        throw new IOException("the driver tells of two columns in the same place of table "
                                + name.collection(schema) + ": " + other.name() + " and " + column);
                    }
                }
            }
        }
        if (fields.isEmpty()) {
            throw new IOException("the driver tells of no columns of table " + name.collection(schema)
                    + " that could be captured; exclude the table");
        }
        RecordSchema.Builder record = RecordSchema.builder();
        fields.values().forEach(record::field);
        List<String> names = fields.values().stream().map(Field::name).toList();
        List<String> key = StandardKeys.primary(connection, name);
        if (!key.isEmpty() && names.containsAll(key)) {
            record.key(key.toArray(String[]::new));
        }
        StandardKeys.foreign(connection, name, schema).stream()
                .filter(reference -> names.containsAll(reference.fields()))
                .forEach(record::reference);
        return new Table(name, name.collection(schema), record.build(), Order.UNSORTED);
    }

    private static String pattern(String name, String escape) {
        return escape.isEmpty()
                ? "%"
                : name.replace(escape, escape + escape)
                        .replace("_", escape + "_")
                        .replace("%", escape + "%");
    }

    @Override
    public String quote(String name) {
        return quote.isEmpty() ? name : quote + name.replace(quote, quote + quote) + quote;
    }

    @Override
    protected List<String> counters(Connection connection, Catalog catalog) {
        return List.of();
    }

    /** Nothing is known that could be asked for without ending the view. */
    @Override
    protected List<String> state(Connection connection) {
        return List.of();
    }

    @Override
    protected TableWatch watch(Connection connection, Table table, ViewRequest request) {
        return rows -> {};
    }

    @Override
    public ValueFormat format(Field field) {
        return StandardTypes.format(field);
    }

    @Override
    public String overriding(List<Field> fields) {
        return "";
    }

    @Override
    public boolean rollsBackDefinitions() {
        return false;
    }

    @Override
    public List<String> session(Connection connection) {
        return List.of();
    }

    @Override
    public void prepareRestore(Connection connection, Map<String, String> attributes) throws IOException {
        throw new IOException(refusesRestore().orElseThrow());
    }
}
