package io.crmbackup.jdbc.internal.postgres.rows;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.RowStream;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Rows by COPY. The one class that knows the driver: it is only loaded where that is there. A copy that is given up is cancelled, which would
 * end the transaction; a savepoint before it lets the transaction go on.
 */
public final class CopyRows implements RowStream {
    private static final String CANCELLED = "57014";

    private final Connection connection;
    private final CopyText text;
    private final CopyBytes encoder = new CopyBytes();
    private final CopyOut copy;
    private boolean ended;
    private boolean failed;

    CopyRows(Connection connection, String copySql, CopyText text) throws SQLException {
        this.connection = connection;
        this.text = text;
        Dialect.execute(connection, "SAVEPOINT crmbackup_rows");
        this.copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(copySql);
    }

    /** Whether a connection is one of PostgreSQL's own driver, in a wrapper or not. */
    public static boolean isPossible(Connection connection) throws SQLException {
        try {
            return connection.isWrapperFor(PGConnection.class);
        } catch (LinkageError absent) {
            return false;
        }
    }

    @Override
    public @Nullable Row next() throws SQLException {
        if (ended) {
            return null;
        }
        // A failure ends it, too, and with it the transaction: there is nothing left to be closed.
        ended = true;
        failed = true;
        byte[] row = copy.readFromCopy();
        failed = false;
        if (row == null) {
            return null;
        }
        ended = false;
        return new CopyRow(text, row, encoder);
    }

    @Override
    public void close() throws SQLException {
        if (failed) {
            return;
        }
        if (copy.isActive()) {
            giveUp();
        }
        Dialect.execute(connection, "RELEASE SAVEPOINT crmbackup_rows");
    }

    /** Not by cancelCopy: that leaves what the server has sent in the way of the next statement. */
    private void giveUp() throws SQLException {
        connection.unwrap(PGConnection.class).cancelQuery();
        try {
            byte[] row;
            do {
                row = copy.readFromCopy();
            } while (row != null);
        } catch (SQLException e) {
            if (!CANCELLED.equals(e.getSQLState())) {
                throw e;
            }
            Dialect.execute(connection, "ROLLBACK TO SAVEPOINT crmbackup_rows");
        }
    }
}
