package io.crmbackup.jdbc.internal.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words of one SQL statement, as H2, SQLite and PostgreSQL read them. It is strict: what it doesn't know to be harmless to read, as an open quote or
 * a second statement, it refuses, so that nothing can hide from whoever looks at the tokens.
 */
public final class SqlTokens {
    public enum Kind {
        /** A keyword, or a name without quotes. */
        WORD,
        /** A name in quotes. */
        NAME,
        STRING,
        NUMBER,
        SYMBOL
    }

    /** A token; a word in capitals, a name or string without its quotes; start and end are its place in the text. */
    public record Token(Kind kind, String text, int start, int end) {
        public boolean is(String word) {
            return (kind == Kind.WORD || kind == Kind.SYMBOL) && text.equals(word);
        }

        boolean isName() {
            return kind == Kind.WORD || kind == Kind.NAME;
        }
    }

    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:([0-9A-Fa-f]{4})|\\+([0-9A-Fa-f]{6})|\\\\)");

    private final String sql;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private SqlTokens(String sql) {
        this.sql = sql;
    }

    /** The statement's tokens; empty if it can't be read with certainty. */
    public static Optional<List<Token>> of(String sql) {
        SqlTokens reader = new SqlTokens(sql);
        return reader.readAll() ? Optional.of(List.copyOf(reader.tokens)) : Optional.empty();
    }

    private boolean readAll() {
        while (at < sql.length()) {
            char c = sql.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
            } else if (sql.startsWith("--", at)) {
                int end = sql.indexOf('\n', at);
                end = end < 0 ? sql.length() : end;
                // A carriage return ends a comment in some dialects and not in others.
                int early = sql.indexOf('\r', at);
                if (early >= 0 && early < end - 1) {
                    return false;
                }
                at = Math.min(end + 1, sql.length());
            } else if (sql.startsWith("//", at)) {
                // A comment to H2 and HSQLDB, and to no other.
                return false;
            } else if (sql.startsWith("/*", at)) {
                int end = sql.indexOf("*/", at + 2);
                // Comments nest in one dialect and not in the other.
                if (end < 0 || sql.substring(at + 2, end).contains("/*")) {
                    return false;
                }
                at = end + 2;
            } else if (!readToken(c)) {
                return false;
            }
        }
        return true;
    }

    private boolean readToken(char c) {
        int start = at;
        if (c == '\'' && isPrefixed()) {
            return false;
        } else if (c == '\'' || c == '"' || c == '`') {
            return readQuoted(c, c, c == '\'' ? Kind.STRING : Kind.NAME);
        } else if (c == '[' && start > 0 && !isIndexed()) {
            boolean certain = isNamePlace();
            return readQuoted('[', ']', Kind.NAME)
                    && (certain || !tokens.get(tokens.size() - 1).text().matches("(?s).*[(\"'`\\[].*"));
        } else if (sql.startsWith("U&\"", at) || sql.startsWith("U&'", at)) {
            at += 2;
            char quote = sql.charAt(at);
            return readQuoted(quote, quote, quote == '\'' ? Kind.STRING : Kind.NAME) && unescapeLast(start);
        } else if (Character.isLetter(c) || c == '_') {
            while (at < sql.length() && isWordPart(sql.charAt(at))) {
                at++;
            }
            tokens.add(new Token(Kind.WORD, sql.substring(start, at).toUpperCase(Locale.ROOT), start, at));
        } else if (c >= '0' && c <= '9') {
            while (at < sql.length() && (isWordPart(sql.charAt(at)) || sql.charAt(at) == '.')) {
                at++;
            }
            tokens.add(new Token(Kind.NUMBER, sql.substring(start, at), start, at));
        } else if (c == ';' || c == '$' || c == '\\' || c == '?' || c == '{' || c == '}' || c == 0 || c > 126) {
            return false;
        } else {
            at++;
            tokens.add(new Token(Kind.SYMBOL, String.valueOf(c), start, at));
        }
        return true;
    }

    /** Where a bracket can't be the index of an array, which in PostgreSQL may hold any expression, nor a part of one. */
    private boolean isNamePlace() {
        Token before = tokens.get(tokens.size() - 1);
        return (before.is("(") || before.is(",")) && tokens.stream().noneMatch(token -> token.is("ARRAY"));
    }

    /** A letter right before a string may give backslashes a meaning, as E does in PostgreSQL. */
    private boolean isPrefixed() {
        return !tokens.isEmpty()
                && tokens.get(tokens.size() - 1).kind() == Kind.WORD
                && tokens.get(tokens.size() - 1).end() == at
                && tokens.get(tokens.size() - 1).is("E");
    }

    /** After a word such as ARRAY a bracket holds a size, not a name. */
    private boolean isIndexed() {
        if (tokens.isEmpty()) {
            return false;
        }
        return tokens.get(tokens.size() - 1).is("ARRAY");
    }

    private boolean readQuoted(char open, char close, Kind kind) {
        int start = at++;
        StringBuilder text = new StringBuilder();
        while (at < sql.length()) {
            char c = sql.charAt(at++);
            if (c == 0) {
                return false;
            }
            if (c != close) {
                text.append(c);
            } else if (open == close && at < sql.length() && sql.charAt(at) == close) {
                text.append(c);
                at++;
            } else {
                tokens.add(new Token(kind, text.toString(), start, at));
                return true;
            }
        }
        return false;
    }

    /** SQL's Unicode form: a backslash and four digits, or a plus sign and six, or another backslash. */
    private boolean unescapeLast(int start) {
        Token token = tokens.remove(tokens.size() - 1);
        Matcher escapes = ESCAPE.matcher(token.text());
        StringBuilder text = new StringBuilder();
        while (escapes.find()) {
            String digits = escapes.group(1) != null ? escapes.group(1) : escapes.group(2);
            if (digits == null) {
                escapes.appendReplacement(text, Matcher.quoteReplacement("\\"));
                continue;
            }
            int point = Integer.parseInt(digits, 16);
            if (!Character.isValidCodePoint(point)) {
                return false;
            }
            escapes.appendReplacement(text, Matcher.quoteReplacement(Character.toString(point)));
        }
        escapes.appendTail(text);
        tokens.add(new Token(token.kind(), text.toString(), start, token.end()));
        return true;
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }
}
