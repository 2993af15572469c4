package io.crmbackup.jdbc.internal.postgres;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives way to who waits for a table that the view has locked: behind one ALTER TABLE all readers and writers of the table queue, and a
 * backup of hours would be an outage.
 *
 * <p>A connection that is reading can't look, so a second one is taken for a moment every now and then. It ends the statement of a view that
 * others waited for too long, which gives its locks back at once; a view between two statements has its connection closed by the
 * server. If no second connection is to be had, the view looks itself, whenever it begins a table. Used by several threads.
 */
final class LockWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LockWatch.class);
    private static final long SELDOM = 2_500;

    /** Only who wants a table for himself alone has to wait for a reader. */
    private static final String WAITING =
            "SELECT w.relation::pg_catalog.regclass::text, w.pid FROM pg_catalog.pg_locks w JOIN pg_catalog.pg_locks h"
                    + " ON h.locktype = 'relation' AND h.database = w.database AND h.relation = w.relation WHERE w.locktype = 'relation'"
                    + " AND NOT w.granted AND w.mode = 'AccessExclusiveLock' AND h.granted AND h.pid IN (%s)"
                    + " AND pg_catalog.clock_timestamp() - w.waitstart >= %d * interval '1 millisecond' LIMIT 1";

    private final DataSource dataSource;
    private final String processes;
    private final Duration patience;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable String yielded;

    /** Begins to watch over the server's processes of a view. */
    LockWatch(DataSource dataSource, List<Integer> processes, Duration patience) {
        this.dataSource = dataSource;
        this.processes =
                String.join(", ", processes.stream().map(String::valueOf).toList());
        this.patience = patience;
        this.thread = new Thread(this::watch, "crmbackup-lock-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        long pause = Math.max(5, Math.min(SELDOM, patience.toMillis() / 4));
        boolean able = true;
        try {
            while (!closed.await(pause, TimeUnit.MILLISECONDS)) {
                try (Connection connection = dataSource.getConnection()) {
                    look(connection);
                } catch (SQLException e) {
                    if (able) {
                        LOG.warn(
                                "No second connection to see whether others wait for the backup; it looks itself, between tables: {}",
                                e.getMessage());
                    }
                    able = false;
                }
            }
        } catch (InterruptedException e) {
            // Only close interrupts, and the thread ends here.
            Thread.currentThread().interrupt();
        }
    }

    private void look(Connection connection) throws SQLException {
        boolean again = yielded != null;
        String table = waiting(connection);
        if (table != null) {
            yielded = table;
            String how = again ? "pg_terminate_backend" : "pg_cancel_backend";
            Dialect.strings(
                    connection, "SELECT pg_catalog." + how + "(p) FROM pg_catalog.unnest(ARRAY[" + processes + "]) p");
        }
        if (!connection.getAutoCommit()) {
            connection.rollback();
        }
    }

    /** The table that somebody has waited for too long, or null. */
    private @Nullable String waiting(Connection connection) throws SQLException {
        String sql = String.format(java.util.Locale.ROOT, WAITING, processes, patience.toMillis());
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : null;
        }
    }

    /** Fails if the view has given way, or should now; looks over the view's own connection. */
    void check(Connection connection) throws IOException, SQLException {
        String table = yielded;
        if (table == null) {
            table = waiting(connection);
        }
        if (table != null) {
            yielded = table;
            throw gaveWay("reading on", table, null);
        }
    }

    /** Whether the view has given way: it is over. */
    boolean gaveWay() {
        return yielded != null;
    }

    /** What a failure of one of the view's connections is: that it gave way, if it did. */
    IOException failure(String doing, SQLException cause) {
        String table = yielded;
        return table == null ? new DatabaseException(doing, cause) : gaveWay(doing, table, cause);
    }

    private IOException gaveWay(String doing, String table, @Nullable SQLException cause) {
        return new DatabaseException(
                doing,
                new SQLTransientException(
                        "the backup gave way to who waited " + patience.toMillis()
                                + " ms to redefine or truncate table " + table
                                + "; repeat it when that is done, or set a longer yieldToDdl",
                        "55P03",
                        cause));
    }

    @Override
    public void close() {
        closed.countDown();
        boolean interrupted = false;
        // It ends as soon as its connection does, which waits for nothing.
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
                thread.interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
