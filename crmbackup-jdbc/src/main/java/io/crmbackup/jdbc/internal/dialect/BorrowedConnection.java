package io.crmbackup.jdbc.internal.dialect;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * A connection of the application's data source, with automatic commits on, and what it was set to. Whatever transaction is open when it is taken is
 * undone first: a pool that rolls nothing back may lend what somebody left half done, and to set automatic commits on would commit that. Closing it
 * undoes whatever transaction is open and sets everything back before the connection is closed: not every pool does, and the next one to get it
 * expects the isolation that the application uses.
 */
public final class BorrowedConnection implements AutoCloseable {
    private final Connection connection;
    private final Dialect dialect;
    private final boolean autoCommit;
    private final int isolation;
    private final boolean readOnly;
    private final List<String> session;
    private boolean closed;

    private BorrowedConnection(Connection connection, Dialect dialect) throws SQLException {
        this.connection = connection;
        this.dialect = dialect;
        this.autoCommit = connection.getAutoCommit();
        // Before the server is asked for anything, which it refuses in a transaction that failed.
        dialect.endTransaction(connection);
        this.isolation = connection.getTransactionIsolation();
        this.readOnly = connection.isReadOnly();
        this.session = dialect.session(connection);
    }

    /** Finds out what speaks to a connection's database. */
    @FunctionalInterface
    public interface Recognition {
        /** The dialect; fails if the database is of no known product. */
        Dialect of(Connection connection) throws IOException, SQLException;
    }

    /** Takes one; fails if its database is of no known product. */
    public static BorrowedConnection from(DataSource dataSource, Recognition products)
            throws IOException, SQLException {
        Connection connection = dataSource.getConnection();
        try {
            return new BorrowedConnection(connection, products.of(connection));
        } catch (IOException | SQLException | RuntimeException e) {
            try {
                connection.close();
            } catch (SQLException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    /**
     * Takes another one; empty if the data source gives this one again, as some do that have one only: what is set for one is then set for the
     * other. Asked while no transaction is open on this one.
     */
    public Optional<BorrowedConnection> another(DataSource dataSource) throws IOException, SQLException {
        connection.setAutoCommit(false);
        try {
            BorrowedConnection other = from(dataSource, any -> dialect);
            if (!connection.getAutoCommit()) {
                return Optional.of(other);
            }
            other.close();
            return Optional.empty();
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /** Closes several; fails when all have been tried, if one could not be. */
    public static void close(Iterable<BorrowedConnection> several) throws SQLException {
        SQLException failure = null;
        for (BorrowedConnection one : several) {
            try {
                one.close();
            } catch (SQLException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    public Connection connection() {
        return connection;
    }

    public Dialect dialect() {
        return dialect;
    }

    /** Undoes the transaction that is open, if there is one. */
    public void endTransaction() throws SQLException {
        dialect.endTransaction(connection);
    }

    @Override
    public void close() throws SQLException {
        if (closed) {
            return;
        }
        closed = true;
        try (connection) {
            // A driver ends a connection of which it can't tell where the server stands: nobody will get it again.
            if (connection.isClosed()) {
                return;
            }
            endTransaction();
            if (connection.isReadOnly() != readOnly) {
                connection.setReadOnly(readOnly);
            }
            for (String sql : session) {
                Dialect.execute(connection, sql);
            }
            if (connection.getTransactionIsolation() != isolation) {
                connection.setTransactionIsolation(isolation);
            }
            connection.setAutoCommit(autoCommit);
        }
    }
}
