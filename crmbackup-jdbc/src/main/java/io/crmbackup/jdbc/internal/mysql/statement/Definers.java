package io.crmbackup.jdbc.internal.mysql.statement;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Users with whose rights programs run. One that does not exist can't be kept: views on such a view can't be made, and triggers would keep
 * their tables from being written. The user of the restore takes its place, which is said before anything is executed.
 */
final class Definers {
    private static final int NO_SUCH_USER = 1141;
    private static final String NAME = "(`(?:[^`]|``){1,400}`|\"(?:[^\"]|\"\"){1,400}\")";
    private static final Pattern CLAUSE = Pattern.compile(
            "(CREATE\\s+(?:OR\\s+REPLACE\\s+)?(?:ALGORITHM\\s*=\\s*\\w+\\s+)?)DEFINER\\s*=\\s*" + NAME + "(?:@" + NAME
                    + ")?",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern GLOBAL = Pattern.compile("GRANT (.+?) ON \\*\\.\\* TO .*", Pattern.DOTALL);
    private static final Set<String> NAMING_OTHERS =
            Set.of("ALL PRIVILEGES", "SUPER", "SET USER", "SET_USER_ID", "SET_ANY_DEFINER");

    private final Connection connection;
    private final String current;
    private final boolean maySetOthers;
    private final Map<String, Optional<String>> known = new HashMap<>();

    Definers(Connection connection) throws SQLException {
        this.connection = connection;
        this.current = Dialect.strings(connection, "SELECT CURRENT_USER()").get(0);
        this.maySetOthers = Dialect.strings(connection, "SHOW GRANTS").stream()
                .map(GLOBAL::matcher)
                .filter(Matcher::matches)
                .flatMap(grant -> List.of(grant.group(1).split(", ")).stream())
                .anyMatch(NAMING_OTHERS::contains);
    }

    /** The statement with a definer that it can have. */
    String fitted(String sql) throws SQLException {
        Matcher clause = CLAUSE.matcher(sql);
        return clause.lookingAt() && obstacle(clause).isPresent()
                ? clause.group(1) + "DEFINER=CURRENT_USER" + sql.substring(clause.end())
                : sql;
    }

    /** Why the statement can't have its definer, in words; empty if it can. */
    Optional<String> deviation(String sql) throws SQLException {
        Matcher clause = CLAUSE.matcher(sql);
        Optional<String> obstacle = clause.lookingAt() ? obstacle(clause) : Optional.empty();
        return obstacle.map(reason ->
                "runs with the rights of " + current + ", not of its definer " + name(clause) + ", " + reason);
    }

    private Optional<String> obstacle(Matcher clause) throws SQLException {
        String name = name(clause);
        Optional<String> obstacle = known.get(name);
        if (obstacle == null) {
            obstacle = findObstacle(clause, name);
            known.put(name, obstacle);
        }
        return obstacle;
    }

    private Optional<String> findObstacle(Matcher clause, String name) throws SQLException {
        if (name.equals(current)) {
            return Optional.empty();
        } else if (!maySetOthers) {
            return Optional.of("as " + current + " may name nobody else (it lacks the right SET USER or SUPER)");
        }
        try {
            Dialect.strings(
                    connection,
                    "SHOW GRANTS FOR " + quoted(clause.group(2))
                            + (clause.group(3) == null ? "" : "@" + quoted(clause.group(3))));
            return Optional.empty();
        } catch (SQLException e) {
            // With any other error the user may not see others, and whether they are there can't be told.
            return e.getErrorCode() == NO_SUCH_USER
                    ? Optional.of("which does not exist here: create it before the restore to keep it")
                    : Optional.empty();
        }
    }

    private static String name(Matcher clause) {
        return plain(clause.group(2)) + (clause.group(3) == null ? "" : "@" + plain(clause.group(3)));
    }

    private static String plain(String quoted) {
        String quote = quoted.substring(0, 1);
        return quoted.substring(1, quoted.length() - 1).replace(quote + quote, quote);
    }

    private static String quoted(String name) {
        return '`' + plain(name).replace("`", "``") + '`';
    }
}
