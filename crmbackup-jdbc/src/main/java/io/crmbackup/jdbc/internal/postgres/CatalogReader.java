package io.crmbackup.jdbc.internal.postgres;

import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.sql.Statements;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.CapturedCollection.Order;
import io.crmbackup.spi.RecordSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Reads what a database consists of, in a transaction whose search path is empty: names then come with their schemas. */
final class CatalogReader {
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
    CatalogReader(Connection connection, List<Relation> relations, Set<TableName> selected) {
        this.connection = connection;
        this.relations = relations;
        this.selected = selected;
    }

    /**
     * What was read.
     *
     * @param tables the captured tables, by the names of their collections
     */
    record Contents(Catalog catalog, Map<String, PostgresTable> tables) {}

    Contents read() throws SQLException {
        Map<Long, List<Column>> columns = Columns.byTable(connection);
        Map<Long, List<String>> keys = Keys.byTable(connection);
        Definitions definitions = new Definitions(
                connection, relations.stream().filter(this::isCaptured).toList());
        Map<String, PostgresTable> tables = new LinkedHashMap<>();
        leaveOut();
        for (Relation relation : relations) {
            if (isCaptured(relation)) {
                List<Column> all = columns.getOrDefault(relation.oid(), List.of());
                PostgresTable table = table(relation, all, keys.getOrDefault(relation.oid(), List.of()), definitions);
                tables.put(table.table().collection(), table);
            }
        }
        List<Table> captured =
                tables.values().stream().map(PostgresTable::table).toList();
        return new Contents(new Catalog(captured, definitions.before(), definitions.after(), leftOut), tables);
    }

    private boolean isCaptured(Relation relation) {
        return relation.isTable() && selected.contains(relation.name());
    }

    private void leaveOut() throws SQLException {
        leftOut.add("users, roles, their rights, and row security policies");
        for (String extension : definedByExtensions()) {
            leftOut.add("the definitions of extension " + extension);
        }
        leftOut.addAll(OtherObjects.names(connection));
        for (Relation relation : relations) {
            String name = relation.name().collection(PostgresDialect.DEFAULT_SCHEMA);
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

    private List<String> definedByExtensions() throws SQLException {
        return strings(
                "SELECT extname || ' ' || extversion FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql' ORDER BY extname");
    }

    private List<String> strings(String sql) throws SQLException {
        return PostgresDialect.strings(connection, sql);
    }

    private PostgresTable table(Relation relation, List<Column> all, List<String> key, Definitions definitions) {
        List<Column> columns =
                all.stream().filter(Predicate.not(Column::isGenerated)).toList();
        RecordSchema.Builder schema = RecordSchema.builder();
        columns.forEach(column -> schema.field(column.field()));
        boolean keyed =
                !key.isEmpty() && columns.stream().map(Column::name).toList().containsAll(key);
        boolean ordered = keyed
                && columns.stream()
                        .filter(column -> key.contains(column.name()))
                        .allMatch(column -> column.base().ordersLikeKeys());
        if (keyed) {
            schema.key(key.toArray(String[]::new));
        }
        definitions.references(relation).forEach(schema::reference);
        List<String> statements = definitions.statements(relation, all);
        for (int i = 0; i < statements.size(); i++) {
            schema.attribute(Statements.name(i), statements.get(i));
        }
        Table table = new Table(
                relation.name(),
                relation.name().collection(PostgresDialect.DEFAULT_SCHEMA),
                schema.build(),
                ordered ? Order.BY_KEY : Order.UNSORTED);
        return new PostgresTable(relation, columns, table);
    }
}
