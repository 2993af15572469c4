package io.crmbackup.jdbc.internal.mysql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What the server lists as a table of the connection's database.
 *
 * @param type what kind of table, as {@code BASE TABLE}, {@code VIEW} or {@code SEQUENCE}
 * @param engine what stores it; empty if nothing does
 * @param options as {@code partitioned}
 */
record StoredTable(String name, String type, String engine, String options) {
    /** One only: each engine makes a snapshot of its own, when it is asked for the first time. */
    private static final Set<String> TRANSACTIONAL = Set.of("InnoDB");

    private static final Set<String> ELSEWHERE = Set.of(
            "FEDERATED", "CONNECT", "SPIDER", "MRG_MyISAM", "MRG_MYISAM", "BLACKHOLE", "SPHINX", "OQGRAPH", "S3");

    /** All but the temporary ones of the session, which some servers list and others don't. */
    static List<StoredTable> all(Connection connection) throws SQLException {
        List<StoredTable> tables = new ArrayList<>();
        String sql = "SELECT TABLE_NAME, TABLE_TYPE, COALESCE(ENGINE, ''), COALESCE(CREATE_OPTIONS, '')"
                + " FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE NOT LIKE 'TEMPORARY%'"
                + " ORDER BY TABLE_NAME";
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                tables.add(new StoredTable(rows.getString(1), rows.getString(2), rows.getString(3), rows.getString(4)));
            }
        }
        return tables;
    }

    boolean isView() {
        return type.equals("VIEW") || type.equals("SYSTEM VIEW");
    }

    boolean isSequence() {
        return type.equals("SEQUENCE");
    }

    boolean isVersioned() {
        return type.equals("SYSTEM VERSIONED");
    }

    /** Whether it has rows of its own. */
    boolean hasRows() {
        return !isView() && !isSequence() && !ELSEWHERE.contains(engine);
    }

    /** Whether a transaction sees it as it was at one moment. */
    boolean isTransactional() {
        return TRANSACTIONAL.contains(engine);
    }

    boolean isPartitioned() {
        return options.contains("partitioned");
    }
}
