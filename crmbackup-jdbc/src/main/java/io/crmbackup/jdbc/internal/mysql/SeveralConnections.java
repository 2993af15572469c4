package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.jdbc.internal.dialect.BorrowedConnection;
import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.ViewRequest;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The moment of several connections' transactions. One more connection, the guard, takes the locks of all tables before the snapshots are opened, and keeps them
 * until each of the others has locks of its own: the guard's keep all tables as the snapshots saw them meanwhile.
 */
final class SeveralConnections {
    private static final int ATTEMPTS = 5;

    private final MySqlFamily dialect;
    private final BorrowedConnection first;
    private final ViewRequest request;
    private final List<BorrowedConnection> more = new ArrayList<>();

    /** Of all connections that were taken. */
    private final Set<String> numbers = new HashSet<>();

    private SeveralConnections(MySqlFamily dialect, BorrowedConnection first, ViewRequest request) {
        this.dialect = dialect;
        this.first = first;
        this.request = request;
    }

    /** Takes the moment; if it can't be shown to several connections, the first one has no transaction open then. */
    static Moment take(MySqlFamily dialect, BorrowedConnection first, ViewRequest request)
            throws NotShareable, IOException, SQLException {
        SeveralConnections several = new SeveralConnections(dialect, first, request);
        boolean taken = false;
        try {
            Moment moment = several.guarded();
            taken = true;
            return moment;
        } finally {
            if (!taken) {
                several.giveBack();
            }
        }
    }

    private Moment guarded() throws NotShareable, IOException, SQLException {
        numbers.add(SessionNumber.ofDriver(first.connection()));
        try (BorrowedConnection guard = another()) {
            for (int i = 1; i < request.connections(); i++) {
                more.add(another());
            }
            return take(guard);
        }
    }

    private BorrowedConnection another() throws NotShareable, IOException {
        try {
            BorrowedConnection other = BorrowedConnection.from(request.dataSource(), this::recognise);
            if (!database(other).equals(database(first))) {
                other.close();
                throw new NotShareable("the data source gave a connection to another database");
            }
            return other;
        } catch (SQLException e) {
            throw new NotShareable("no more connections are to be had: " + e.getMessage(), e);
        }
    }

    /** Before anything is set for it: the transaction of a connection that is given twice would end. */
    private Dialect recognise(Connection connection) throws SQLException {
        if (!numbers.add(SessionNumber.ofDriver(connection))) {
            throw new SQLException("the data source gives the same one twice");
        }
        return dialect;
    }

    /** Names of tables stand alone and mean those of the database that the session uses, which whoever had the connection before may have changed. */
    private static List<String> database(BorrowedConnection borrowed) throws SQLException {
        return Dialect.strings(borrowed.connection(), "SELECT DATABASE()");
    }

    private List<Connection> readers() {
        List<Connection> readers = new ArrayList<>(List.of(first.connection()));
        more.forEach(borrowed -> readers.add(borrowed.connection()));
        return readers;
    }

    private Moment take(BorrowedConnection guard) throws NotShareable, IOException, SQLException {
        Connection watcher = guard.connection();
        SessionSettings.read(watcher, request.lockTimeout());
        for (Connection reader : readers()) {
            SessionSettings.read(reader, request.lockTimeout());
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        }
        for (int i = 0; i < ATTEMPTS; i++) {
            List<StoredTable> before = StoredTable.all(watcher);
            List<StoredTable> selected = CatalogReader.selected(before, request.filter());
            TableLocks locks = new TableLocks(dialect, selected);
            if (locks.begin(watcher)) {
                Catalog catalog = new CatalogReader(watcher, dialect, before).read(request.filter());
                for (Connection reader : readers()) {
                    reader.setAutoCommit(false);
                }
                SameSnapshots snapshots = new SameSnapshots(readers(), watcher, request.lockTimeout());
                snapshots.open(dialect);
                Instant at = Instant.now();
                lockToo(locks);
                if (before.equals(StoredTable.all(first.connection()))) {
                    return new Moment(
                            catalog,
                            selected,
                            at,
                            snapshots.position(),
                            List.copyOf(more),
                            Integer.toString(readers().size()),
                            snapshots.blocking());
                }
            }
            first.endTransaction();
            for (BorrowedConnection reader : more) {
                reader.endTransaction();
            }
            guard.endTransaction();
        }
        throw OneConnection.redefined();
    }

    /** Who waits already to redefine a table waits for the guard; the others would wait behind him. */
    private void lockToo(TableLocks locks) throws NotShareable, IOException, SQLException {
        for (Connection reader : readers()) {
            Dialect.execute(reader, "SET SESSION lock_wait_timeout = 1");
            try {
                locks.take(reader);
            } catch (IOException e) {
                if (e.getCause() instanceof SQLException cause
                        && cause.getErrorCode() == TableLocks.LOCK_WAIT_TIMEOUT) {
                    throw new NotShareable("somebody waits to redefine a table", e);
                }
                throw e;
            }
        }
    }

    private void giveBack() throws SQLException {
        for (BorrowedConnection reader : more) {
            try {
                reader.close();
            } catch (SQLException e) {
                // It was ended by the server, or is to be replaced by its pool: the backup goes on without it.
                continue;
            }
        }
        first.endTransaction();
    }
}
