package io.crmbackup.jdbc.internal.mysql.statement;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** How programs are made in another database so that they are what they were: each in the settings of the session that made it. */
public final class ProgramSteps {
    private static final Set<String> UNICODE = Set.of("utf8mb4", "utf8mb3", "utf8");
    private static final Pattern EXPIRING =
            Pattern.compile("CREATE\\s[^']*?\\sEVENT\\s.*?\\s(AT|ENDS) '.*", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

    private static final Pattern FUNCTION = Pattern.compile("CREATE\\s+DEFINER=\\S+\\s+(?:AGGREGATE\\s+)?FUNCTION\\s");

    private final Connection connection;
    private final boolean mariaDb;
    private final Definers definers;

    public ProgramSteps(Connection connection, boolean mariaDb) throws SQLException {
        this.connection = connection;
        this.mariaDb = mariaDb;
        this.definers = new Definers(connection);
    }

    /** What is executed for a statement, in order. */
    public List<String> of(SessionStatement statement) throws SQLException {
        List<String> steps = new ArrayList<>();
        Map<String, String> wanted = new LinkedHashMap<>(statement.settings());
        String database = wanted.remove(SessionStatement.DATABASE);
        String sql = definers.fitted(statement.sql());
        if (isForeign(statement)) {
            if (mariaDb) {
                // The driver sends UTF-8 whatever the session says; so the text comes as bytes of which that is said.
                sql = "EXECUTE IMMEDIATE CONVERT(X'" + HexFormat.of().formatHex(sql.getBytes(StandardCharsets.UTF_8))
                        + "' USING utf8mb4)";
            } else {
                wanted.put(SessionStatement.CLIENT, "utf8mb4");
            }
        }
        if (mariaDb && EXPIRING.matcher(statement.sql()).matches()) {
            // An event whose time has passed would be dropped on the spot.
            sql = "SET STATEMENT timestamp = 1 FOR " + sql;
        }
        Map<String, String> now = values(wanted.keySet());
        if (database != null) {
            steps.add("ALTER DATABASE COLLATE " + database);
        }
        steps.add(SessionStatement.set(wanted));
        steps.add(sql);
        steps.add(SessionStatement.set(now));
        if (database != null) {
            steps.add("ALTER DATABASE COLLATE "
                    + Dialect.strings(connection, "SELECT @@collation_database").get(0));
        }
        return steps;
    }

    /**
     * Functions that a server with a binary log refuses unless they say what they do. It would do so when all rows are there; whoever
     * restores wants to know it before.
     */
    public List<String> obstacles(List<SchemaStatement> statements) throws SQLException {
        boolean takesAll = Dialect.strings(connection, "SELECT @@log_bin = 0 OR @@log_bin_trust_function_creators = 1")
                .get(0)
                .equals("1");
        return takesAll
                ? List.of()
                : statements.stream()
                        .filter(statement -> isUndeclared(
                                SessionStatement.of(statement.sql()).sql()))
                        .map(statement -> "the server refuses what doesn't say whether it is deterministic; have"
                                + " SET GLOBAL log_bin_trust_function_creators = 1 executed: " + statement.title())
                        .toList();
    }

    private static boolean isUndeclared(String sql) {
        return FUNCTION.matcher(sql).lookingAt()
                && sql.lines()
                        .map(String::strip)
                        .noneMatch(Set.of("DETERMINISTIC", "NO SQL", "READS SQL DATA")::contains);
    }

    /** What becomes different of these statements, in words. */
    public List<String> deviations(List<SchemaStatement> statements) throws SQLException {
        List<String> result = new ArrayList<>();
        for (SchemaStatement each : statements) {
            SessionStatement statement = SessionStatement.of(each.sql());
            definers.deviation(statement.sql()).ifPresent(how -> result.add(how + ": " + each.title()));
            if (isForeign(statement) && !mariaDb) {
                result.add("its text is taken to be in utf8mb4, not in "
                        + statement.settings().get(SessionStatement.CLIENT) + ": " + each.title());
            }
        }
        return result;
    }

    /** Whether it holds letters that the session that it wants would take for others. */
    private static boolean isForeign(SessionStatement statement) {
        return !UNICODE.contains(statement.settings().getOrDefault(SessionStatement.CLIENT, "utf8mb4"))
                && statement.sql().chars().anyMatch(c -> c > 127);
    }

    private Map<String, String> values(Set<String> names) throws SQLException {
        Map<String, String> values = new LinkedHashMap<>();
        List<String> variables = names.stream().map(name -> "@@" + name).toList();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + String.join(", ", variables))) {
            row.next();
            int column = 1;
            for (String name : names) {
                values.put(name, row.getString(column++));
            }
        }
        return values;
    }
}
