package io.crmbackup.jdbc.internal.dialect;

import io.crmbackup.jdbc.internal.dialect.TransactionDialect.TableWatch;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import io.crmbackup.spi.RecordCursor;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A transaction of one connection. The catalog is read before it begins, as it may lie outside of the transaction, and must not have changed
 * then.
 */
final class TransactionView implements DatabaseView {
    private static final int ATTEMPTS = 5;
    private static final String DEADLOCK = "40001";

    private final TransactionDialect dialect;
    private final BorrowedConnection borrowed;
    private final Connection connection;
    private final Catalog catalog;
    private final Instant moment;
    private final Map<String, String> facts = new LinkedHashMap<>();
    private final List<String> counters;
    private final Map<String, TableWatch> watches = new LinkedHashMap<>();
    private final TableWatch waiters;
    private @Nullable TableCursor open;

    private TransactionView(
            TransactionDialect dialect,
            BorrowedConnection borrowed,
            Catalog catalog,
            Instant moment,
            ViewRequest request)
            throws IOException, SQLException {
        this.dialect = dialect;
        this.borrowed = borrowed;
        this.connection = borrowed.connection();
        this.catalog = catalog;
        this.moment = moment;
        facts.putAll(dialect.facts(connection));
        if (request.connections() > 1) {
            facts.put("connections", "1: this database shows one moment to one connection only");
        }
        this.counters = dialect.counters(connection, catalog);
        this.waiters = dialect.watchWaiters(connection, request);
        for (Table table : catalog.tables()) {
            // Besides, a table that can't be read fails here, by name, before any row of another one is given out.
            try {
                watches.put(table.collection(), dialect.watch(connection, table, request));
                probe(table);
            } catch (SQLException e) {
                throw new DatabaseException("reading table " + table.collection(), e);
            }
        }
    }

    static TransactionView open(TransactionDialect dialect, BorrowedConnection borrowed, ViewRequest request)
            throws IOException, SQLException {
        Connection connection = borrowed.connection();
        for (int i = 0; i < ATTEMPTS; i++) {
            List<String> before = dialect.state(connection);
            Catalog catalog = dialect.catalog(connection, request.filter());
            if (begins(dialect, connection, catalog, request)) {
                Instant moment = Instant.now();
                if (before.equals(dialect.state(connection))) {
                    return new TransactionView(dialect, borrowed, catalog, moment, request);
                }
            }
            borrowed.endTransaction();
        }
        throw new IOException(
                "tables of the database are being redefined or locked all the time; repeat the backup when that is over");
    }

    private static boolean begins(
            TransactionDialect dialect, Connection connection, Catalog catalog, ViewRequest request)
            throws IOException, SQLException {
        try {
            dialect.begin(connection, catalog, request);
            return true;
        } catch (SQLException e) {
            for (Throwable cause : e) {
                if (cause instanceof SQLException sql && DEADLOCK.equals(sql.getSQLState())) {
                    return false;
                }
            }
            throw e;
        }
    }

    private void probe(Table table) throws SQLException {
        try (var statement = connection.prepareStatement(dialect.select(table))) {
            statement.getMetaData();
        }
    }

    @Override
    public Catalog catalog() {
        return catalog;
    }

    @Override
    public Instant moment() {
        return moment;
    }

    @Override
    public String position() {
        return "";
    }

    @Override
    public Map<String, String> facts() {
        return facts;
    }

    @Override
    public List<String> counters() {
        return counters;
    }

    @Override
    public RecordCursor read(Table table) throws IOException {
        if (open != null) {
            open.close();
        }
        open = new TableCursor(connection, dialect, table, watch(table));
        return open;
    }

    private TableWatch watch(Table table) {
        TableWatch own = watches.getOrDefault(table.collection(), rows -> {});
        return new TableWatch() {
            @Override
            public void proceed() throws IOException, SQLException {
                waiters.proceed();
            }

            @Override
            public void check(long rows) throws IOException, SQLException {
                own.check(rows);
            }
        };
    }

    @Override
    public void close() throws IOException {
        try (borrowed) {
            if (open != null) {
                open.close();
            }
        } catch (SQLException e) {
            throw new DatabaseException("closing the view of the database", e);
        }
    }
}
