package io.crmbackup.jdbc.internal.hsqldb;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.TransactionDialect.TableWatch;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Looks every so often whether sessions wait for the one that is the view, and ends it when they have waited for long enough. */
final class HsqldbWaiters implements TableWatch {
    private static final String WAITING =
            "SELECT WAITING_FOR_THIS FROM INFORMATION_SCHEMA.SYSTEM_SESSIONS WHERE SESSION_ID = SESSION_ID()"
                    + " AND WAITING_FOR_THIS <> ''";

    private final Connection connection;
    private final Duration longest;
    private final long interval;
    private long looked = System.nanoTime();
    private long since;
    private boolean waiting;

    HsqldbWaiters(Connection connection, Duration longest) {
        this.connection = connection;
        this.longest = longest;
        this.interval = Math.min(longest.toNanos() / 4, Duration.ofSeconds(1).toNanos());
    }

    @Override
    public void proceed() throws IOException, SQLException {
        long now = System.nanoTime();
        if (now - looked < interval) {
            return;
        }
        looked = now;
        boolean before = waiting;
        waiting = !Dialect.strings(connection, WAITING).isEmpty();
        if (waiting && !before) {
            since = now;
        } else if (waiting && now - since >= longest.toNanos()) {
            throw new IOException("others waited for " + longest
                    + " to redefine tables: the capture gave way to them; repeat it when they are done");
        }
    }

    @Override
    public void check(long rows) {}
}
