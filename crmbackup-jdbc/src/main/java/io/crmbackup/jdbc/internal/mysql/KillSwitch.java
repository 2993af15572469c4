package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.ThreadEnd;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends what a connection does, by another one that nobody else uses meanwhile, unless it is closed in time. Once it is closed it does nothing any more. */
final class KillSwitch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KillSwitch.class);

    private final Connection connection;
    private final String kill;
    private final Duration patience;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean fired;

    private KillSwitch(Connection connection, String kill, Duration patience) {
        this.connection = connection;
        this.kill = kill;
        this.patience = patience;
        this.thread = new Thread(this::await, "crmbackup-kill-switch");
        thread.setDaemon(true);
    }

    /** Arms one that ends the statement that is executed. */
    static KillSwitch ofStatement(String id, Connection by, Duration patience) {
        return armed(new KillSwitch(by, "KILL QUERY " + id, patience));
    }

    /** Arms one that ends the connection with all its locks. */
    static KillSwitch ofConnection(String id, Connection by, Duration patience) {
        return armed(new KillSwitch(by, "KILL " + id, patience));
    }

    private static KillSwitch armed(KillSwitch armed) {
        armed.thread.start();
        return armed;
    }

    private void await() {
        try {
            if (!closed.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                fired = true;
                Dialect.execute(connection, kill);
            }
        } catch (SQLException e) {
            LOG.warn("{} failed: {}", kill, e.getMessage());
        } catch (InterruptedException e) {
            // Nobody interrupts it.
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it was too late. */
    boolean fired() {
        return fired;
    }

    @Override
    public void close() {
        closed.countDown();
        ThreadEnd.await(List.of(thread));
    }
}
