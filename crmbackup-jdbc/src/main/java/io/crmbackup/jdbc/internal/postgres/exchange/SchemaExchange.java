package io.crmbackup.jdbc.internal.postgres.exchange;

import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.Exchange;
import io.crmbackup.jdbc.internal.dialect.RowCursor;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.postgres.catalog.CatalogReader;
import io.crmbackup.jdbc.internal.postgres.rows.PostgresTable;
import io.crmbackup.jdbc.internal.postgres.rows.Relation;
import io.crmbackup.jdbc.internal.postgres.rows.Session;
import io.crmbackup.jdbc.internal.postgres.rows.TableRead;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import io.crmbackup.jdbc.internal.sql.TableFilter;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.RecordCursor;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One transaction on one connection. The schemas with the old tables are renamed, which takes no lock on a table and which nobody else sees; new ones
 * are made under their names and filled; the old ones are dropped, and all is committed. Writers wait from the first moment, for a lock that lets
 * readers read. Readers wait only from the moment when the old tables are locked to be dropped, up to the commit.
 *
 * <p>Whoever reads is so shown old tables or new ones. That holds for a transaction that keeps its snapshot (REPEATABLE READ) from before the commit too: if it
 * has read an old table it is waited for, and if it comes afterwards it sees the new rows, as COPY puts them there frozen. (Rows of INSERT, by another
 * driver than pgjdbc, would be too new for it, and the table look empty.)
 */
public final class SchemaExchange implements Exchange {
    /** Something of this name is there: object, schema, function, relation. */
    private static final Set<String> THERE_ALREADY = Set.of("42710", "42P06", "42723", "42P07");

    private final Connection connection;
    private final TableFilter filter;

    /** The schemas that are exchanged, and what they are called meanwhile. */
    private final Map<String, String> schemas = new LinkedHashMap<>();

    private List<TableName> old = List.of();
    private List<TableName> leftOut = List.of();
    private DefinedObjects defined = new DefinedObjects(Set.of());
    private Map<String, PostgresTable> tables = Map.of();

    public SchemaExchange(Connection connection, TableFilter filter) {
        this.connection = connection;
        this.filter = filter;
    }

    @Override
    public Outlook foresee(Catalog present, Set<String> statements) throws IOException, SQLException {
        try {
            Session.beginWriting(connection);
            Dialect.execute(connection, "SET TRANSACTION READ ONLY");
            ExchangedSchemas exchanged = ExchangedSchemas.of(connection, filter);
            List<String> objections = new ArrayList<>(exchanged.objections(connection, present));
            List<String> notes = new ArrayList<>();
            exchanged
                    .names()
                    .forEach(
                            name -> notes.add(
                                    "schema " + name
                                            + " is exchanged as a whole, with all that lies in it; writers wait meanwhile, readers for the moment of the exchange"));
            exchanged
                    .leftOut()
                    .forEach(table -> notes.add("table " + table.collection(Relation.DEFAULT_SCHEMA)
                            + ", which the source leaves out, stays as it is; who writes to it waits as well"));
            new Dependents(connection, exchanged.names())
                    .publicationsOfAll()
                    .forEach(
                            publication -> notes.add(
                                    publication
                                            + " publishes all tables: its subscribers get the restored rows besides those that they have"));
            notes.addAll(Bystanders.of(connection));
            return new Outlook(objections, notes);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    @Override
    public void hold() throws IOException, SQLException {
        // Each statement has to see what was committed before it.
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        Session.beginWriting(connection);
        ExchangedSchemas exchanged = ExchangedSchemas.of(connection, filter);
        old = exchanged.tables();
        new Locks(connection).take(old, Locks.Mode.EXCLUSIVE);
        if (!ExchangedSchemas.of(connection, filter).equals(exchanged)) {
            throw new IOException(
                    "tables of the database are being made, dropped or renamed; repeat the restore when that is over");
        }
        leftOut = exchanged.leftOut();
        defined = DefinedObjects.in(connection, exchanged.names());
        exchanged.names().forEach(name -> schemas.put(name, Aside.PREFIX + schemas.size()));
    }

    @Override
    public void makeRoom() throws IOException, SQLException {
        for (Map.Entry<String, String> schema : schemas.entrySet()) {
            Dialect.execute(
                    connection,
                    "ALTER SCHEMA " + TableRead.quote(schema.getKey()) + " RENAME TO "
                            + TableRead.quote(schema.getValue()));
        }
        if (schemas.containsKey(Relation.DEFAULT_SCHEMA) || filter.schemas().isEmpty()) {
            Dialect.execute(connection, "CREATE SCHEMA IF NOT EXISTS " + Relation.DEFAULT_SCHEMA);
        }
        new Aside(connection, schemas).moveExtensions();
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public void make(String sql) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            Dialect.execute(connection, sql);
            connection.releaseSavepoint(before);
        } catch (SQLException e) {
            connection.rollback(before);
            if (!THERE_ALREADY.contains(String.valueOf(e.getSQLState()))) {
                throw e;
            }
        }
    }

    @Override
    public void rehearse() throws IOException, SQLException {
        Savepoint before = connection.setSavepoint();
        Aside aside = new Aside(connection, schemas);
        aside.handOn();
        connection.rollback(before);
        new LeftOutTables(connection, leftOut).checkNames(schemas);
        aside.check(defined);
    }

    @Override
    public Catalog written() throws IOException, SQLException {
        List<Relation> relations = Relation.all(connection).stream()
                .filter(relation -> !schemas.containsValue(relation.name().schema()))
                .toList();
        List<TableName> names =
                relations.stream().filter(Relation::isTable).map(Relation::name).toList();
        CatalogReader.Contents contents =
                new CatalogReader(connection, relations, filter.select(names, Relation.DEFAULT_SCHEMA)).read();
        tables = contents.tables();
        return contents.catalog();
    }

    @Override
    public RecordCursor read(Table table) throws SQLException {
        PostgresTable own = Objects.requireNonNull(tables.get(table.collection()), "a table that was written");
        return new RowCursor(own.table(), new TableRead(own).all(List.of(connection)), DatabaseException::new);
    }

    @Override
    public List<String> complete() throws IOException, SQLException {
        Aside aside = new Aside(connection, schemas);
        aside.handOn();
        List<TableName> all = old.stream()
                .map(table -> new TableName(
                        Objects.requireNonNull(schemas.get(table.schema()), "an exchanged schema"), table.table()))
                .collect(Collectors.toList());
        new Locks(connection).take(all, Locks.Mode.ACCESS_EXCLUSIVE);
        aside.check(defined);
        LeftOutTables carried = new LeftOutTables(connection, leftOut);
        all.removeAll(carried.asides(schemas));
        carried.move(schemas);
        aside.drop(Set.copyOf(all));
        connection.commit();
        return List.of();
    }
}
