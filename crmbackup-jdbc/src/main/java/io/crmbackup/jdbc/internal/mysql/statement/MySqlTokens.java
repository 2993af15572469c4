package io.crmbackup.jdbc.internal.mysql.statement;

import io.crmbackup.jdbc.internal.sql.SqlTokens.Kind;
import io.crmbackup.jdbc.internal.sql.SqlTokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words of one statement as MariaDB and MySQL read it, with backslashes in strings. Strict: comments, of which some are executed, variables
 * and second statements are refused, so that nothing hides from whoever looks at the tokens.
 */
public final class MySqlTokens {
    private static final Pattern NUMBER = Pattern.compile("\\d+(?:\\.\\d+)?(?:[eE][-+]?\\d+)?");
    private static final String SYMBOLS = "().,=+-*/%<>!|&^~";

    private final String sql;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private MySqlTokens(String sql) {
        this.sql = sql;
    }

    /** The statement's tokens; empty if it can't be read with certainty. */
    public static Optional<List<Token>> of(String sql) {
        MySqlTokens reader = new MySqlTokens(sql);
        while (reader.at < sql.length()) {
            if (!reader.readOne()) {
                return Optional.empty();
            }
        }
        return Optional.of(List.copyOf(reader.tokens));
    }

    private boolean readOne() {
        char c = sql.charAt(at);
        int start = at;
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
            at++;
            return true;
        } else if (c == '`') {
            return readQuoted(c, Kind.NAME);
        } else if (c == '\'' || c == '"') {
            return readQuoted(c, Kind.STRING);
        } else if (isWordPart(c)) {
            Matcher number = NUMBER.matcher(sql).region(start, sql.length());
            if (number.lookingAt() && (number.end() == sql.length() || !isWordPart(sql.charAt(number.end())))) {
                at = number.end();
                tokens.add(new Token(Kind.NUMBER, sql.substring(start, at), start, at));
                return true;
            }
            while (at < sql.length() && isWordPart(sql.charAt(at))) {
                at++;
            }
            tokens.add(new Token(Kind.WORD, sql.substring(start, at).toUpperCase(Locale.ROOT), start, at));
            return true;
        }
        at++;
        tokens.add(new Token(Kind.SYMBOL, String.valueOf(c), start, at));
        return SYMBOLS.indexOf(c) >= 0 && !sql.startsWith("/*", start) && !sql.startsWith("--", start);
    }

    private static boolean isWordPart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '$' || c > 127;
    }

    private boolean readQuoted(char quote, Kind kind) {
        int start = at++;
        StringBuilder text = new StringBuilder();
        while (at < sql.length()) {
            char c = sql.charAt(at++);
            if (c == '\\' && kind == Kind.STRING) {
                // Where backslashes are plain characters (NO_BACKSLASH_ESCAPES) the string would end at a quote.
                if (at == sql.length() || sql.charAt(at) == quote) {
                    return false;
                }
                // What it stands for doesn't matter here.
                text.append(c).append(sql.charAt(at++));
            } else if (c != quote) {
                text.append(c);
            } else if (at < sql.length() && sql.charAt(at) == quote) {
                text.append(c);
                at++;
            } else {
                tokens.add(new Token(kind, text.toString(), start, at));
                return true;
            }
        }
        return false;
    }
}
