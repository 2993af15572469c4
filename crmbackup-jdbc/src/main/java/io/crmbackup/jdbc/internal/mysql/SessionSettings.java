package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Variables of a session that decide how values look and how long statements may take. What a server doesn't have is not set. */
final class SessionSettings {
    /** So long a session may do nothing, a row wait to be fetched, a statement run. */
    private static final String A_DAY = "86400";

    /** Whoever set this told the driver how to write strings; it stays. */
    private static final String PLAIN_BACKSLASHES = "NO_BACKSLASH_ESCAPES";

    /** A row with id 0 is one, and so is what no calendar has. */
    private static final String WRITING = "NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES";

    private static final String AS_OF = "system_versioning_asof";
    private static final String LIMIT = "sql_select_limit";

    /** DEFAULT would be what the server is set to, and rows beyond it missing without a word. */
    private static final String NO_LIMIT = "18446744073709551615";

    private static final Map<String, String> COMMON = Map.of(
            "time_zone",
            "'+00:00'",
            "character_set_results",
            "utf8mb4",
            "sql_quote_show_create",
            "1",
            // How old the server's numbers of its tables may be, as where counters stand.
            "information_schema_stats_expiry",
            "0",
            LIMIT,
            NO_LIMIT,
            // Rows as they are, not as they were.
            AS_OF,
            "DEFAULT",
            "net_write_timeout",
            A_DAY,
            "wait_timeout",
            A_DAY);

    /** Zero is no limit. */
    private static final Map<String, String> NO_LIMITS = Map.of(
            "max_statement_time", "0",
            "max_execution_time", "0",
            "idle_transaction_timeout", "0",
            "idle_readonly_transaction_timeout", "0",
            "idle_write_transaction_timeout", "0");

    /** Rows come back as they were, also those that are older than the constraints of their table. */
    private static final Map<String, String> UNCHECKED =
            Map.of("foreign_key_checks", "0", "unique_checks", "0", "check_constraint_checks", "0");

    private static final Map<String, String> CHECKED =
            Map.of("foreign_key_checks", "1", "unique_checks", "1", "check_constraint_checks", "1");

    /** What programs that are restored need otherwise. */
    private static final List<String> OF_PROGRAMS = List.of("character_set_client", "collation_connection");

    private SessionSettings() {}

    /** How values are read: as they are stored, times in UTC, text in UTF-8. */
    static void read(Connection connection, Duration lockTimeout) throws SQLException {
        long seconds = Math.max(1, lockTimeout.plusMillis(999).toSeconds());
        set(connection, "", Map.of("lock_wait_timeout", Long.toString(seconds)));
    }

    /** How values are written: as they come, also those that the server would refuse or improve. */
    static void restore(Connection connection) throws SQLException {
        checkClient(connection);
        set(connection, WRITING, UNCHECKED);
    }

    /** How rows are put back into a database in service: checked. */
    static void merge(Connection connection) throws SQLException {
        checkClient(connection);
        set(connection, WRITING, CHECKED);
    }

    /** The same for a script, in variables that all servers have. */
    static List<String> ofScript() {
        return List.of(
                "SET NAMES utf8mb4",
                "SET SESSION sql_mode = '" + WRITING
                        + "', SESSION time_zone = '+00:00', SESSION foreign_key_checks = 0, SESSION unique_checks = 0");
    }

    /** What a script sets that writes rows alone: how they are read; how strictly they are checked is the server's. */
    static List<String> ofRows() {
        return List.of(
                "SET NAMES utf8mb4",
                "SET SESSION sql_mode = CONCAT(REPLACE(@@SESSION.sql_mode, '" + PLAIN_BACKSLASHES + "', ''), ',"
                        + WRITING + "'), SESSION time_zone = '+00:00'");
    }

    /** What a driver sends in less than all of Unicode would arrive as question marks, and so would what the server makes of it on its way. */
    private static void checkClient(Connection connection) throws SQLException {
        for (String variable : List.of("character_set_client", "character_set_connection")) {
            String characters =
                    Dialect.strings(connection, "SELECT @@" + variable).get(0);
            if (!characters.equals("utf8mb4")) {
                throw new SQLException("the connection sends text in " + characters + " (" + variable
                        + "), which has not all letters: nothing is restored; let the data source use utf8mb4"
                        + " (characterEncoding=UTF-8 for MySQL Connector/J)");
            }
        }
    }

    private static void set(Connection connection, String modes, Map<String, String> wanted) throws SQLException {
        Map<String, String> before = values(connection);
        String mode = before.getOrDefault("sql_mode", "").contains(PLAIN_BACKSLASHES)
                ? PLAIN_BACKSLASHES + "," + modes
                : modes;
        List<String> parts = new ArrayList<>(List.of("SESSION sql_mode = '" + mode + "'"));
        Map<String, String> all = new TreeMap<>(COMMON);
        all.putAll(NO_LIMITS);
        all.putAll(wanted);
        all.forEach((name, value) -> {
            if (before.containsKey(name)) {
                parts.add("SESSION " + name + " = " + value);
            }
        });
        Dialect.execute(connection, "SET " + String.join(", ", parts));
    }

    /** Statements that set everything back that is set here; the time zone before times, which are shown and read in it. */
    static List<String> back(Connection connection) throws SQLException {
        Map<String, String> values = values(connection);
        return List.of(
                "SET SESSION time_zone = " + literal("time_zone", values.getOrDefault("time_zone", "SYSTEM")),
                values.entrySet().stream()
                        .map(e -> "SESSION " + e.getKey() + " = " + literal(e.getKey(), e.getValue()))
                        .collect(Collectors.joining(", ", "SET ", "")));
    }

    private static String literal(String name, String value) {
        if (name.equals(AS_OF) && value.equals("DEFAULT")) {
            return value;
        }
        // Connector/J wants each text in the character set that it is stored in, which is shown as none.
        return value.isEmpty() && name.equals("character_set_results")
                ? "NULL"
                : value.matches("[0-9]+(\\.[0-9]+)?") ? value : "'" + value + "'";
    }

    /** The variables that are set here. A limit of rows would cut them off: it is lifted for this, and stays so until it is set back. */
    private static Map<String, String> values(Connection connection) throws SQLException {
        // A limit of its own is the only one that a statement has.
        String limit =
                Dialect.strings(connection, "SELECT @@" + LIMIT + " LIMIT 1").get(0);
        Dialect.execute(connection, "SET SESSION " + LIMIT + " = " + NO_LIMIT);
        List<String> names = new ArrayList<>(List.of("sql_mode", "lock_wait_timeout"));
        names.addAll(OF_PROGRAMS);
        List.of(COMMON, NO_LIMITS, CHECKED).forEach(variables -> names.addAll(variables.keySet()));
        Map<String, String> values = new LinkedHashMap<>();
        String sql = "SHOW SESSION VARIABLES WHERE Variable_name IN ('" + String.join("', '", names) + "')";
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.put(rows.getString(1), rows.getString(2));
            }
        }
        values.put(LIMIT, limit);
        return values;
    }
}
