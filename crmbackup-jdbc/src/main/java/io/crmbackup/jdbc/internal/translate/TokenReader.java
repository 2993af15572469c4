package io.crmbackup.jdbc.internal.translate;

import io.crmbackup.jdbc.internal.sql.SqlTokens.Kind;
import io.crmbackup.jdbc.internal.sql.SqlTokens.Token;
import io.crmbackup.jdbc.internal.sql.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Goes through the words of a statement. Not thread-safe. */
final class TokenReader {
    private final String sql;
    private final List<Token> tokens;
    private int at;

    TokenReader(String sql, List<Token> tokens) {
        this.sql = sql;
        this.tokens = tokens;
    }

    boolean atEnd() {
        return at >= tokens.size();
    }

    boolean peek(String word) {
        return !atEnd() && tokens.get(at).is(word);
    }

    /** Goes on if these words come next. */
    boolean take(String... words) {
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

    Token next() {
        return tokens.get(at++);
    }

    /** The next word as a name, as it is written. */
    Optional<String> name() {
        if (atEnd() || tokens.get(at).kind() != Kind.WORD && tokens.get(at).kind() != Kind.NAME) {
            return Optional.empty();
        }
        Token token = next();
        String text = token.kind() == Kind.WORD ? sql.substring(token.start(), token.end()) : token.text();
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /** A name with a schema before it, or without. */
    Optional<TableName> qualifiedName() {
        Optional<String> first = name();
        if (first.isEmpty() || !take(".")) {
            return first.map(table -> new TableName("", table));
        }
        return name().map(table -> new TableName(first.get(), table));
    }

    /** The last word that was gone over. */
    Token last() {
        return tokens.get(at - 1);
    }

    /** The parts between brackets, divided by commas; the opening bracket is next. Empty if they don't end. */
    List<TokenReader> brackets() {
        List<TokenReader> parts = new ArrayList<>();
        if (!take("(")) {
            return parts;
        }
        int depth = 0;
        int start = at;
        while (!atEnd()) {
            Token token = next();
            if (depth == 0 && (token.is(",") || token.is(")"))) {
                parts.add(new TokenReader(sql, tokens.subList(start, at - 1)));
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
    String title() {
        return text(0);
    }

    /** The text that was not gone over, to name it. */
    String rest() {
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
