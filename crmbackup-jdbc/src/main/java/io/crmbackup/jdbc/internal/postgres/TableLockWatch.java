package io.crmbackup.jdbc.internal.postgres;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.LockWatch;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Sees who waits for a table that a view has locked, and for which one. A view between two statements has its connection closed by the server.
 * If no other connection is to be had, the view looks itself, whenever it begins a table.
 */
final class TableLockWatch extends LockWatch {
    /** Only who wants a table for himself alone has to wait for a reader. */
    private static final String WAITING =
            "SELECT w.relation::pg_catalog.regclass::text FROM pg_catalog.pg_locks w JOIN pg_catalog.pg_locks h"
                    + " ON h.locktype = 'relation' AND h.database = w.database AND h.relation = w.relation WHERE w.locktype = 'relation'"
                    + " AND NOT w.granted AND w.mode = 'AccessExclusiveLock' AND h.granted AND h.pid IN (%s)"
                    + " AND pg_catalog.clock_timestamp() - w.waitstart >= %d * interval '1 millisecond' LIMIT 1";

    private final Workers view;
    private final String processes;
    private final String waiting;

    /** Begins to watch over the connections of a view. */
    TableLockWatch(DataSource dataSource, Workers view, Duration patience) {
        super(dataSource, patience, Snapshot.LOCK_NOT_AVAILABLE);
        this.view = view;
        this.processes =
                String.join(", ", view.processes().stream().map(String::valueOf).toList());
        this.waiting = String.format(Locale.ROOT, WAITING, this.processes, patience.toMillis());
        begin();
    }

    @Override
    protected boolean isOfView(Connection connection) throws SQLException {
        return view.contains(connection);
    }

    /** Operators are then the server's own, whatever others have made. */
    @Override
    protected void prepare(Connection connection) throws SQLException {
        Dialect.execute(connection, "SET LOCAL search_path = ''");
    }

    @Override
    protected @Nullable String waiting(Connection connection) throws SQLException {
        List<String> tables = Dialect.strings(connection, waiting);
        return tables.isEmpty() ? null : "table " + tables.get(0);
    }

    @Override
    protected void endStatements(Connection connection) throws SQLException {
        end(connection, "pg_cancel_backend");
    }

    @Override
    protected void endConnections(Connection connection) throws SQLException {
        end(connection, "pg_terminate_backend");
    }

    private void end(Connection connection, String how) throws SQLException {
        Dialect.strings(
                connection, "SELECT pg_catalog." + how + "(p) FROM pg_catalog.unnest(ARRAY[" + processes + "]) p");
    }
}
