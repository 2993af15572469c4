package io.crmbackup.jdbc.internal.dialect;

import io.crmbackup.jdbc.internal.sql.DatabaseException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
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
 * <p>A connection that is reading can't look, so another one is taken for a moment every now and then, by a thread of its own. It ends what the view's
 * connections do as soon as others have waited for too long, and then, if the view goes on nevertheless, the connections. Used by several threads.
 */
public abstract class LockWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LockWatch.class);
    private static final long SELDOM = 2_500;

    private final DataSource dataSource;
    private final Duration patience;
    private final String state;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable String yielded;

    /**
     * One that doesn't watch before {@link #begin()}.
     *
     * @param patience how long others may wait
     * @param state the SQL state of a failure to come by a lock
     */
    protected LockWatch(DataSource dataSource, Duration patience, String state) {
        this.dataSource = dataSource;
        this.patience = patience;
        this.state = state;
        this.thread = new Thread(this::watch, "crmbackup-lock-watch");
        thread.setDaemon(true);
    }

    /** Begins to watch; called once. */
    protected final void begin() {
        thread.start();
    }

    /** Whether this is one of the view's connections, given once more; rows may be read over it meanwhile. */
    protected abstract boolean isOfView(Connection connection) throws SQLException;

    /** Prepares a connection, in a transaction that is undone afterwards, to be asked. */
    protected void prepare(Connection connection) throws SQLException {}

    /** What others have waited for too long, in words; null if nobody has. */
    protected abstract @Nullable String waiting(Connection connection) throws SQLException;

    /** Ends what the view's connections do. */
    protected abstract void endStatements(Connection connection) throws SQLException;

    /** Ends the view's connections. */
    protected abstract void endConnections(Connection connection) throws SQLException;

    private void watch() {
        long pause = Math.max(5, Math.min(SELDOM, patience.toMillis() / 4));
        boolean able = true;
        try {
            while (!closed.await(pause, TimeUnit.MILLISECONDS)) {
                try (Connection connection = dataSource.getConnection()) {
                    if (!look(connection)) {
                        LOG.warn("No other connection to see whether somebody waits for the backup:"
                                + " the data source gives the same one twice");
                        return;
                    }
                } catch (SQLException | RuntimeException e) {
                    if (able && closed.getCount() > 0) {
                        LOG.warn(
                                "No other connection to see whether somebody waits for the backup: {}", e.getMessage());
                    }
                    able = false;
                }
            }
        } catch (InterruptedException e) {
            // Only close interrupts, and the thread ends here.
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it could look: the view's own connection is left alone, as its transaction would end, and the view with it. */
    private synchronized boolean look(Connection connection) throws SQLException {
        if (closed.getCount() == 0) {
            // The view's connections may be somebody else's by now.
            return true;
        }
        if (isOfView(connection)) {
            return false;
        }
        boolean automatic = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try {
            // What somebody left half done, in which the server may answer nothing.
            connection.rollback();
            prepare(connection);
            giveWay(connection);
        } finally {
            connection.rollback();
            connection.setAutoCommit(automatic);
        }
        return true;
    }

    private void giveWay(Connection connection) throws SQLException {
        boolean again = yielded != null;
        String what = waiting(connection);
        if (what != null) {
            yielded = what;
            if (again) {
                endConnections(connection);
            } else {
                endStatements(connection);
            }
        }
    }

    /** Fails if the view has given way. */
    public final void check(String doing) throws IOException {
        String what = yielded;
        if (what != null) {
            throw gaveWay(doing, what, null);
        }
    }

    /** Fails if the view has given way, or should now; looks over the view's own connection. */
    public final void check(String doing, Connection connection) throws IOException, SQLException {
        if (yielded == null) {
            yielded = waiting(connection);
        }
        check(doing);
    }

    /** Whether the view has given way: it is over. */
    public final boolean gaveWay() {
        return yielded != null;
    }

    /** What a failure of one of the view's connections is: that it gave way, if it did. */
    public final IOException failure(String doing, SQLException cause) {
        String what = yielded;
        return what == null ? new DatabaseException(doing, cause) : gaveWay(doing, what, cause);
    }

    /** What a failure of one of the view's connections is: that it gave way, if it did. */
    public final IOException failure(String doing, IOException cause) {
        String what = yielded;
        return what == null ? cause : gaveWay(doing, what, cause);
    }

    private IOException gaveWay(String doing, String what, @Nullable Exception cause) {
        return new DatabaseException(
                doing,
                new SQLTransientException(
                        "the backup gave way to who waited " + patience.toMillis() + " ms to redefine or truncate "
                                + what + "; repeat it when that is done, or set a longer yieldToDdl",
                        state,
                        cause));
    }

    /** Does nothing more to the view's connections, which may be given back then. */
    public final synchronized void stop() {
        closed.countDown();
    }

    /** Waits for the end of the thread. It may be waiting for the pool, so this comes after the view's own connections were given back. */
    @Override
    public final void close() {
        stop();
        thread.interrupt();
        ThreadEnd.await(List.of(thread));
    }
}
