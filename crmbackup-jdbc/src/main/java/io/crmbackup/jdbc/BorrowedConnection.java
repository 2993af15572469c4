package io.crmbackup.jdbc;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/**
 * A connection of the application's data source, with automatic commits on, and what it was set to. Closing it undoes whatever transaction is
 * open and sets everything back before the connection is closed: not every pool does, and the next one to get it expects the isolation that
 * the application uses.
 */
final class BorrowedConnection implements AutoCloseable {
    private final Connection connection;
    private final Dialect dialect;
    private final boolean autoCommit;
    private final int isolation;
    private final List<String> session;
    private boolean closed;

    private BorrowedConnection(Connection connection, Dialect dialect) throws SQLException {
        this.connection = connection;
        this.dialect = dialect;
        this.autoCommit = connection.getAutoCommit();
        this.isolation = connection.getTransactionIsolation();
        connection.setAutoCommit(true);
        this.session = dialect.session(connection);
    }

    /** Takes one; fails if its database is of no known product. */
    static BorrowedConnection from(DataSource dataSource) throws IOException, SQLException {
        Connection connection = dataSource.getConnection();
        try {
            return new BorrowedConnection(connection, Dialects.of(connection));
        } catch (IOException | SQLException | RuntimeException e) {
            try {
                connection.close();
            } catch (SQLException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    Connection connection() {
        return connection;
    }

    Dialect dialect() {
        return dialect;
    }

    /** Undoes the transaction that is open, if there is one. */
    void endTransaction() throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    @Override
    public void close() throws SQLException {
        if (closed) {
            return;
        }
        closed = true;
        try (connection) {
            endTransaction();
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
