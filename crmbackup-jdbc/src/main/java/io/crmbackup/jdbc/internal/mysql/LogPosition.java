package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * Where the binary log ends. MariaDB moves that on in the same step, under the same mutex, in which it shows a committed transaction to others: two
 * snapshots with the same position are the same, as far as what is committed goes to the log.
 *
 * @param file the log's current file
 * @param offset the bytes in it
 */
record LogPosition(String file, String offset) {
    private static final int ACCESS_DENIED = 1227;

    /** That of the transaction's consistent snapshot; where there is none, that of now. Empty if the server has no log or doesn't tell. */
    static Optional<LogPosition> of(Connection connection) throws SQLException {
        String file = "";
        String offset = "";
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW STATUS LIKE 'binlog\\_snapshot\\_%'")) {
            while (rows.next()) {
                switch (rows.getString(1).toLowerCase(java.util.Locale.ROOT)) {
                    case "binlog_snapshot_file" -> file = rows.getString(2);
                    case "binlog_snapshot_position" -> offset = rows.getString(2);
                    default -> {}
                }
            }
        }
        return file.isEmpty() ? Optional.empty() : Optional.of(new LogPosition(file, offset));
    }

    /** Fails if not all that is committed goes to the server's log, or if it can't be seen that it does. */
    static void check(Connection connection, MySqlFamily dialect) throws NotShareable, SQLException {
        if (!dialect.isMariaDb()) {
            throw new NotShareable("MySQL doesn't tell which moment a transaction sees");
        }
        if (!Dialect.strings(connection, "SELECT @@log_bin").get(0).equals("1")) {
            throw new NotShareable("the server writes no binary log, by which snapshots could be compared");
        }
        // A replica or a member of a cluster commits what comes from others without the log moving.
        if (Dialect.strings(
                        connection,
                        "SELECT @@log_slave_updates = 0 AND (@@gtid_slave_pos <> ''"
                                + " OR EXISTS (SELECT 1 FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME IN"
                                + " ('SLAVES_RUNNING', 'SLAVE_RUNNING') AND VARIABLE_VALUE NOT IN ('0', 'OFF'))"
                                + " OR EXISTS (SELECT 1 FROM information_schema.GLOBAL_VARIABLES"
                                + " WHERE VARIABLE_NAME = 'WSREP_ON' AND VARIABLE_VALUE = 'ON'))")
                .get(0)
                .equals("1")) {
            throw new NotShareable("the server is a replica that doesn't log what it repeats (log_slave_updates)");
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW MASTER STATUS")) {
            if (!row.next() || !empty(row.getString(3)) || !empty(row.getString(4))) {
                throw new NotShareable("the server's binary log is filtered (binlog_do_db, binlog_ignore_db)");
            }
        } catch (SQLException e) {
            if (e.getErrorCode() != ACCESS_DENIED) {
                throw e;
            }
            throw new NotShareable(
                    "the user may not see whether the binary log is filtered: GRANT BINLOG MONITOR ON *.* to it", e);
        }
    }

    private static boolean empty(String text) {
        return text == null || text.isEmpty();
    }

    /** What SHOW MASTER STATUS says, while nobody commits; empty if the user may not see it, or there is no log. */
    static Optional<LogPosition> ofServer(Connection connection) {
        // MySQL 8.4 has another name for it.
        for (String sql : new String[] {"SHOW MASTER STATUS", "SHOW BINARY LOG STATUS"}) {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                return row.next() ? Optional.of(new LogPosition(row.getString(1), row.getString(2))) : Optional.empty();
            } catch (SQLException e) {
                // The position is not needed for anything but information.
                continue;
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return file + ":" + offset;
    }
}
