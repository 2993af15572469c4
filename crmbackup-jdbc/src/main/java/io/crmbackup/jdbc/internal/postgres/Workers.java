package io.crmbackup.jdbc.internal.postgres;

import io.crmbackup.jdbc.internal.dialect.BorrowedConnection;
import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.ViewRequest;
import io.crmbackup.jdbc.internal.postgres.rows.Session;
import io.crmbackup.jdbc.internal.postgres.rows.TableRead;
import io.crmbackup.jdbc.internal.sql.TableName;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** More connections that see the moment of the first one, by its exported snapshot. */
final class Workers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    private static final Set<String> FEWER_DO = Set.of(Snapshot.LOCK_NOT_AVAILABLE, Snapshot.OUT_OF_MEMORY);

    private final List<BorrowedConnection> borrowed = new ArrayList<>();
    private final List<Integer> processes = new ArrayList<>();
    private final List<Integer> numbers = new ArrayList<>();

    private Workers(Connection first) throws SQLException {
        add(first);
    }

    private void add(Connection connection) throws SQLException {
        processes.add(SessionNumber.ofServer(connection));
        numbers.add(SessionNumber.ofDriver(connection));
    }

    /**
     * Takes as many as the request says, less the first one; fewer if the data source gives no more, or the first one again; if somebody waits already to redefine one of the tables, as they would wait
     * behind him, and he for the first one; or if the server has no room for so many locks.
     */
    static Workers join(Dialect dialect, ViewRequest request, Snapshot snapshot, Connection first)
            throws IOException, SQLException {
        Workers workers = new Workers(first);
        try {
            boolean possible = true;
            for (int i = 1; i < request.connections() && possible; i++) {
                possible = workers.joinOne(dialect, request, snapshot);
            }
            return workers;
        } catch (IOException | SQLException | RuntimeException e) {
            try {
                workers.close();
            } catch (SQLException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    private boolean joinOne(Dialect dialect, ViewRequest request, Snapshot snapshot) throws IOException, SQLException {
        BorrowedConnection worker;
        try {
            worker = BorrowedConnection.from(request.dataSource(), connection -> another(connection, dialect));
        } catch (SQLException e) {
            LOG.warn("reading with {} connection(s), as there is no other: {}", processes.size(), e.getMessage());
            return false;
        }
        borrowed.add(worker);
        Connection connection = worker.connection();
        Session.beginReading(connection, snapshot.optional(), request.lockTimeout());
        Dialect.execute(connection, "SET TRANSACTION SNAPSHOT '" + snapshot.id() + "'");
        try {
            for (TableName table : snapshot.selected()) {
                Dialect.execute(
                        connection,
                        "LOCK TABLE ONLY " + TableRead.quote(table.schema()) + "." + TableRead.quote(table.table())
                                + " IN ACCESS SHARE MODE NOWAIT");
            }
        } catch (SQLException e) {
            if (!FEWER_DO.contains(String.valueOf(e.getSQLState()))) {
                throw e;
            }
            borrowed.remove(worker);
            worker.close();
            return false;
        }
        add(connection);
        return true;
    }

    /** Before anything is set for it: the transaction of a connection that is given twice would end. */
    private Dialect another(Connection connection, Dialect dialect) throws SQLException {
        if (contains(connection)) {
            throw new SQLException("the data source gives the same one twice");
        }
        return dialect;
    }

    List<Connection> connections() {
        return borrowed.stream().map(BorrowedConnection::connection).toList();
    }

    /** The server's processes for these connections, after that for the first one. */
    List<Integer> processes() {
        return processes;
    }

    /** Whether a connection is one of these, or the first one, given once more. */
    boolean contains(Connection connection) throws SQLException {
        return numbers.contains(SessionNumber.ofDriver(connection));
    }

    @Override
    public void close() throws SQLException {
        BorrowedConnection.close(borrowed);
    }
}
