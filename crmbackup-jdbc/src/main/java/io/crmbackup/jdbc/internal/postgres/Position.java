package io.crmbackup.jdbc.internal.postgres;

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
 * @param database the number of the database within the cluster
 * @param oldest transactions before this one, which is counted in 64 bits, were over; what they did is in the snapshot unless undone
 * @param next transactions from this one on had not begun
 */
record Position(String system, String timeline, String lsn, String started, String database, long oldest, long next) {
    private static final String NOW = "SELECT s.system_identifier, k.timeline_id,"
            + " CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn() ELSE pg_catalog.pg_current_wal_lsn() END,"
            + " extract(epoch FROM pg_catalog.pg_postmaster_start_time())::numeric, d.oid,"
            + " pg_catalog.pg_snapshot_xmin(x)::text, pg_catalog.pg_snapshot_xmax(x)::text"
            + " FROM pg_catalog.pg_control_system() s, pg_catalog.pg_control_checkpoint() k, pg_catalog.pg_current_snapshot() x,"
            + " pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()";

    static Position now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(NOW)) {
            row.next();
            return new Position(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getLong(6),
                    row.getLong(7));
        }
    }

    /** What {@link #toString()} wrote; empty if it is something else. */
    static Optional<Position> of(String text) {
        Map<String, String> parts = new HashMap<>();
        for (String part : text.split(" ")) {
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
        return "system=" + system + " timeline=" + timeline + " lsn=" + lsn + " started=" + started + " database="
                + database + " oldest=" + oldest + " next=" + next;
    }
}
