package io.crmbackup.jdbc.internal.mysql.statement;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What SHOW CREATE TABLE gives, divided: foreign keys are statements of their own, so that tables can be made in any order and without
 * the ones that they refer to, and where the counter stands is told apart from the definition, as it changes with every row.
 */
public final class CreateTable {
    private static final Pattern FOREIGN_KEY =
            Pattern.compile("(CONSTRAINT `(?:[^`]|``)*` )?FOREIGN KEY.*", Pattern.DOTALL);
    private static final Pattern COMMENT = Pattern.compile("/\\*M?!\\d*");

    /** A key that is no more than one: what this is not is not read here. */
    private static final Pattern PLAIN_KEY = Pattern.compile(
            "KEY `[^`]+` \\(`[^`]+`(\\(\\d+\\))?( DESC)?(,`[^`]+`(\\(\\d+\\))?( DESC)?)*\\)( USING BTREE)?");

    /** Tables to which keys can be added later, so that they then are what they would have been. */
    private static final Pattern PLAIN_TABLE = Pattern.compile(
            "\\) ENGINE=InnoDB( DEFAULT CHARSET=\\w+)?( COLLATE=\\w+)?( ROW_FORMAT=\\w+)?( COMMENT='[^'\\\\]*')?");

    private static final Pattern COUNTING = Pattern.compile("(`[^`]+`) .* AUTO_INCREMENT\\b.*", Pattern.DOTALL);
    private static final Pattern COUNTER = Pattern.compile("^([^'\"`/]*?) AUTO_INCREMENT=\\d+");

    private final String sql;
    private final List<String> parts = new ArrayList<>();
    private String head = "";
    private int at;

    private CreateTable(String sql) {
        this.sql = sql;
    }

    /** The statements that make the table of this quoted name: first the table, then each of its foreign keys. */
    public static List<String> divided(String quotedName, String sql) {
        return new CreateTable(withoutComments(sql)).divide(quotedName);
    }

    /**
     * What stands in a comment for servers from a version on, stands there for this one. Whoever restores it wants to see what is executed and
     * what is not.
     */
    private static String withoutComments(String sql) {
        CreateTable reader = new CreateTable(sql);
        StringBuilder result = new StringBuilder();
        int from = 0;
        while (true) {
            int slash = reader.readToAnywhere('/');
            if (slash < 0) {
                return result.append(sql, from, sql.length()).toString();
            }
            Matcher comment = COMMENT.matcher(sql).region(slash, sql.length());
            int end = comment.lookingAt() ? reader.readToEnd() : -1;
            if (end >= 0) {
                result.append(sql, from, slash).append(sql, comment.end(), end);
                from = end + 2;
            }
        }
    }

    private int readToEnd() {
        while (true) {
            int star = readToAnywhere('*');
            if (star < 0 || sql.startsWith("*/", star)) {
                return star;
            }
        }
    }

    /**
     * The same definition without keys that neither its counter nor rows' uniqueness needs, and a statement that adds these; empty if
     * there are none, or if the table would not be the same.
     */
    public static Optional<List<String>> withoutKeys(String quotedName, String sql) {
        return new CreateTable(sql).divideKeys(quotedName);
    }

    private Optional<List<String>> divideKeys(String quotedName) {
        int tail = readParts();
        if (tail < 0 || !PLAIN_TABLE.matcher(sql.substring(tail)).matches()) {
            return Optional.empty();
        }
        List<String> own = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        for (String part : parts) {
            (part.startsWith("KEY ") ? keys : own).add(part);
        }
        boolean arePlain = keys.stream().allMatch(key -> PLAIN_KEY.matcher(key).matches());
        return keys.isEmpty() || !arePlain || !countsWithout(own)
                ? Optional.empty()
                : Optional.of(List.of(
                        head + "\n  " + String.join(",\n  ", own) + "\n" + sql.substring(tail),
                        "ALTER TABLE " + quotedName + " ADD " + String.join(", ADD ", keys)));
    }

    /** A column that counts has to be the first of a key. */
    private static boolean countsWithout(List<String> parts) {
        return parts.stream()
                .map(COUNTING::matcher)
                .filter(Matcher::matches)
                .allMatch(counting ->
                        parts.stream().anyMatch(part -> part.startsWith("PRIMARY KEY (" + counting.group(1))));
    }

    /** Reads what stands in the brackets; returns where they end, or -1. */
    private int readParts() {
        if (readTo("(") < 0) {
            return -1;
        }
        head = sql.substring(0, at);
        do {
            int start = at;
            int end = readTo(",)");
            if (end < 0) {
                return -1;
            }
            parts.add(sql.substring(start, end).strip());
        } while (sql.charAt(at - 1) == ',');
        return at - 1;
    }

    private List<String> divide(String quotedName) {
        int end = readParts();
        if (end < 0) {
            return List.of(sql);
        }
        String tail = sql.substring(end);
        Matcher counter = COUNTER.matcher(tail);
        List<String> statements = new ArrayList<>();
        List<String> own = new ArrayList<>();
        for (String part : parts) {
            if (FOREIGN_KEY.matcher(part).matches()) {
                statements.add("ALTER TABLE " + quotedName + " ADD " + part);
            } else {
                own.add(part);
            }
        }
        statements.add(0, head + "\n  " + String.join(",\n  ", own) + "\n" + counter.replaceFirst("$1"));
        return statements;
    }

    /** Goes behind the next of these characters that is not in quotes, brackets or a comment; where that is, or -1. */
    private int readTo(String characters) {
        int depth = 0;
        while (at < sql.length()) {
            char c = sql.charAt(at++);
            if (depth == 0 && characters.indexOf(c) >= 0) {
                return at - 1;
            } else if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            } else if (c == '`' || c == '\'' || c == '"') {
                readQuoted(c);
            }
        }
        return -1;
    }

    /** The same for a character in brackets too. */
    private int readToAnywhere(char character) {
        while (at < sql.length()) {
            char c = sql.charAt(at++);
            if (c == character) {
                return at - 1;
            } else if (c == '`' || c == '\'' || c == '"') {
                readQuoted(c);
            }
        }
        return -1;
    }

    private void readQuoted(char quote) {
        while (at < sql.length()) {
            char c = sql.charAt(at++);
            if (c == '\\' && quote != '`') {
                at++;
            } else if (c == quote) {
                // Two of them are one of the text: the second opens again what the first closed.
                return;
            }
        }
    }
}
