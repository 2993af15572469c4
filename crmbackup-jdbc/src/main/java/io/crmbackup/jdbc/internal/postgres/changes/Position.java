package io.crmbackup.jdbc.internal.postgres.changes;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where a server stood when a snapshot was taken.
 *
 * @param system the number that a cluster of databases has for its life, and its copies have as well
 * @param timeline grows with each recovery to an earlier state and each promotion of a standby
 * @param lsn how far the write-ahead log was written
 * @param started when the server was started
 * @param recovered since when the server counts what happens: after a crash it begins anew, even where it is not started anew
 * @param role {@code primary}, or {@code standby} while it repeats what another server does
 * @param database the number of the database within the cluster
 * @param oldest transactions before this one, which is counted in 64 bits, were over; what they did is in the snapshot unless undone
 * @param next transactions from this one on had not begun
 */
public record Position(
        String system,
        String timeline,
        String lsn,
        String started,
        String recovered,
        String role,
        String database,
        long oldest,
        long next) {
    /** Less than half of the numbers that rows can carry. */
    private static final long FARTHEST = 2_000_000_000;

    private static final String NOW = "SELECT s.system_identifier, k.timeline_id,"
            + " CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn() ELSE pg_catalog.pg_current_wal_lsn() END,"
            + " extract(epoch FROM pg_catalog.pg_postmaster_start_time())::numeric, coalesce(extract(epoch FROM b.stats_reset)::numeric, 0),"
            + " CASE WHEN pg_catalog.pg_is_in_recovery() THEN 'standby' ELSE 'primary' END, d.oid,"
            + " pg_catalog.pg_snapshot_xmin(x)::text, pg_catalog.pg_snapshot_xmax(x)::text"
            + " FROM pg_catalog.pg_control_system() s, pg_catalog.pg_control_checkpoint() k, pg_catalog.pg_current_snapshot() x,"
            + " pg_catalog.pg_stat_bgwriter b, pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()";

    public static Position now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(NOW)) {
            row.next();
            return new Position(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getString(6),
                    row.getString(7),
                    row.getLong(8),
                    row.getLong(9));
        }
    }

    /** What {@link #toString()} wrote; empty if it is something else. */
    static Optional<Position> of(String text) {
        Map<String, String> parts = new HashMap<>();
        for (String part : text.split(" ", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parts.put(part.substring(0, equals), part.substring(equals + 1));
            }
        }
        try {
            Position position = new Position(
                    parts.getOrDefault("system", ""),
                    parts.getOrDefault("timeline", ""),
                    parts.getOrDefault("lsn", ""),
                    parts.getOrDefault("started", ""),
                    parts.getOrDefault("recovered", ""),
                    parts.getOrDefault("role", ""),
                    parts.getOrDefault("database", ""),
                    Long.parseLong(parts.getOrDefault("oldest", "")),
                    Long.parseLong(parts.getOrDefault("next", "")));
            return Optional.of(position).filter(whole -> whole.toString().equals(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "system=" + system + " timeline=" + timeline + " lsn=" + lsn + " started=" + started + " recovered="
                + recovered + " role=" + role + " database=" + database + " oldest=" + oldest + " next=" + next;
    }

    boolean isStandby() {
        return role.equals("standby");
    }

    /**
     * Why numbers of transactions don't tell what was written since a former position; empty if they do. A server that goes on after a crash, or on
     * files that were put back, gives out numbers again that it had given to transactions which are lost now, and rows are as they were
     * before those without any trace.
     */
    Optional<String> difference(Position former) {
        if (isStandby()) {
            return Optional.of("the server is a standby");
        } else if (!system.equals(former.system)) {
            return Optional.of("the server is another one");
        } else if (!database.equals(former.database)) {
            return Optional.of("the database was made anew");
        } else if (!timeline.equals(former.timeline)) {
            return Optional.of("the server's history has branched: timeline " + timeline + ", not " + former.timeline);
        } else if (!started.equals(former.started)) {
            return Optional.of("the server was started anew");
        } else if (!recovered.equals(former.recovered)) {
            return Optional.of("the server recovered from a crash, or its statistics were reset");
        } else if (next < former.next || oldest < former.oldest) {
            return Optional.of("the server's transactions went back from " + former.next + " to " + next);
        } else if (next - former.oldest > FARTHEST) {
            return Optional.of("more than " + FARTHEST + " transactions began");
        }
        return Optional.empty();
    }
}
