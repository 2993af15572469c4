package io.crmbackup.jdbc.internal.postgres.rows;

import io.crmbackup.jdbc.internal.dialect.ReadAhead;
import io.crmbackup.jdbc.internal.dialect.RowStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table that several connections read in parts. As long as it is open these read keys in the order of their index: a server that
 * has no statistics of a table, as of one that was restored just now, expects few rows in a part, and would collect and sort them.
 */
final class DividedRows implements RowStream {
    private final List<Connection> connections;
    private final ReadAhead rows;
    private boolean failed;

    DividedRows(List<Connection> connections, List<ReadAhead.Reading> parts) throws SQLException {
        this.connections = List.copyOf(connections);
        for (Connection connection : connections) {
            Session.keepOrder(connection);
        }
        this.rows = new ReadAhead(connections, parts);
    }

    @Override
    public @Nullable Row next() throws IOException, SQLException {
        failed = true;
        Row row = rows.next();
        failed = false;
        return row;
    }

    @Override
    public void close() throws SQLException {
        rows.close();
        // A connection whose reading failed takes nothing more until its transaction ends.
        if (!failed) {
            for (Connection connection : connections) {
                Session.planFreely(connection);
            }
        }
    }
}
