package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens snapshots of one moment in several connections, one transaction each. No server of this family can hand on a snapshot. MariaDB says to which
 * position of its binary log a snapshot belongs: those that are behind are opened again until all have the same, and nobody waits. Elsewhere all writers of
 * the server are held up by FLUSH TABLES WITH READ LOCK while the snapshots are opened, some milliseconds; who has to wait longer for that lock holds up others as well, so
 * that it is given up then, by a {@link KillSwitch}.
 */
final class SameSnapshots {
    private static final Logger LOG = LoggerFactory.getLogger(SameSnapshots.class);

    /** By a measurement 4 connections need 60 openings at worst among 640 transactions a second. */
    private static final int OPENINGS = 200;

    private static final Duration LONGEST_LOCK = Duration.ofSeconds(5);

    private final List<Connection> readers;
    private final Connection other;
    private final Duration patience;
    private String position = "";
    private String blocking = "";

    /**
     * Ones that are not open yet.
     *
     * @param readers which are to see the same, with automatic commits off
     * @param other which is in the way of nobody who reads
     * @param patience how long to wait for the lock
     */
    SameSnapshots(List<Connection> readers, Connection other, Duration patience) {
        this.readers = readers;
        this.other = other;
        this.patience = patience.compareTo(LONGEST_LOCK) < 0 ? patience : LONGEST_LOCK;
    }

    /** Where the binary log ended; empty if the server didn't tell. */
    String position() {
        return position;
    }

    /** Who had to wait, in words; empty if nobody had to. */
    String blocking() {
        return blocking;
    }

    void open(MySqlFamily dialect) throws NotShareable, SQLException {
        boolean comparable = false;
        String why = "";
        try {
            LogPosition.check(other, dialect);
            comparable = true;
        } catch (NotShareable e) {
            why = e.why();
        }
        if (comparable) {
            openUntilEqual();
            return;
        }
        try {
            openLocked();
        } catch (NotShareable e) {
            throw new NotShareable(why + ", and " + e.why(), e);
        }
    }

    private static void begin(Connection reader) throws SQLException {
        Dialect.execute(reader, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
    }

    private void openUntilEqual() throws NotShareable, SQLException {
        List<LogPosition> positions = new ArrayList<>();
        LogPosition last = null;
        for (int i = 0; i < OPENINGS * readers.size(); i++) {
            int next = positions.size();
            for (int j = positions.size() - 1; j >= 0; j--) {
                next = positions.get(j).equals(last) ? next : j;
            }
            if (next == readers.size()) {
                position = String.valueOf(last);
                return;
            }
            begin(readers.get(next));
            last = LogPosition.of(readers.get(next))
                    .orElseThrow(() -> new NotShareable("the server doesn't tell which moment a transaction sees"));
            if (next == positions.size()) {
                positions.add(last);
            } else {
                positions.set(next, last);
            }
        }
        throw new NotShareable("others commit too often for " + readers.size() + " snapshots to be the same");
    }

    private void openLocked() throws NotShareable, SQLException {
        // Not the first one: if it comes to the worst, this one's connection is ended.
        Connection locker = readers.get(readers.size() - 1);
        String id = SessionNumber.ofServer(locker);
        boolean held = true;
        try {
            lock(locker, id);
            long since = System.nanoTime();
            try (KillSwitch limit = KillSwitch.ofConnection(id, other, LONGEST_LOCK)) {
                for (Connection reader : readers) {
                    begin(reader);
                }
                position =
                        LogPosition.ofServer(locker).map(LogPosition::toString).orElse("");
                Dialect.execute(locker, "UNLOCK TABLES");
                if (limit.fired()) {
                    throw new NotShareable("opening the snapshots took longer than all writers may be held up");
                }
            } catch (SQLException e) {
                throw new NotShareable("opening the snapshots failed: " + e.getMessage(), e);
            }
            held = false;
            long millis = Duration.ofNanos(System.nanoTime() - since).toMillis();
            blocking = "all writers of the server while connections were opened, " + Math.max(1, millis) + " ms";
        } finally {
            if (held) {
                release(locker, id);
            }
        }
    }

    /** Gives the lock back, whatever happened. */
    private void release(Connection locker, String id) {
        try {
            Dialect.execute(locker, "UNLOCK TABLES");
        } catch (SQLException e) {
            try {
                Dialect.execute(other, "KILL " + id);
            } catch (SQLException gone) {
                LOG.warn("Connection {} is not to be reached, and can't be ended: {}", id, gone.getMessage());
            }
        }
    }

    private void lock(Connection locker, String id) throws NotShareable {
        KillSwitch limit = KillSwitch.ofStatement(id, other, patience);
        try (limit) {
            Dialect.execute(locker, "FLUSH TABLES WITH READ LOCK");
        } catch (SQLException e) {
            throw new NotShareable(
                    limit.fired()
                            ? "FLUSH TABLES WITH READ LOCK had to wait for others longer than " + patience.toMillis()
                                    + " ms"
                            : "FLUSH TABLES WITH READ LOCK failed: " + e.getMessage(),
                    e);
        }
    }
}
