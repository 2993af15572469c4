package io.crmbackup.jdbc.internal.postgres.exchange;

import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.postgres.rows.Relation;
import io.crmbackup.jdbc.internal.sql.Statements;
import io.crmbackup.jdbc.internal.sql.TableFilter;
import io.crmbackup.jdbc.internal.sql.TableName;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The schemas of a database that are exchanged as a whole: those with tables of the source; all that users have made if the source is all of the
 * database.
 *
 * @param names what they are called
 * @param tables their tables, those that are divided among them
 * @param leftOut their tables that the source leaves out
 */
record ExchangedSchemas(List<String> names, List<TableName> tables, List<TableName> leftOut) {
    private static final String OF_USERS = "SELECT n.nspname FROM pg_catalog.pg_namespace n WHERE n.nspname !~ '^pg_'"
            + " AND n.nspname <> 'information_schema' AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d"
            + " WHERE d.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND d.objid = n.oid AND d.deptype = 'e')"
            + " ORDER BY n.nspname";

    ExchangedSchemas {
        names = List.copyOf(names);
        tables = List.copyOf(tables);
        leftOut = List.copyOf(leftOut);
    }

    static ExchangedSchemas of(Connection connection, TableFilter filter) throws IOException, SQLException {
        List<Relation> relations = Relation.all(connection);
        List<TableName> all =
                relations.stream().filter(Relation::isTable).map(Relation::name).toList();
        Set<TableName> selected = filter.select(all, Relation.DEFAULT_SCHEMA);
        List<String> names = Dialect.strings(connection, OF_USERS).stream()
                .filter(name -> filter.schemas().isEmpty()
                        ? filter.includes().isEmpty()
                                || selected.stream()
                                        .anyMatch(table -> table.schema().equals(name))
                        : filter.schemas().stream().anyMatch(name::equalsIgnoreCase))
                .toList();
        List<TableName> tables = relations.stream()
                .filter(relation -> relation.isTable() || relation.kind() == 'p')
                .map(Relation::name)
                .filter(table -> names.contains(table.schema()))
                .toList();
        List<TableName> leftOut = all.stream()
                .filter(table -> names.contains(table.schema()) && !selected.contains(table))
                .toList();
        return new ExchangedSchemas(names, tables, leftOut);
    }

    /**
     * Why they can't be exchanged.
     *
     * @param present what a backup holds of them
     */
    List<String> objections(Connection connection, Catalog present) throws SQLException {
        List<String> objections = new ArrayList<>();
        new LeftOutTables(connection, leftOut)
                .bonds(names)
                .forEach(bond -> objections.add(
                        "a table that the source leaves out can't stay while all around it is replaced, as " + bond
                                + ": move it to another schema, or include it"));
        Dependents dependents = new Dependents(connection, names);
        objections.addAll(dependents.rights());
        objections.addAll(dependents.extensions());
        dependents
                .publications()
                .forEach(publication ->
                        objections.add(publication + " and would no more: drop it, and make it again afterwards"));
        dependents
                .outside()
                .forEach(needed ->
                        objections.add(needed + ", and would be dropped with it: it lies outside of what is replaced"));
        dependents
                .notInBackups(statements(present))
                .forEach(what -> objections.add(what + " would be lost, as a backup doesn't hold it"));
        return objections;
    }

    private static List<String> statements(Catalog present) {
        return Stream.concat(
                        Stream.concat(present.before().stream(), present.after().stream()),
                        present.tables().stream()
                                .flatMap(table -> Statements.of(table.schema().attributes()).stream()))
                .toList();
    }
}
