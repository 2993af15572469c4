package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.sql.TableFilter;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the user may do with all of the connection's database. The server shows nobody what he may do nothing with: a table that the user
 * may not read would be missing from a backup without a word, so that the right to read all of them is asked for.
 */
final class Rights {
    private static final Pattern GRANT =
            Pattern.compile("GRANT (.+?) ON (\\*|`(?:[^`]|``)*`)\\.\\* TO .*", Pattern.DOTALL);
    private static final String ALL = "ALL PRIVILEGES";

    /** What can't be seen without a right. */
    private static final Map<String, String> SHOWN_BY = Map.of(
            "EVENT", "events", "EXECUTE", "functions and procedures", "SHOW VIEW", "views", "TRIGGER", "triggers");

    private final String database;
    private final Set<String> rights;

    private Rights(String database, Set<String> rights) {
        this.database = database;
        this.rights = rights;
    }

    static Rights of(Connection connection) throws SQLException {
        String database = Dialect.strings(connection, "SELECT DATABASE()").get(0);
        return of(database, Dialect.strings(connection, "SHOW GRANTS"));
    }

    /** Reads what SHOW GRANTS says. */
    static Rights of(String database, List<String> grants) {
        Set<String> rights = new HashSet<>();
        for (String grant : grants) {
            Matcher matcher = GRANT.matcher(grant);
            if (matcher.matches() && fits(matcher.group(2), database)) {
                rights.addAll(
                        Arrays.asList(matcher.group(1).toUpperCase(Locale.ROOT).split(", ")));
            }
        }
        return new Rights(database, rights);
    }

    /** Databases are granted by pattern: _ is any character and % any number of them. */
    private static boolean fits(String quoted, String database) {
        if (quoted.equals("*")) {
            return true;
        }
        StringBuilder pattern = new StringBuilder();
        String name = quoted.substring(1, quoted.length() - 1).replace("``", "`");
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '\\' && i + 1 < name.length()) {
                pattern.append(Pattern.quote(String.valueOf(name.charAt(++i))));
            } else {
                pattern.append(c == '_' ? "." : c == '%' ? ".*" : Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(pattern.toString(), Pattern.DOTALL)
                .matcher(database)
                .matches();
    }

    boolean has(String right) {
        return rights.contains(ALL) || rights.contains(right);
    }

    /** Fails if tables may be hidden from the user, unless the ones that are wanted are named. */
    void check(TableFilter filter) throws IOException {
        if (!has("SELECT") && filter.includes().isEmpty()) {
            throw new IOException(
                    "the user may not read every table of the database, and the server hides those that it may not:"
                            + " GRANT SELECT ON `" + database
                            + "`.* to it, or name the tables to capture with include()");
        }
    }

    /** What may be missing for want of a right, in words. */
    List<String> hidden() {
        List<String> hidden = new ArrayList<>();
        new TreeMap<>(SHOWN_BY).forEach((right, what) -> {
            if (!has(right)) {
                hidden.add(what + " that the user may not see (it lacks the right " + right + ")");
            }
        });
        return hidden;
    }
}
