package io.crmbackup.jdbc.internal.mysql.statement;

import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import io.crmbackup.jdbc.internal.sql.SchemaStatement.Type;
import io.crmbackup.jdbc.internal.sql.SqlTokens.Kind;
import io.crmbackup.jdbc.internal.sql.SqlTokens.Token;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.jdbc.internal.sql.TokenCursor;
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

    private final List<Token> tokens;
    private final TokenCursor in;
    /** Whether something is called by the name of its database, which the server leaves out in those of the one that is captured. */
    private boolean elsewhere;

    private Optional<TableName> table = Optional.empty();
    private Optional<TableName> target = Optional.empty();

    private MySqlStatement(String sql, List<Token> tokens) {
        this.tokens = tokens;
        this.in = new TokenCursor(sql, tokens);
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
        if (in.take("ALTER", "DATABASE", "CHARACTER", "SET")) {
            return isDefault() ? Type.SCHEMA : Type.OTHER;
        } else if (in.take("CREATE", "TABLE")) {
            table = name();
            return table.isPresent() && in.peek("(") ? Type.TABLE : Type.OTHER;
        } else if (in.take("CREATE", "SEQUENCE")) {
            return name().isPresent() && isSequence() ? Type.SEQUENCE : Type.OTHER;
        } else if (in.take("ALTER", "SEQUENCE")) {
            return name().isPresent() && in.take("RESTART", "WITH") && isLastNumber() ? Type.POSITION : Type.OTHER;
        } else if (in.take("DO", "SETVAL", "(")) {
            return name().isPresent()
                            && in.take(",")
                            && in.takeNumber()
                            && in.take(",")
                            && in.takeNumber()
                            && in.take(")")
                            && in.atEnd()
                    ? Type.POSITION
                    : Type.OTHER;
        } else if (in.take("ALTER", "TABLE")) {
            table = name();
            if (in.take("AUTO_INCREMENT", "=")) {
                return isLastNumber() ? Type.POSITION : Type.OTHER;
            }
            return in.take("ADD") && isForeignKey() ? Type.FOREIGN_KEY : Type.OTHER;
        } else if (in.take("CREATE") && tokens.stream().anyMatch(token -> token.is("TRIGGER"))) {
            table = triggerTable();
        }
        return Type.OTHER;
    }

    /** How a sequence counts, and where it is kept. */
    private boolean isSequence() {
        while (!in.atEnd()) {
            boolean number = in.take("START", "WITH")
                    || in.take("MINVALUE")
                    || in.take("MAXVALUE")
                    || in.take("INCREMENT", "BY")
                    || in.take("CACHE");
            boolean known = number
                    ? in.takeNumber()
                    : in.take("NOCACHE")
                            || in.take("CYCLE")
                            || in.take("NOCYCLE")
                            || in.take("NO", "MINVALUE")
                            || in.take("NO", "MAXVALUE")
                            || in.take("UNSIGNED")
                            || in.take("AS") && in.take(Kind.WORD)
                            || in.take("ENGINE", "=") && !in.atEnd() && TableForm.isOwnEngine(in.next())
                            || in.take("COMMENT", "=") && in.take(Kind.STRING);
            if (!known) {
                return false;
            }
        }
        return true;
    }

    /** What the database's tables have unless they say otherwise. */
    private boolean isDefault() {
        boolean named = in.take(Kind.WORD) && in.take("COLLATE") && in.take(Kind.WORD);
        return named && (!in.take("COMMENT") || in.take(Kind.STRING)) && in.atEnd();
    }

    private boolean isForeignKey() {
        if (in.take("CONSTRAINT") && name().isEmpty()) {
            return false;
        }
        if (!in.take("FOREIGN", "KEY")) {
            return false;
        }
        if (!in.peek("(") && name().isEmpty()) {
            return false;
        }
        if (!takeNames() || !in.take("REFERENCES")) {
            return false;
        }
        target = name();
        return target.isPresent() && takeNames() && takeActions();
    }

    private boolean takeNames() {
        if (!in.take("(")) {
            return false;
        }
        do {
            if (name().isEmpty()) {
                return false;
            }
        } while (in.take(","));
        return in.take(")");
    }

    /** What happens to rows whose target goes, up to the end: behind a comma there may be another thing to do to the table. */
    private boolean takeActions() {
        while (in.take("ON", "DELETE") || in.take("ON", "UPDATE")) {
            if (!in.take("CASCADE") && !in.take("RESTRICT") && !in.take("SET", "NULL") && !in.take("NO", "ACTION")) {
                return false;
            }
        }
        return in.atEnd();
    }

    private Optional<TableName> triggerTable() {
        while (!in.atEnd()) {
            if (in.take("ON")) {
                return name();
            }
            in.next();
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
        Optional<TableName> name = in.qualifiedName();
        elsewhere |= name.stream().anyMatch(known -> !known.schema().isEmpty());
        return name;
    }

    private boolean isLastNumber() {
        return in.takeNumber() && in.atEnd();
    }
}
