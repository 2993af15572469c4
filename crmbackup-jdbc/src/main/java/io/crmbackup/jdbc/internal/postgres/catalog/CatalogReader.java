package io.crmbackup.jdbc.internal.postgres.catalog;

import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.postgres.rows.Column;
import io.crmbackup.jdbc.internal.postgres.rows.PostgresTable;
import io.crmbackup.jdbc.internal.postgres.rows.Relation;
import io.crmbackup.jdbc.internal.postgres.schema.DatabaseSchema;
import io.crmbackup.jdbc.internal.postgres.schema.SchemaReader;
import io.crmbackup.jdbc.internal.sql.Statements;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.CapturedCollection.Order;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Reference;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/** Reads what a database consists of, in a transaction whose search path is empty: names then come with their schemas. */
public final class CatalogReader {
    private final Connection connection;
    private final List<Relation> relations;
    private final Set<TableName> selected;
    private final List<String> leftOut = new ArrayList<>();

    /**
     * Prepares to read.
     *
     * @param relations what there is
     * @param selected the tables that are captured
     */
    public CatalogReader(Connection connection, List<Relation> relations, Set<TableName> selected) {
        this.connection = connection;
        this.relations = relations;
        this.selected = selected;
    }

    /**
     * What was read.
     *
     * @param tables the captured tables, by the names of their collections
     * @param order attributes of the capture that say what comes when in a restore
     */
    public record Contents(Catalog catalog, Map<String, PostgresTable> tables, Map<String, String> order) {}

    public Contents read() throws SQLException {
        Map<Long, List<Column>> columns = Columns.byTable(connection);
        Map<Long, List<String>> keys = Keys.byTable(connection);
        ForeignKeys references = ForeignKeys.read(connection);
        DatabaseSchema schema = SchemaReader.read(
                connection, names(this::isCaptured), names(CatalogReader::isRoot), names(this::isAbsent));
        Map<String, PostgresTable> tables = new LinkedHashMap<>();
        leaveOut();
        for (Relation relation : relations) {
            if (isCaptured(relation)) {
                List<Column> all = columns.getOrDefault(relation.oid(), List.of());
                PostgresTable table = table(
                        relation,
                        all,
                        keys.getOrDefault(relation.oid(), List.of()),
                        references.of(relation),
                        Objects.requireNonNull(schema.tables().get(relation.oid()), "a definition of each table"));
                tables.put(table.table().collection(), table);
            }
        }
        List<Table> captured =
                tables.values().stream().map(PostgresTable::table).toList();
        leftOut.addAll(schema.leftOut());
        return new Contents(
                new Catalog(captured, sql(schema.before()), sql(schema.after()), leftOut), tables, schema.attributes());
    }

    private static List<String> sql(List<DatabaseSchema.Step> steps) {
        return steps.stream().map(DatabaseSchema.Step::sql).toList();
    }

    /** The names of collections, as the tables would be, by numbers. */
    private Map<Long, String> names(Predicate<Relation> which) {
        Map<Long, String> names = new HashMap<>();
        relations.stream()
                .filter(which)
                .forEach(relation -> names.put(relation.oid(), relation.name().collection(Relation.DEFAULT_SCHEMA)));
        return names;
    }

    private static boolean isRoot(Relation relation) {
        return relation.kind() == 'p' && relation.extension().isEmpty();
    }

    /** Whether it is a table that is excluded, of an extension or on another server. */
    private boolean isAbsent(Relation relation) {
        return switch (relation.kind()) {
            case 'r' -> !isCaptured(relation);
            case 'p' -> !isRoot(relation);
            default -> relation.kind() == 'f';
        };
    }

    private boolean isCaptured(Relation relation) {
        return relation.isTable() && selected.contains(relation.name());
    }

    private void leaveOut() throws SQLException {
        leftOut.add("users and roles");
        for (String extension : extensions()) {
            leftOut.add("what extension " + extension + " brings with it");
        }
        leftOut.addAll(OtherObjects.names(connection));
        for (Relation relation : relations) {
            String name = relation.name().collection(Relation.DEFAULT_SCHEMA);
            switch (relation.kind()) {
                case 'f' -> leftOut.add("the content of foreign table " + name);
                case 'm' ->
                    leftOut.add("the content of materialized view " + name + ", which is computed from other tables");
                case 'r' -> {
                    if (!relation.isTable()) {
                        leftOut.add("table " + name + " of extension " + relation.extension());
                    } else if (!selected.contains(relation.name())) {
                        leftOut.add("table " + name + " (excluded)");
                    }
                }
                default -> {
                    // Views and tables that are divided into partitions have no rows of their own.
                }
            }
        }
        if (!strings("SELECT 'some' FROM pg_catalog.pg_largeobject_metadata LIMIT 1")
                .isEmpty()) {
            leftOut.add("large objects (pg_largeobject); columns keep their numbers only");
        }
    }

    private List<String> extensions() throws SQLException {
        return strings(
                "SELECT extname || ' ' || extversion FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql' ORDER BY extname");
    }

    private List<String> strings(String sql) throws SQLException {
        return Dialect.strings(connection, sql);
    }

    private PostgresTable table(
            Relation relation, List<Column> all, List<String> key, List<Reference> references, String definition) {
        List<Column> columns =
                all.stream().filter(Predicate.not(Column::isGenerated)).toList();
        RecordSchema.Builder schema = RecordSchema.builder();
        columns.forEach(column -> schema.field(column.field()));
        List<String> names = columns.stream().map(Column::name).toList();
        boolean keyed = !key.isEmpty() && names.containsAll(key);
        boolean ordered = keyed
                && columns.stream()
                        .filter(column -> key.contains(column.name()))
                        .allMatch(column -> column.base().ordersLikeKeys());
        if (keyed) {
            schema.key(key.toArray(String[]::new));
        }
        references.stream()
                .filter(reference -> names.containsAll(reference.fields()))
                .forEach(schema::reference);
        schema.attribute(Statements.name(0), definition);
        Table table = new Table(
                relation.name(),
                relation.name().collection(Relation.DEFAULT_SCHEMA),
                schema.build(),
                ordered ? Order.BY_KEY : Order.UNSORTED);
        return new PostgresTable(relation, columns, table);
    }
}
