package io.crmbackup.testservers;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes a script apart into statements as the command line programs of the products do: a semicolon ends a statement unless it stands in a
 * string, a quoted name or a comment. Comments are left out, but for those that MySQL executes. Not thread-safe.
 */
final class SqlSplitter {
    private static final Pattern DOLLAR_QUOTE = Pattern.compile("\\$(?:[\\p{L}_][\\p{L}\\p{N}_]*)?\\$");
    private static final Pattern VARIABLE =
            Pattern.compile(":(?:([\\p{L}_][\\p{L}\\p{N}_]*)|'([\\p{L}_][\\p{L}\\p{N}_]*)')");
    private static final Pattern DELIMITER = Pattern.compile("(?i)DELIMITER[ \\t]+(\\S+)[^\\n]*");
    private static final Pattern EXECUTED = Pattern.compile("/\\*(?:M?!|\\+)");

    /** Whose rules hold. */
    enum Dialect {
        /** Of psql: dollar quotes, nested comments, variables; a line that begins with a backslash is a statement. */
        POSTGRES,
        /** Of mysql and mariadb: backslashes in strings, comments that are executed, DELIMITER. */
        MYSQL
    }

    private final String text;
    private final Dialect dialect;
    private final Map<String, String> variables;
    private String delimiter = ";";
    private int at;

    /**
     * @param variables replaced where psql does; the caller may change them between statements
     */
    SqlSplitter(String text, Dialect dialect, Map<String, String> variables) {
        this.text = text;
        this.dialect = dialect;
        this.variables = variables;
    }

    /** The next statement without what ends it, or nothing at the end of the script. */
    Optional<String> next() {
        StringBuilder statement = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean begins = statement.isEmpty();
            if (begins && Character.isWhitespace(c)) {
                at++;
            } else if (begins && c == '\\' && dialect == Dialect.POSTGRES) {
                return Optional.of(line());
            } else if (begins && newDelimiter() || skipComment()) {
                statement.append(begins ? "" : " ");
            } else if (text.startsWith(delimiter, at)) {
                at += delimiter.length();
                if (!begins) {
                    return Optional.of(statement.toString().strip());
                }
            } else {
                int end = endOfUnit(c);
                append(statement, text.substring(at, end));
                at = end;
            }
        }
        return statement.isEmpty()
                ? Optional.empty()
                : Optional.of(statement.toString().strip());
    }

    /** What is left of the line: all of it after a statement that ends without the line. */
    String line() {
        int end = text.indexOf('\n', at);
        String line = text.substring(at, end < 0 ? text.length() : end);
        at = end < 0 ? text.length() : end + 1;
        return line.strip();
    }

    /** The lines from here to one of {@code \.}, which is passed over. */
    String copiedLines() {
        int begin = at;
        while (at < text.length()) {
            int end = at;
            if (line().equals("\\.")) {
                return text.substring(begin, end);
            }
        }
        throw new IllegalArgumentException("Line " + lineNumber(begin) + ": copied lines without \\. at their end");
    }

    private boolean newDelimiter() {
        Matcher matcher = DELIMITER.matcher(text).region(at, text.length());
        if (dialect == Dialect.MYSQL && matcher.lookingAt()) {
            delimiter = matcher.group(1);
            at = matcher.end();
            return true;
        }
        return false;
    }

    private boolean skipComment() {
        boolean dashes = text.startsWith("--", at)
                && (dialect == Dialect.POSTGRES || at + 2 == text.length() || text.charAt(at + 2) <= ' ');
        if (dashes || dialect == Dialect.MYSQL && text.charAt(at) == '#') {
            int end = text.indexOf('\n', at);
            at = end < 0 ? text.length() : end;
            return true;
        }
        if (!text.startsWith("/*", at) || dialect == Dialect.MYSQL && isExecuted()) {
            return false;
        }
        at = endOfComment();
        return true;
    }

    private boolean isExecuted() {
        return EXECUTED.matcher(text).region(at, text.length()).lookingAt();
    }

    private int endOfComment() {
        int depth = 0;
        for (int i = at; i < text.length() - 1; i++) {
            if (text.startsWith("*/", i)) {
                depth--;
                i++;
            } else if (text.startsWith("/*", i) && (depth == 0 || dialect == Dialect.POSTGRES)) {
                depth++;
                i++;
            }
            if (depth == 0) {
                return i + 1;
            }
        }
        throw open("comment");
    }

    /** Where what begins here ends: a string, a quoted name, an executed comment, a variable, or one character. */
    private int endOfUnit(char c) {
        if (c == '\'' || c == '"' || c == '`' && dialect == Dialect.MYSQL) {
            return endOfQuotes(c);
        }
        if (dialect == Dialect.MYSQL) {
            return isExecuted() ? endOfComment() : at + 1;
        }
        if (c == '$' && !inWord()) {
            Matcher quote = DOLLAR_QUOTE.matcher(text).region(at, text.length());
            if (quote.lookingAt()) {
                int end = text.indexOf(quote.group(), quote.end());
                if (end < 0) {
                    throw open(quote.group());
                }
                return end + quote.group().length();
            }
        }
        if (text.startsWith("::", at)) {
            return at + 2;
        }
        Matcher variable = VARIABLE.matcher(text).region(at, text.length());
        return c == ':' && variable.lookingAt() ? variable.end() : at + 1;
    }

    private int endOfQuotes(char quote) {
        boolean escapes = dialect == Dialect.MYSQL ? quote != '`' : quote == '\'' && isEscapeString();
        for (int i = at + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && escapes) {
                i++;
            } else if (c == quote) {
                if (!text.startsWith("" + quote, i + 1)) {
                    return i + 1;
                }
                i++;
            }
        }
        throw open(quote + "");
    }

    private boolean isEscapeString() {
        if (at == 0 || Character.toUpperCase(text.charAt(at - 1)) != 'E') {
            return false;
        }
        return at == 1 || !isWord(text.charAt(at - 2));
    }

    private boolean inWord() {
        return at > 0 && isWord(text.charAt(at - 1));
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }

    private void append(StringBuilder statement, String unit) {
        Matcher variable = VARIABLE.matcher(unit);
        if (dialect == Dialect.POSTGRES && variable.matches()) {
            boolean quoted = variable.group(1) == null;
            String value = variables.get(quoted ? variable.group(2) : variable.group(1));
            if (value != null) {
                statement.append(quoted ? "'" + value.replace("'", "''") + "'" : value);
                return;
            }
        }
        statement.append(unit);
    }

    private IllegalArgumentException open(String what) {
        return new IllegalArgumentException("Line " + lineNumber(at) + ": no end of " + what);
    }

    private long lineNumber(int position) {
        return 1 + text.substring(0, position).chars().filter(c -> c == '\n').count();
    }
}
