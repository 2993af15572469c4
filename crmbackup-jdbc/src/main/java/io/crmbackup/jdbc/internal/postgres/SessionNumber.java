package io.crmbackup.jdbc.internal.postgres;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.postgres.rows.CopyRows;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/** The numbers by which connections are told apart. */
final class SessionNumber {
    private SessionNumber() {}

    /** The server's process for a connection, as long as its transaction lasts. */
    static int ofServer(Connection connection) throws SQLException {
        return (int) Dialect.number(connection, "SELECT pg_catalog.pg_backend_pid()");
    }

    /**
     * What the driver knows, which doesn't ask the server: that doesn't answer in a transaction that failed, nor while rows are read over the connection.
     * Through a pooler it is the pooler's. Other drivers than PostgreSQL's own ask.
     */
    static int ofDriver(Connection connection) throws SQLException {
        return CopyRows.isPossible(connection)
                ? connection.unwrap(PGConnection.class).getBackendPID()
                : ofServer(connection);
    }
}
