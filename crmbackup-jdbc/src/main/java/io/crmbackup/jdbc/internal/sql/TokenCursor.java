package io.crmbackup.jdbc.internal.sql;

import io.crmbackup.jdbc.internal.sql.SqlTokens.Kind;
import io.crmbackup.jdbc.internal.sql.SqlTokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Goes through the words of a statement, from its begin. Not thread-safe. */
public final class TokenCursor {
    private final String sql;
    private final List<Token> tokens;
    private int at;

    public TokenCursor(String sql, List<Token> tokens) {
        this.sql = sql;
        this.tokens = tokens;
    }

    public boolean atEnd() {
        return at >= tokens.size();
    }

    public boolean peek(String word) {
        return !atEnd() && tokens.get(at).is(word);
    }

    boolean peek(Kind kind) {
        return !atEnd() && tokens.get(at).kind() == kind;
    }

    /** How many words were gone over. */
    int at() {
        return at;
    }

    /** Goes on, or back, to a place that {@link #at()} told. */
    void goTo(int place) {
        at = place;
    }

    /** Goes over some words, whatever they are; beyond the end is the end. */
    void skip(int words) {
        at += words;
    }

    public Token next() {
        return tokens.get(at++);
    }

    /** Goes on if these words come next. */
    public boolean take(String... words) {
        if (at + words.length > tokens.size()) {
            return false;
        }
        for (int i = 0; i < words.length; i++) {
            if (!tokens.get(at + i).is(words[i])) {
                return false;
            }
        }
        at += words.length;
        return true;
    }

    /** Goes on if something of this kind comes next. */
    public boolean take(Kind kind) {
        boolean is = peek(kind);
        at += is ? 1 : 0;
        return is;
    }

    /** Goes on if a number comes next, with a sign or without. */
    public boolean takeNumber() {
        take("-");
        return take(Kind.NUMBER);
    }

    /** The next word as a name, as it is written. */
    public Optional<String> name() {
        if (atEnd() || !tokens.get(at).isName()) {
            return Optional.empty();
        }
        Token token = next();
        String text = token.kind() == Kind.WORD ? sql.substring(token.start(), token.end()) : token.text();
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /** A name with a schema before it, or without. */
    public Optional<TableName> qualifiedName() {
        Optional<String> first = name();
        if (first.isEmpty() || !take(".")) {
            return first.map(table -> new TableName("", table));
        }
        return name().map(table -> new TableName(first.get(), table));
    }

    /** The last word that was gone over. */
    public Token last() {
        return tokens.get(at - 1);
    }

    /** The parts between brackets, divided by commas; the opening bracket is next. Empty if they don't end. */
    public List<TokenCursor> brackets() {
        List<TokenCursor> parts = new ArrayList<>();
        if (!take("(")) {
            return parts;
        }
        int depth = 0;
        int start = at;
        while (!atEnd()) {
            Token token = next();
            if (depth == 0 && (token.is(",") || token.is(")"))) {
                parts.add(new TokenCursor(sql, tokens.subList(start, at - 1)));
                start = at;
                if (token.is(")")) {
                    return parts;
                }
            } else if (token.is("(")) {
                depth++;
            } else if (token.is(")")) {
                depth--;
            }
        }
        return List.of();
    }

    /** The text from the beginning on, to name it. */
    public String title() {
        return text(0);
    }

    /** The text that was not gone over, to name it. */
    public String rest() {
        return text(at);
    }

    private String text(int from) {
        if (from >= tokens.size()) {
            return "";
        }
        String text = sql.substring(
                        tokens.get(from).start(), tokens.get(tokens.size() - 1).end())
                .replaceAll("\\s+", " ");
        return text.length() > 100 ? text.substring(0, 100) + " …" : text;
    }
}
