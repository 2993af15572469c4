package io.crmbackup.jdbc.internal.h2;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Time in which nobody else does anything in a database. H2's exclusive mode lets statements of other connections wait and refuses new connections;
 * but one that has begun, and a transaction that is open, may have written already. So it is taken only when there is none, and given up in between, so
 * that they can end.
 */
final class H2Pause {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration BREATH = Duration.ofMillis(50);

    private static final String BUSY =
            "SELECT USER_NAME FROM INFORMATION_SCHEMA.SESSIONS WHERE SESSION_ID <> SESSION_ID()"
                    + " AND (CONTAINS_UNCOMMITTED OR EXECUTING_STATEMENT IS NOT NULL) UNION ALL"
                    + " SELECT 'session ' || SESSION_ID FROM INFORMATION_SCHEMA.LOCKS WHERE SESSION_ID <> SESSION_ID()";

    private final Connection connection;
    private boolean begun;

    H2Pause(Connection connection) {
        this.connection = connection;
    }

    /** Begins it; fails, with nobody held up, if somebody's transaction doesn't end. */
    void begin() throws IOException, SQLException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            begun = true;
            Dialect.execute(connection, "SET EXCLUSIVE 1");
            List<String> busy = Dialect.strings(connection, BUSY);
            if (busy.isEmpty()) {
                return;
            }
            end();
            if (System.nanoTime() - end > 0) {
                throw new IOException("others have a transaction open, and the restore has to wait for its end: "
                        + String.join(", ", busy.stream().distinct().sorted().toList()));
            }
            breathe();
        }
    }

    private static void breathe() throws InterruptedIOException {
        try {
            TimeUnit.NANOSECONDS.sleep(BREATH.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for others' transactions");
        }
    }

    /** Ends it, if it has begun. What the connection has not committed is committed by that. */
    void end() throws SQLException {
        if (begun) {
            Dialect.execute(connection, "SET EXCLUSIVE 0");
            begun = false;
        }
    }
}
