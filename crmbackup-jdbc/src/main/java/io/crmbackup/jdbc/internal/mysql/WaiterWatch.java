package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives way to who waits for a table that the view has locked: behind one ALTER TABLE all readers and writers of the table queue, and a
 * backup of hours would be an outage.
 *
 * <p>A connection that is reading can't look, so a second one is taken for a moment every now and then. It ends the statement of the view,
 * and if the view goes on nevertheless its connection. The server doesn't say whose lock somebody waits for: who waits in this database
 * for somebody else is given way to as well. Without a second connection, or the right PROCESS to see others, nobody is given way to. Used by
 * several threads.
 */
final class WaiterWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WaiterWatch.class);
    private static final long SELDOM = 2_500;

    private final DataSource dataSource;
    private final String view;
    private final String waiting;
    private final Duration patience;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean yielded;

    private WaiterWatch(DataSource dataSource, String view, String waiting, Duration patience) {
        this.dataSource = dataSource;
        this.view = view;
        this.waiting = waiting;
        this.patience = patience;
        this.thread = new Thread(this::watch, "crmbackup-waiter-watch");
        thread.setDaemon(true);
    }

    /** Begins to watch over the view of a connection. */
    static WaiterWatch over(Connection connection, MySqlFamily dialect, DataSource dataSource, Duration patience)
            throws SQLException {
        String id = Dialect.strings(connection, "SELECT CONNECTION_ID()").get(0);
        String time = dialect.isMariaDb() ? "TIME_MS" : "TIME * 1000";
        String waiting = "SELECT 1 FROM information_schema.PROCESSLIST WHERE STATE = 'Waiting for table metadata lock'"
                + " AND ID <> " + id + " AND " + time + " >= " + patience.toMillis()
                + " AND DB = (SELECT p.DB FROM information_schema.PROCESSLIST p WHERE p.ID = " + id + ") LIMIT 1";
        WaiterWatch watch = new WaiterWatch(dataSource, id, waiting, patience);
        watch.thread.start();
        return watch;
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
                        LOG.warn("No second connection to see whether others wait for the backup: {}", e.getMessage());
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
        boolean again = yielded;
        boolean somebody;
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(waiting)) {
            somebody = rows.next();
        }
        if (somebody) {
            yielded = true;
            Dialect.execute(connection, (again ? "KILL " : "KILL QUERY ") + view);
        }
        if (!connection.getAutoCommit()) {
            connection.rollback();
        }
    }

    /** Whether the view has given way: it is over. */
    boolean gaveWay() {
        return yielded;
    }

    /** What a failure of the view's connection is: that it gave way, if it did. */
    IOException failure(String table, IOException cause) {
        return yielded
                ? new DatabaseException(
                        "reading table " + table,
                        new SQLTransientException(
                                "the backup gave way to who waited " + patience.toMillis()
                                        + " ms to redefine or truncate a table; repeat it when that is done, or set a longer"
                                        + " yieldToDdl",
                                "HYT00",
                                cause))
                : cause;
    }

    /** Fails if the view has given way. */
    void check(String table) throws IOException {
        if (yielded) {
            throw failure(table, new IOException("the view is over"));
        }
    }

    @Override
    public void close() {
        closed.countDown();
        boolean interrupted = false;
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
