package io.crmbackup.jdbc.internal.postgres.rows;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.RowStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Rows by COPY, which the driver has: this class is only used where it {@linkplain #isPossible is there}. A copy that is given up is cancelled, which would
 * end the transaction; a savepoint before it lets the transaction go on.
 */
public final class CopyRows implements RowStream {
    private static final String CANCELLED = "57014";

    private final Connection connection;
    private final CopyForm form;
    private final CopyOut copy;
    private boolean ended;
    private boolean failed;

    /**
     * Begins a COPY.
     *
     * @param select whose rows are copied
     */
    CopyRows(Connection connection, String select, List<Column> columns) throws SQLException {
        this.connection = connection;
        this.form = CopyForm.of(columns);
        Dialect.execute(connection, "SAVEPOINT crmbackup_rows");
        this.copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY (" + select + ") TO STDOUT" + form.options());
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
    public @Nullable Row next() throws IOException, SQLException {
        byte[] row = null;
        while (row == null && !ended) {
            // A failure ends it, too, and with it the transaction: there is nothing left to be closed.
            ended = true;
            failed = true;
            byte[] message = copy.readFromCopy();
            failed = false;
            if (message != null) {
                ended = false;
                row = form.row(message);
            }
        }
        return row == null ? null : new CopyRow(form, row);
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
