package io.crmbackup.jdbc.internal.postgres.exchange;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.postgres.rows.TableRead;
import io.crmbackup.jdbc.internal.sql.TableName;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * Locks on many tables of a system in use. Others take theirs in any order: whoever waits for one of them while he holds another may be in a deadlock,
 * and the server would end one of the two after a second. So each try is shorter than that, and after a try that fails none is held for a while.
 * Only where somebody holds a lock as autovacuum does, a try is longer: the server ends that one's work instead, but not for less.
 */
final class Locks {
    /** Shorter than the server's usual deadlock_timeout. */
    private static final Duration TRY = Duration.ofMillis(700);

    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final String NOT_AVAILABLE = "55P03";
    private static final String DEADLOCK = "40P01";

    private final Connection connection;
    private final Duration longest;

    /** How strong they are. */
    enum Mode {
        /** Others read. */
        EXCLUSIVE("EXCLUSIVE"),
        /** Others wait. */
        ACCESS_EXCLUSIVE("ACCESS EXCLUSIVE");

        private final String words;

        Mode(String words) {
            this.words = words;
        }
    }

    /** Locks in the transaction of a connection. */
    Locks(Connection connection) {
        this(connection, LONGEST);
    }

    Locks(Connection connection, Duration longest) {
        this.connection = connection;
        this.longest = longest;
    }

    /** Takes all, or fails and holds no more than before. */
    void take(List<TableName> tables, Mode mode) throws IOException, SQLException {
        long end = System.nanoTime() + longest.toNanos();
        Random pause = new Random();
        long millis = TRY.toMillis();
        while (true) {
            SQLException failure = attempt(tables, mode, millis);
            if (failure == null) {
                return;
            }
            if (System.nanoTime() - end > 0) {
                throw new IOException(
                        "others have not let go of tables for " + longest.toSeconds() + " s: "
                                + String.join("; ", Bystanders.of(connection)),
                        failure);
            }
            try {
                Thread.sleep(50 + pause.nextInt(250));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while waiting for locks");
            }
            millis = TRY.toMillis() + untilMaintenanceGivesWay();
        }
    }

    /** Milliseconds; 0 if nobody holds a lock as autovacuum does, which lets go only for whoever has waited for deadlock_timeout. */
    private long untilMaintenanceGivesWay() throws SQLException {
        return Dialect.strings(
                        connection,
                        "SELECT s.setting FROM pg_catalog.pg_settings s WHERE s.name = 'deadlock_timeout' AND EXISTS (SELECT"
                                + " FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_database d ON d.oid = l.database"
                                + " WHERE d.datname = pg_catalog.current_database() AND l.locktype = 'relation' AND l.granted"
                                + " AND l.mode = 'ShareUpdateExclusiveLock' AND l.pid <> pg_catalog.pg_backend_pid())")
                .stream()
                .mapToLong(Long::parseLong)
                .sum();
    }

    private @org.jspecify.annotations.Nullable SQLException attempt(List<TableName> tables, Mode mode, long millis)
            throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            Dialect.execute(connection, "SET LOCAL lock_timeout = " + millis);
            for (TableName table : tables) {
                Dialect.execute(
                        connection,
                        "LOCK TABLE ONLY " + TableRead.quote(table.schema()) + "." + TableRead.quote(table.table())
                                + " IN " + mode.words + " MODE");
            }
            Dialect.execute(connection, "SET LOCAL lock_timeout = 0");
            connection.releaseSavepoint(before);
            return null;
        } catch (SQLException e) {
            connection.rollback(before);
            String state = String.valueOf(e.getSQLState());
            if (state.equals(NOT_AVAILABLE) || state.equals(DEADLOCK)) {
                return e;
            }
            throw e;
        }
    }
}
