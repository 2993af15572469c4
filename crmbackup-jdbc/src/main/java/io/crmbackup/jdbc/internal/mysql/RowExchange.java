package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.Exchange;
import io.crmbackup.jdbc.internal.dialect.RowsAlone;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.dialect.TableCursor;
import io.crmbackup.jdbc.internal.sql.Statements;
import io.crmbackup.jdbc.internal.sql.TableFilter;
import io.crmbackup.spi.RecordCursor;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One transaction that deletes all rows and inserts those of the backup. Definitions can't be a part of it: each commits what is open. So they have to
 * be what they were. (Tables made beside and renamed would have to be handed over from a lock that lets readers read to one that doesn't, and between
 * the two a writer could commit what is then lost.)
 *
 * <p>Before the snapshot every row is locked, and every place between rows: who writes waits, who reads doesn't.
 */
final class RowExchange implements Exchange {
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
        for (Table table : present.tables()) {
            if (Statements.of(table.schema().attributes()).stream().anyMatch(sql -> sql.contains(" TRIGGER "))) {
                objections.add(RowsAlone.triggered(table));
            }
        }
        RowsAlone.difference(dialect, present, statements).ifPresent(objections::add);
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
                        "AUTO_INCREMENT goes back after the commit, but for tables that somebody holds then; sequences stay where they are"));
    }

    @Override
    public void hold() throws IOException, SQLException {
        dialect.prepareRestore(connection, attributes);
        // Without it the server may insert into tables that look empty in a way that others see before the commit.
        Dialect.execute(connection, "SET SESSION unique_checks = 1");
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
        tables = CatalogReader.selected(StoredTable.all(connection), filter);
        Keys keys = Keys.of(connection);
        for (StoredTable table : tables) {
            // By any other index the server would lock its entries and then the rows as well.
            String index = keys.of(table.name()).containsKey(Keys.PRIMARY) ? " FORCE INDEX (PRIMARY)" : "";
            Dialect.strings(connection, "SELECT COUNT(*) FROM " + dialect.quote(table.name()) + index + " FOR UPDATE");
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
    public List<String> complete() throws SQLException {
        connection.commit();
        connection.setAutoCommit(true);
        List<String> notes = new ArrayList<>();
        setCounters(notes);
        return notes;
    }

    /**
     * Sets AUTO_INCREMENT to where it stood. The server never sets it below the rows that are there, whoever has written them. Sequences know of no rows,
     * and others may have taken numbers already: they are left. A counter that stays too high does no harm, so that nobody is waited for.
     */
    private void setCounters(List<String> notes) {
        try {
            Dialect.execute(connection, "SET SESSION lock_wait_timeout = 1");
            Catalog present = dialect.catalog(connection, filter);
            List<String> now = Counters.of(connection, dialect, present);
            for (String sql : RowsAlone.counters(dialect, attributes, present)) {
                if (sql.startsWith("ALTER TABLE ") && !now.contains(sql)) {
                    setCounter(sql).ifPresent(notes::add);
                }
            }
        } catch (IOException | SQLException e) {
            notes.add("counters (AUTO_INCREMENT) stay where they stood: " + e.getMessage());
        }
    }

    private Optional<String> setCounter(String sql) {
        try {
            Dialect.execute(connection, sql);
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.of(RowsAlone.notSet(sql, e));
        }
    }
}
