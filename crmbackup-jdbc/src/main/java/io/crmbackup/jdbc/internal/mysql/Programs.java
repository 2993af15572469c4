package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Views, triggers, routines and events: what a database can execute. */
final class Programs {
    private static final String OF_DATABASE = "_SCHEMA = DATABASE() ORDER BY 1";

    private final Connection connection;
    private final MySqlFamily dialect;
    private final List<StoredTable> stored;
    private final List<String> leftOut;

    /** Adds what is not captured to a list. */
    Programs(Connection connection, MySqlFamily dialect, List<StoredTable> stored, List<String> leftOut) {
        this.connection = connection;
        this.dialect = dialect;
        this.stored = stored;
        this.leftOut = leftOut;
    }

    /** Statements that make them, in an order in which they can be executed. */
    List<String> definitions() throws IOException, SQLException {
        List<String> result = new ArrayList<>();
        for (String kind : List.of("FUNCTION", "PROCEDURE")) {
            String names = "SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_TYPE = '" + kind
                    + "' AND ROUTINE" + OF_DATABASE;
            result.addAll(
                    definitions(kind, Dialect.strings(connection, names), 3).values());
        }
        List<String> views = stored.stream()
                .filter(StoredTable::isView)
                .map(StoredTable::name)
                .toList();
        result.addAll(inOrder(definitions("VIEW", views, 2)));
        String events = "SELECT EVENT_NAME FROM information_schema.EVENTS WHERE EVENT" + OF_DATABASE;
        Dialect.strings(connection, events).forEach(event -> leftOut.add("the event " + event));
        return result;
    }

    /** Statements that make triggers, by their tables. */
    Map<String, List<String>> triggers() throws IOException, SQLException {
        Map<String, List<String>> names = new LinkedHashMap<>();
        String sql = "SELECT EVENT_OBJECT_TABLE, TRIGGER_NAME FROM information_schema.TRIGGERS"
                + " WHERE TRIGGER_SCHEMA = DATABASE() ORDER BY 1, 2";
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
                    List.copyOf(definitions("TRIGGER", table.getValue(), 3).values()));
        }
        return result;
    }

    private Map<String, String> definitions(String kind, List<String> names, int column) throws IOException {
        Map<String, String> result = new LinkedHashMap<>();
        for (String name : names) {
            Optional<String> definition = definition(kind, name, column);
            if (definition.isPresent()) {
                result.put(name, definition.get());
            } else {
                leftOut.add("the definition of " + kind.toLowerCase(java.util.Locale.ROOT) + " " + name
                        + " (the user may not see it)");
            }
        }
        return result;
    }

    private Optional<String> definition(String kind, String name, int column) {
        try {
            return CatalogReader.definition(connection, dialect, kind, name, column);
        } catch (IOException e) {
            // No right to see it, or a view of what is gone.
            return Optional.empty();
        }
    }

    /** Views after the views that their text names. */
    private List<String> inOrder(Map<String, String> views) {
        List<String> result = new ArrayList<>();
        Map<String, String> left = new LinkedHashMap<>(views);
        while (!left.isEmpty()) {
            List<String> ready = left.entrySet().stream()
                    .filter(view -> left.keySet().stream()
                            .noneMatch(other -> !other.equals(view.getKey())
                                    && view.getValue().contains(dialect.quote(other))))
                    .map(Map.Entry::getKey)
                    .toList();
            for (String name : ready.isEmpty() ? List.copyOf(left.keySet()) : ready) {
                result.add(left.remove(name));
            }
        }
        return result;
    }
}
