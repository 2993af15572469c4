package io.crmbackup.jdbc.internal.mysql.statement;

import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import io.crmbackup.jdbc.internal.sql.SchemaStatement.Type;
import io.crmbackup.jdbc.internal.sql.SqlTokens.Kind;
import io.crmbackup.jdbc.internal.sql.SqlTokens.Token;
import io.crmbackup.jdbc.internal.sql.TableName;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads a statement that makes a part of a schema, for {@link SchemaStatement}'s reasons: whether it is safe to execute without trusting
 * whoever wrote it. Safe are tables of a {@linkplain TableForm known form}, their foreign keys, sequences, and where counters stand, all in the
 * database of the connection. What is not known to the end is in doubt.
 */
public final class MySqlStatement {
    private static final Pattern EVENT =
            Pattern.compile("CREATE\\s+(?:DEFINER\\s*=[^']{1,800}?\\s)?\\s*EVENT\\s", Pattern.CASE_INSENSITIVE);

    private final String sql;
    private final List<Token> tokens;
    private int at;
    /** Whether something is called by the name of its database, which the server leaves out in those of the one that is captured. */
    private boolean elsewhere;

    private Optional<TableName> table = Optional.empty();
    private Optional<TableName> target = Optional.empty();

    private MySqlStatement(String sql, List<Token> tokens) {
        this.sql = sql;
        this.tokens = tokens;
    }

    public static SchemaStatement of(String sql) {
        SessionStatement text = SessionStatement.of(sql);
        boolean event = EVENT.matcher(text.sql()).lookingAt();
        if (event || !text.settings().isEmpty()) {
            return program(sql, text.sql(), event ? Type.EVENT : Type.OTHER);
        }
        Optional<List<Token>> tokens = MySqlTokens.of(sql);
        if (tokens.isEmpty()) {
            return new SchemaStatement(
                    sql,
                    Type.OTHER,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of("it can't be read with certainty"));
        }
        MySqlStatement statement = new MySqlStatement(sql, tokens.get());
        Type type = statement.type();
        Optional<String> doubt = statement.doubt(type);
        return new SchemaStatement(sql, type, statement.table, statement.target, doubt);
    }

    private static SchemaStatement program(String sql, String definition, Type type) {
        Optional<TableName> table = MySqlTokens.of(definition)
                .map(tokens -> new MySqlStatement(definition, tokens))
                .flatMap(statement -> {
                    statement.type();
                    return statement.table;
                });
        return new SchemaStatement(
                sql, type, table, Optional.empty(), Optional.of("it is of a kind that can run code"));
    }

    private Type type() {
        if (take("ALTER", "DATABASE", "CHARACTER", "SET")) {
            return isDefault() ? Type.SCHEMA : Type.OTHER;
        } else if (take("CREATE", "TABLE")) {
            table = name();
            return table.isPresent() && peek("(") ? Type.TABLE : Type.OTHER;
        } else if (take("CREATE", "SEQUENCE")) {
            return name().isPresent() && isSequence() ? Type.SEQUENCE : Type.OTHER;
        } else if (take("ALTER", "SEQUENCE")) {
            return name().isPresent() && take("RESTART", "WITH") && isLastNumber() ? Type.POSITION : Type.OTHER;
        } else if (take("DO", "SETVAL", "(")) {
            return name().isPresent()
                            && take(",")
                            && takeNumber()
                            && take(",")
                            && takeNumber()
                            && take(")")
                            && at == tokens.size()
                    ? Type.POSITION
                    : Type.OTHER;
        } else if (take("ALTER", "TABLE")) {
            table = name();
            if (take("AUTO_INCREMENT", "=")) {
                return isLastNumber() ? Type.POSITION : Type.OTHER;
            }
            return take("ADD") && isForeignKey() ? Type.FOREIGN_KEY : Type.OTHER;
        } else if (take("CREATE") && tokens.stream().anyMatch(token -> token.is("TRIGGER"))) {
            table = triggerTable();
        }
        return Type.OTHER;
    }

    /** How a sequence counts, and where it is kept. */
    private boolean isSequence() {
        while (at < tokens.size()) {
            boolean number = take("START", "WITH")
                    || take("MINVALUE")
                    || take("MAXVALUE")
                    || take("INCREMENT", "BY")
                    || take("CACHE");
            boolean known = number
                    ? takeNumber()
                    : take("NOCACHE")
                            || take("CYCLE")
                            || take("NOCYCLE")
                            || take("NO", "MINVALUE")
                            || take("NO", "MAXVALUE")
                            || take("UNSIGNED")
                            || take("AS") && takeWord()
                            || take("ENGINE", "=") && TableForm.isOwnEngine(tokens, at++)
                            || take("COMMENT", "=") && takeString();
            if (!known) {
                return false;
            }
        }
        return true;
    }

    /** What the database's tables have unless they say otherwise. */
    private boolean isDefault() {
        boolean named = takeWord() && take("COLLATE") && takeWord();
        return named && (!take("COMMENT") || takeString()) && at == tokens.size();
    }

    private boolean takeString() {
        return at < tokens.size() && tokens.get(at++).kind() == Kind.STRING;
    }

    private boolean takeWord() {
        return at < tokens.size() && tokens.get(at++).kind() == Kind.WORD;
    }

    private boolean isForeignKey() {
        if (take("CONSTRAINT")) {
            name();
        }
        if (!take("FOREIGN", "KEY")) {
            return false;
        }
        if (!peek("(")) {
            name();
        }
        if (!takeNames() || !take("REFERENCES")) {
            return false;
        }
        target = name();
        return target.isPresent() && takeNames() && takeActions();
    }

    private boolean takeNames() {
        if (!take("(")) {
            return false;
        }
        do {
            if (name().isEmpty()) {
                return false;
            }
        } while (take(","));
        return take(")");
    }

    /** What happens to rows whose target goes, up to the end: behind a comma there may be another thing to do to the table. */
    private boolean takeActions() {
        while (take("ON", "DELETE") || take("ON", "UPDATE")) {
            if (!take("CASCADE") && !take("RESTRICT") && !take("SET", "NULL") && !take("NO", "ACTION")) {
                return false;
            }
        }
        return at == tokens.size();
    }

    private Optional<TableName> triggerTable() {
        while (at < tokens.size()) {
            if (take("ON")) {
                return name();
            }
            at++;
        }
        return Optional.empty();
    }

    /** All but tables are read to their end to see what they are. */
    private Optional<String> doubt(Type type) {
        if (elsewhere) {
            return Optional.of("it names another database");
        }
        return switch (type) {
            case SCHEMA, POSITION, SEQUENCE, FOREIGN_KEY -> Optional.empty();
            case TABLE -> TableForm.doubt(tokens);
            default -> Optional.of("it is of a kind that can run code");
        };
    }

    private Optional<TableName> name() {
        if (at >= tokens.size() || !isName(tokens.get(at))) {
            return Optional.empty();
        }
        String first = text(tokens.get(at++));
        if (take(".") && at < tokens.size() && isName(tokens.get(at))) {
            elsewhere = true;
            return nonEmpty(first, text(tokens.get(at++)));
        }
        return nonEmpty("", first);
    }

    private static Optional<TableName> nonEmpty(String schema, String name) {
        return name.isEmpty() ? Optional.empty() : Optional.of(new TableName(schema, name));
    }

    private static boolean isName(Token token) {
        return token.kind() == Kind.NAME || token.kind() == Kind.WORD;
    }

    private String text(Token token) {
        return token.kind() == Kind.WORD ? sql.substring(token.start(), token.end()) : token.text();
    }

    private boolean isLastNumber() {
        return takeNumber() && at == tokens.size();
    }

    private boolean takeNumber() {
        take("-");
        return at < tokens.size() && tokens.get(at++).kind() == Kind.NUMBER;
    }

    private boolean peek(String word) {
        return at < tokens.size() && tokens.get(at).is(word);
    }

    private boolean take(String... words) {
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
}
