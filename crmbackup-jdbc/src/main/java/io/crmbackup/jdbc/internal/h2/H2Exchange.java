package io.crmbackup.jdbc.internal.h2;

import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.Exchange;
import io.crmbackup.jdbc.internal.dialect.LentConnection;
import io.crmbackup.jdbc.internal.dialect.RowsAlone;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.dialect.TableCursor;
import io.crmbackup.jdbc.internal.sql.TableFilter;
import io.crmbackup.spi.RecordCursor;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * One transaction that deletes all rows and inserts those of the backup, while nobody else does anything. Definitions can't be a part of it, as each
 * commits what is open; so they have to be what they were. H2 has no lock that keeps writers out and lets readers in: all wait, see {@link H2Pause}, and
 * what is there is read over the same connection, as nobody gets another one.
 *
 * <p>References are not checked while rows are written, as they can go in circles; they are looked at when all are there. H2 has a switch for that, which
 * is the whole database's: it goes back with the process of an embedded database, and by another connection if this one breaks off ({@link
 * H2References}); a server would keep it if this process broke off.
 */
final class H2Exchange implements Exchange {
    private final H2Dialect dialect;
    private final Connection connection;
    private final Map<String, String> attributes;
    private final TableFilter filter;
    private final H2Pause pause;
    private final H2References references;
    private @Nullable DataSource others;
    private Catalog present = new Catalog(List.of(), List.of(), List.of(), List.of());
    private Catalog all = present;
    private List<String> modifications = List.of();
    private boolean foreseen;

    H2Exchange(H2Dialect dialect, Connection connection, Map<String, String> attributes, TableFilter filter) {
        this.dialect = dialect;
        this.connection = connection;
        this.attributes = attributes;
        this.filter = filter;
        this.pause = new H2Pause(connection);
        this.references = new H2References(dialect, connection);
    }

    @Override
    public boolean keepsDefinitions() {
        return true;
    }

    @Override
    public Outlook foresee(Catalog catalog, Set<String> statements) throws IOException, SQLException {
        present = catalog;
        foreseen = true;
        List<String> objections = new ArrayList<>();
        for (Table table : catalog.tables()) {
            if (!dialect.triggers(connection, table.name()).isEmpty()) {
                objections.add(RowsAlone.triggered(table));
            }
        }
        RowsAlone.difference(dialect, catalog, statements).ifPresent(objections::add);
        String collation = H2Dialect.collation(connection);
        if (!attributes.getOrDefault("collation", collation).equals(collation)) {
            objections.add("the database compares text by the collation " + collation + ", and the backup by "
                    + attributes.get("collation"));
        }
        if (H2References.areIn(catalog.tables()) && isRemote()) {
            objections.add(
                    "tables refer to each other, and the database is another process's: if this process broke off, that would go on without checking"
                            + " references; let the restore open the database itself");
        }
        return new Outlook(
                objections,
                List.of(
                        "all rows are deleted and inserted in one transaction; others wait for its end, readers too, and get no new connections"));
    }

    private boolean isRemote() throws SQLException {
        String sql = "SELECT CLIENT_ADDR FROM INFORMATION_SCHEMA.SESSIONS WHERE SESSION_ID = SESSION_ID()"
                + " AND CLIENT_ADDR IS NOT NULL";
        return !Dialect.strings(connection, sql).isEmpty();
    }

    @Override
    public void hold() throws IOException, SQLException {
        pause.begin();
        Catalog now = dialect.catalog(connection, filter);
        if (foreseen
                && RowsAlone.difference(dialect, now, RowsAlone.statements(present))
                        .isPresent()) {
            throw new IOException("tables of the database were redefined since the preview; nothing was changed");
        }
        present = now;
        all = dialect.catalog(connection, TableFilter.ALL);
        modifications = modifications();
    }

    /** How often each table was written to, as H2 counts it. */
    private List<String> modifications() throws SQLException {
        return Dialect.strings(
                connection,
                "SELECT CONCAT_WS('|', TABLE_SCHEMA, TABLE_NAME, LAST_MODIFICATION) FROM INFORMATION_SCHEMA.TABLES"
                        + " WHERE TABLE_SCHEMA" + H2Dialect.USER_SCHEMAS + " AND TABLE_TYPE = 'BASE TABLE' ORDER BY 1");
    }

    @Override
    public DataSource reading(DataSource others) {
        this.others = others;
        return LentConnection.of(connection);
    }

    @Override
    public void makeRoom() throws IOException, SQLException {
        // A statement that had passed H2's own gate just when it was shut, and wrote afterwards.
        if (!modifications().equals(modifications)) {
            throw new IOException("somebody wrote to the database in the last moment; repeat the restore");
        }
        if (!present.tables().isEmpty() && H2References.areIn(all.tables())) {
            references.uncheck();
        }
        Dialect.execute(connection, "SET LAZY_QUERY_EXECUTION TRUE");
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        connection.setAutoCommit(false);
        for (Table table : present.tables()) {
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
    public List<String> brokenReferences() throws SQLException {
        return references.broken(all.tables());
    }

    /** As it was read before: to read it anew would commit what was written. */
    @Override
    public Catalog written() {
        return present;
    }

    @Override
    public RecordCursor read(Table table) throws IOException {
        return new TableCursor(connection, dialect, table, rows -> {});
    }

    @Override
    public List<String> complete() throws SQLException {
        // Before it those that have to go on, lest rows get keys that are there if the process ends in between; they
        // are part of no transaction.
        for (Table table : present.tables()) {
            dialect.advanceCounters(connection, table);
        }
        connection.commit();
        try {
            connection.setAutoCommit(true);
            Dialect.execute(connection, "CHECKPOINT SYNC");
            List<String> notes = setCounters();
            back();
            return notes;
        } catch (SQLException e) {
            throw new SQLException(
                    "all rows are those of the backup and committed; what failed comes after that: " + e.getMessage(),
                    e.getSQLState(),
                    e);
        }
    }

    /** Where tables are left out, nobody knows whether their rows have numbers of a sequence that belongs to no table: one that goes back would give these again. */
    private List<String> setCounters() throws SQLException {
        List<String> notes = new ArrayList<>();
        List<String> now = dialect.counters(connection, present);
        boolean leavesOut = all.tables().size() > present.tables().size();
        for (String sql : RowsAlone.counters(dialect, attributes, present)) {
            if (now.contains(sql)) {
                continue;
            }
            if (leavesOut && dialect.statement(sql).table().isEmpty()) {
                notes.add(
                        "a sequence stays where it stands, as rows of tables that the source leaves out may have its numbers; not executed: "
                                + sql);
                continue;
            }
            try {
                Dialect.execute(connection, sql);
            } catch (SQLException e) {
                notes.add(RowsAlone.notSet(sql, e));
            }
        }
        return notes;
    }

    private void back() throws SQLException {
        try {
            references.check();
        } finally {
            pause.end();
        }
    }

    @Override
    public void close() throws SQLException {
        try {
            if (!connection.isClosed()) {
                undo();
            }
        } finally {
            references.checkByAnother(others, all.tables());
        }
    }

    private void undo() throws SQLException {
        try {
            // First of all: what is set back commits.
            if (!connection.getAutoCommit()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } finally {
            back();
        }
    }
}
