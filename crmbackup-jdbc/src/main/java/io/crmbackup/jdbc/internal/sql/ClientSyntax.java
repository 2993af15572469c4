package io.crmbackup.jdbc.internal.sql;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How programs that play a script, as psql or sqlite3, cut it up before a server sees anything of it: what one of them takes for a command of its own, or for the end of a statement, a server would
 * refuse too late. What lies outside of a product's quotes and comments and could be a command is not safe in a script.
 */
public enum ClientSyntax {
    /** Quotes are those of the standard. */
    STANDARD("'\""),
    /** Names may stand between backticks or brackets too; lines may be commands, and end a statement whose quotes are closed. */
    SQLITE("'\"`[") {
        @Override
        boolean isHarmless(String line) {
            return !line.startsWith(".") && !line.startsWith("#") && !ENDS.contains(line);
        }
    },
    /** A word changes what ends a statement. Comments, and symbols that are no operators, are not safe anyway. */
    MYSQL("'\"`") {
        @Override
        boolean isHarmless(String line) {
            return !line.contains("delimiter");
        }
    };

    /** Lines that sqlite3 takes for the end of a statement, as programs of other products do. */
    private static final Set<String> ENDS = Set.of("/", "go");

    private final String quotes;

    ClientSyntax(String quotes) {
        this.quotes = quotes;
    }

    /** A statement for a script: not safe if a client could read it in another way than the server. */
    public SchemaStatement read(SchemaStatement statement) {
        return !statement.isSafe() || isOneStatement(statement.sql())
                ? statement
                : new SchemaStatement(
                        statement.sql(),
                        statement.kind(),
                        statement.table(),
                        statement.target(),
                        Optional.of("a program that plays it could take a part of it for a command"));
    }

    private boolean isOneStatement(String sql) {
        StringBuilder outside = new StringBuilder();
        int at = 0;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (quotes.indexOf(c) >= 0) {
                at = sql.indexOf(c == '[' ? ']' : c, at + 1) + 1;
                if (at == 0) {
                    return false;
                }
                // What stood there is no line of its own, and no part of a word.
                outside.append('\'');
            } else if (sql.startsWith("--", at)) {
                int end = sql.indexOf('\n', at);
                at = end < 0 ? sql.length() : end;
            } else if (sql.startsWith("/*", at)) {
                int end = sql.indexOf("*/", at + 2);
                if (end < 0 || sql.substring(at + 2, end).contains("/*")) {
                    return false;
                }
                at = end + 2;
                // To a client a line with a command may hold comments besides.
                outside.append(' ');
            } else if (c == ';' || c == '\\' || c == '`' || c == 0) {
                return false;
            } else {
                outside.append(c);
                at++;
            }
        }
        return outside.toString()
                .lines()
                .map(line -> line.strip().toLowerCase(Locale.ROOT))
                .allMatch(this::isHarmless);
    }

    /** Whether a line, in small letters and with a mark in place of what is in quotes, is no command. */
    boolean isHarmless(String line) {
        return true;
    }
}
