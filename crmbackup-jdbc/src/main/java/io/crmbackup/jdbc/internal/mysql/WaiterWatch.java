package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.LockWatch;
import io.crmbackup.jdbc.internal.dialect.ViewRequest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sees who waits for the metadata lock of a table. The server doesn't say whose lock somebody waits for: who waits in this database for somebody
 * else is given way to as well. Without another connection, or the right PROCESS to see others, nobody is given way to.
 */
final class WaiterWatch extends LockWatch {
    private static final String LOCK_NOT_GRANTED = "HYT00";

    private final List<String> views;
    private final List<String> numbers;
    private final String waiting;

    private WaiterWatch(ViewRequest request, List<String> views, List<String> numbers, String waiting) {
        super(request.dataSource(), request.yieldToDdl(), LOCK_NOT_GRANTED);
        this.views = views;
        this.numbers = numbers;
        this.waiting = waiting;
    }

    /** Begins to watch over the connections of a view. */
    static WaiterWatch over(List<Connection> connections, MySqlFamily dialect, ViewRequest request)
            throws SQLException {
        List<String> ids = new ArrayList<>();
        List<String> numbers = new ArrayList<>();
        for (Connection connection : connections) {
            ids.add(SessionNumber.ofServer(connection));
            numbers.add(SessionNumber.ofDriver(connection));
        }
        String time = dialect.isMariaDb() ? "TIME_MS" : "TIME * 1000";
        String waiting = "SELECT 1 FROM information_schema.PROCESSLIST WHERE STATE IN"
                + " ('Waiting for table metadata lock', 'Waiting for table flush')"
                + " AND ID NOT IN (" + String.join(", ", ids) + ") AND " + time + " >= "
                + request.yieldToDdl().toMillis()
                + " AND DB = (SELECT p.DB FROM information_schema.PROCESSLIST p WHERE p.ID = " + ids.get(0)
                + ") LIMIT 1";
        WaiterWatch watch = new WaiterWatch(request, ids, numbers, waiting);
        watch.begin();
        return watch;
    }

    @Override
    protected boolean isOfView(Connection connection) throws SQLException {
        return numbers.contains(SessionNumber.ofDriver(connection));
    }

    @Override
    protected @Nullable String waiting(Connection connection) throws SQLException {
        return Dialect.strings(connection, waiting).isEmpty() ? null : "a table";
    }

    @Override
    protected void endStatements(Connection connection) throws SQLException {
        end(connection, "KILL QUERY ");
    }

    @Override
    protected void endConnections(Connection connection) throws SQLException {
        end(connection, "KILL ");
    }

    private void end(Connection connection, String how) throws SQLException {
        SQLException failure = null;
        for (String view : views) {
            try {
                Dialect.execute(connection, how + view);
            } catch (SQLException e) {
                // It may be gone already; the others have to go as well.
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
