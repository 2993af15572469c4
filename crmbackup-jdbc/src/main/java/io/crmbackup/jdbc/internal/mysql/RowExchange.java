package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.Exchange;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.dialect.TableCursor;
import io.crmbackup.jdbc.internal.sql.Statements;
import io.crmbackup.jdbc.internal.sql.TableFilter;
import io.crmbackup.spi.RecordCursor;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One transaction that deletes all rows and inserts those of the backup. Definitions can't be a part of it: each commits what is open. So they have to
 * be what they were. (Tables made beside and renamed would have to be handed over from a lock that lets readers read to one that doesn't, and between
 * the two a writer could commit what is then lost.)
 *
 * <p>Before the snapshot every row is locked, and every place between rows: who writes waits, who reads doesn't.
 */
final class RowExchange implements Exchange {
    private static final int MOST_NAMED = 5;

    private final MySqlFamily dialect;
    private final Connection connection;
    private final Map<String, String> attributes;
    private final TableFilter filter;
    private List<StoredTable> tables = List.of();

    RowExchange(MySqlFamily dialect, Connection connection, Map<String, String> attributes, TableFilter filter) {
        this.dialect = dialect;
        this.connection = connection;
        this.attributes = attributes;
        this.filter = filter;
    }

    @Override
    public boolean keepsDefinitions() {
        return true;
    }

    @Override
    public Outlook foresee(Catalog present, Set<String> statements) throws IOException, SQLException {
        List<String> objections = new ArrayList<>();
        Set<String> here = new HashSet<>(present.before());
        here.addAll(present.after());
        for (Table table : present.tables()) {
            List<String> own = Statements.of(table.schema().attributes());
            here.addAll(own);
            own.stream()
                    .filter(sql -> sql.contains(" TRIGGER "))
                    .findFirst()
                    .ifPresent(
                            trigger -> objections.add(
                                    "table " + table.collection()
                                            + " has triggers, which would run for each row that is replaced: drop them, and make them again afterwards"));
        }
        List<String> differing = Stream.concat(
                        statements.stream().filter(sql -> !here.contains(sql)),
                        here.stream().filter(sql -> !statements.contains(sql)))
                .map(sql -> dialect.statement(sql).title())
                .distinct()
                .sorted()
                .toList();
        if (!differing.isEmpty()) {
            objections.add("definitions are not what they were, and can't be replaced together with rows: "
                    + String.join(", ", differing.subList(0, Math.min(MOST_NAMED, differing.size())))
                    + (differing.size() > MOST_NAMED ? " and " + (differing.size() - MOST_NAMED) + " more" : "")
                    + "; restore into an empty database, or merge rows");
        }
        for (StoredTable table : CatalogReader.selected(StoredTable.all(connection), filter)) {
            if (!table.isTransactional()) {
                objections.add("table " + table.name() + " is stored by " + table.engine()
                        + ", which knows no transactions: its rows can't be replaced at once");
            } else if (table.isVersioned()) {
                objections.add("table " + table.name() + " keeps its former rows: all of them would become such rows");
            }
        }
        return new Outlook(
                objections,
                List.of(
                        "all rows are deleted and inserted in one transaction; writers wait for its end",
                        "counters (AUTO_INCREMENT, sequences) stay where they are: they don't go back"));
    }

    @Override
    public void hold() throws IOException, SQLException {
        dialect.prepareRestore(connection, attributes);
        // Without it the server may insert into tables that look empty in a way that others see before the commit.
        Dialect.execute(connection, "SET SESSION unique_checks = 1");
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
        tables = CatalogReader.selected(StoredTable.all(connection), filter);
        for (StoredTable table : tables) {
            Dialect.strings(connection, "SELECT COUNT(*) FROM " + dialect.quote(table.name()) + " FOR UPDATE");
        }
    }

    @Override
    public void makeRoom() throws SQLException {
        for (StoredTable table : tables) {
            Dialect.execute(connection, "DELETE FROM " + dialect.quote(table.name()));
        }
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public void make(String sql) {
        throw new IllegalStateException("definitions are kept");
    }

    @Override
    public Catalog written() throws IOException, SQLException {
        return dialect.catalog(connection, filter);
    }

    @Override
    public RecordCursor read(Table table) throws IOException {
        return new TableCursor(connection, dialect, table, rows -> {});
    }

    @Override
    public void complete() throws SQLException {
        connection.commit();
    }
}
