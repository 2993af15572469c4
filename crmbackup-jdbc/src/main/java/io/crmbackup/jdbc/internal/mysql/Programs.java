package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.mysql.statement.SessionStatement;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Views, triggers, routines and events: what a database can execute, with the settings of the sessions that made it. */
final class Programs {
    private static final String OF_DATABASE = "_SCHEMA = DATABASE() ORDER BY 1";

    /** The view refers to what is not there; it can't be made anywhere. */
    private static final String BROKEN_VIEW = "1356";

    /** What the user may not see is denied, or not there. */
    private static final String NO_RIGHT = "42";

    /** Columns of SHOW CREATE that say in which session a program was made, by the settings that they are. */
    private static final Map<String, String> SETTINGS = Map.of(
            "sql_mode", "sql_mode",
            "character_set_client", SessionStatement.CLIENT,
            "collation_connection", "collation_connection",
            "Database Collation", SessionStatement.DATABASE,
            "time_zone", "time_zone");

    private final Connection connection;
    private final MySqlFamily dialect;
    private final List<StoredTable> stored;
    private final DatabaseDefaults database;
    private final List<String> leftOut;

    /** Adds what is not captured to a list. */
    Programs(
            Connection connection,
            MySqlFamily dialect,
            List<StoredTable> stored,
            DatabaseDefaults database,
            List<String> leftOut) {
        this.connection = connection;
        this.dialect = dialect;
        this.stored = stored;
        this.database = database;
        this.leftOut = leftOut;
    }

    /** Statements that make them, in an order in which they can be executed. */
    List<String> definitions() throws SQLException {
        List<String> result = new ArrayList<>();
        // The server looks at what routines do when they are called; what views name must be there.
        for (String kind : List.of("FUNCTION", "PROCEDURE", "PACKAGE", "PACKAGE BODY")) {
            String names = "SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_TYPE = '" + kind
                    + "' AND ROUTINE" + OF_DATABASE;
            result.addAll(definitions(kind, Dialect.strings(connection, names)).values());
        }
        List<String> views = stored.stream()
                .filter(StoredTable::isView)
                .map(StoredTable::name)
                .toList();
        result.addAll(ViewOrder.of(definitions("VIEW", views)));
        String events = "SELECT EVENT_NAME FROM information_schema.EVENTS WHERE EVENT" + OF_DATABASE;
        result.addAll(definitions("EVENT", Dialect.strings(connection, events)).values());
        return result;
    }

    /** Statements that make triggers, by their tables, in the order in which they run. */
    Map<String, List<String>> triggers() throws SQLException {
        Map<String, List<String>> names = new LinkedHashMap<>();
        String sql = "SELECT EVENT_OBJECT_TABLE, TRIGGER_NAME FROM information_schema.TRIGGERS"
                + " WHERE TRIGGER_SCHEMA = DATABASE()"
                + " ORDER BY EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER, TRIGGER_NAME";
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                names.computeIfAbsent(rows.getString(1), table -> new ArrayList<>())
                        .add(rows.getString(2));
            }
        }
        Map<String, List<String>> result = new LinkedHashMap<>();
        for (Map.Entry<String, List<String>> table : names.entrySet()) {
            result.put(
                    table.getKey(),
                    List.copyOf(definitions("TRIGGER", table.getValue()).values()));
        }
        return result;
    }

    private Map<String, String> definitions(String kind, List<String> names) throws SQLException {
        Map<String, String> result = new LinkedHashMap<>();
        for (String name : names) {
            String title = kind.toLowerCase(Locale.ROOT) + " " + name;
            try {
                Optional<String> definition = definition(kind, name);
                if (definition.isEmpty()) {
                    leftOut.add("the definition of " + title + " (the user may not see it)");
                } else if (kind.equals("VIEW") && isBroken()) {
                    leftOut.add(title + ", which refers to tables, columns or functions that don't exist");
                } else {
                    result.put(name, definition.get());
                }
            } catch (SQLException e) {
                if (!String.valueOf(e.getSQLState()).startsWith(NO_RIGHT)) {
                    throw e;
                }
                leftOut.add("the definition of " + title + " (" + e.getMessage() + ")");
            }
        }
        return result;
    }

    /** Whether the view that was just shown can't be made. */
    private boolean isBroken() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW WARNINGS")) {
            while (rows.next()) {
                if (rows.getString(2).equals(BROKEN_VIEW)) {
                    return true;
                }
            }
            return false;
        }
    }

    private Optional<String> definition(String kind, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW CREATE " + kind + " " + dialect.quote(name))) {
            return row.next() ? definition(row) : Optional.empty();
        }
    }

    private Optional<String> definition(ResultSet row) throws SQLException {
        Map<String, String> settings = new LinkedHashMap<>();
        String sql = null;
        ResultSetMetaData columns = row.getMetaData();
        boolean view = false;
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            String column = columns.getColumnLabel(i);
            String setting = SETTINGS.get(column);
            if (setting != null && row.getString(i) != null) {
                settings.put(setting, row.getString(i));
            } else if (column.startsWith("Create ") || column.equals("SQL Original Statement")) {
                sql = row.getString(i);
                view = column.equals("Create View");
            }
        }
        settings.remove(SessionStatement.DATABASE, database.collation());
        if (sql == null) {
            return Optional.empty();
        }
        return Optional.of(new SessionStatement(settings, view ? database.leftOut(sql) : sql).text());
    }
}
