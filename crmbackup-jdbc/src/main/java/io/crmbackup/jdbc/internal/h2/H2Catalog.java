package io.crmbackup.jdbc.internal.h2;

import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import io.crmbackup.jdbc.internal.sql.TableFilter;
import io.crmbackup.jdbc.internal.sql.TableName;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what a database consists of. Its script is in an order in which it can be executed; that order is kept. */
final class H2Catalog {
    static final String SCHEMA = "PUBLIC";

    private final Connection connection;
    private final H2Dialect dialect;
    private final List<TableName> base = new ArrayList<>();
    private final Set<TableName> others = new LinkedHashSet<>();
    private final List<String> leftOut = new ArrayList<>(List.of("users, roles and their rights"));
    private final Map<TableName, List<String>> ofTables = new LinkedHashMap<>();
    private final List<String> before = new ArrayList<>();
    private final List<String> after = new ArrayList<>();
    private final List<String> materialized = new ArrayList<>();

    H2Catalog(Connection connection, H2Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    Catalog read(TableFilter filter) throws IOException, SQLException {
        list();
        Set<TableName> selected = filter.select(base, SCHEMA);
        for (String sql : H2Script.of(connection)) {
            place(sql);
        }
        List<Table> tables = new ArrayList<>();
        for (TableName name : base) {
            if (selected.contains(name)) {
                tables.add(H2Tables.table(connection, name, ofTables.getOrDefault(name, List.of())));
            } else {
                leftOut.add("table " + name.collection(SCHEMA) + " (excluded)");
            }
        }
        synonyms(selected);
        after.addAll(materialized);
        return new Catalog(tables, before, after, leftOut);
    }

    /** SCRIPT doesn't tell them. */
    private void synonyms(Set<TableName> selected) throws SQLException {
        String sql =
                "SELECT SYNONYM_SCHEMA, SYNONYM_NAME, SYNONYM_FOR_SCHEMA, SYNONYM_FOR FROM INFORMATION_SCHEMA.SYNONYMS"
                        + " ORDER BY 1, 2";
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                TableName name = new TableName(rows.getString(1), rows.getString(2));
                TableName target = new TableName(rows.getString(3), rows.getString(4));
                if (others.contains(target) || base.contains(target) && !selected.contains(target)) {
                    leftOut.add("the synonym " + name.collection(SCHEMA) + " (of a table that is left out)");
                } else {
                    after.add("CREATE SYNONYM " + dialect.quote(name) + " FOR " + dialect.quote(target));
                }
            }
        }
    }

    private void list() throws SQLException {
        String list =
                "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, STORAGE_TYPE, TABLE_CLASS FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA"
                        + H2Dialect.USER_SCHEMAS + " ORDER BY 1, 2";
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(list)) {
            while (rows.next()) {
                TableName name = new TableName(rows.getString(1), rows.getString(2));
                String type = rows.getString(3);
                String storage = rows.getString(4);
                if (type.equals("BASE TABLE") && Set.of("CACHED", "MEMORY").contains(storage)) {
                    base.add(name);
                } else if (rows.getString(5).endsWith(".MaterializedView")) {
                    // What it holds is a table of this name; it is computed anew.
                    others.add(new TableName(name.schema(), name.table() + "$1"));
                } else if (!type.equals("VIEW")) {
                    others.add(name);
                    if (!type.equals("LOCAL TEMPORARY")) {
                        leftOut.add("the table " + name.collection(SCHEMA) + " (" + storage + ")");
                    }
                }
            }
        }
        base.removeAll(others);
    }

    private void place(String sql) {
        SchemaStatement statement = dialect.statement(sql);
        Optional<TableName> table = statement.table();
        if (table.filter(base::contains).isPresent()) {
            ofTables.computeIfAbsent(table.get(), t -> new ArrayList<>()).add(sql);
        } else if (!table.filter(others::contains).isPresent() && !isElsewhere(sql)) {
            withTrigger(sql).orElseGet(() -> listOf(sql)).add(sql);
        }
    }

    /** The statements among which is the trigger that a comment is on; comments come last in the script. */
    private Optional<List<String>> withTrigger(String sql) {
        String comment = "COMMENT ON TRIGGER ";
        if (!sql.startsWith(comment)) {
            return Optional.empty();
        }
        String rest = sql.substring(comment.length());
        return ofTables.values().stream()
                .filter(statements -> statements.stream()
                        .map(statement -> statement.split(" TRIGGER ", 2))
                        .anyMatch(parts -> parts[0].equals("CREATE FORCE")
                                && rest.startsWith(parts[1].substring(0, endOfName(parts[1])) + " IS ")))
                .findFirst();
    }

    /** Where a quoted name of a schema and one in it end. */
    private static int endOfName(String sql) {
        boolean quoted = false;
        int at = 0;
        while (at < sql.length() && (quoted || sql.charAt(at) != ' ')) {
            quoted ^= sql.charAt(at++) == '"';
        }
        return at;
    }

    /** Views stand among tables in the script, whether or not what they show is there yet; materialized ones can't be made so. */
    private List<String> listOf(String sql) {
        if (sql.startsWith("CREATE MATERIALIZED")) {
            return materialized;
        }
        return ofTables.isEmpty() && !sql.startsWith("CREATE FORCE VIEW") ? before : after;
    }

    /** A table that was named as left out. */
    private static boolean isElsewhere(String sql) {
        return List.of("LINKED", "GLOBAL TEMPORARY", "LOCAL TEMPORARY").stream()
                .anyMatch(kind -> sql.startsWith("CREATE " + kind) || sql.startsWith("CREATE FORCE " + kind));
    }
}
