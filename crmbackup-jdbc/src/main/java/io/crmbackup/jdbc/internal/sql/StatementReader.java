package io.crmbackup.jdbc.internal.sql;

import io.crmbackup.jdbc.internal.sql.SchemaStatement.Type;
import io.crmbackup.jdbc.internal.sql.SqlTokens.Kind;
import io.crmbackup.jdbc.internal.sql.SqlTokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads one statement: which kind it is of, and to which table it belongs. {@link StatementDoubt} says whether anything in it could run code, {@link StatementForm} how
 * it may go on.
 */
final class StatementReader {
    /** Between CREATE and INDEX. */
    private static final Set<String> BEFORE_INDEX =
            Set.of("UNIQUE", "NULLS", "NOT", "ALL", "DISTINCT", "SPATIAL", "HASH");

    private final String sql;
    private final List<Token> tokens;
    private final TokenCursor in;
    private Optional<TableName> table = Optional.empty();
    private Optional<TableName> target = Optional.empty();

    StatementReader(String sql, List<Token> tokens) {
        this.sql = sql;
        this.tokens = tokens;
        this.in = new TokenCursor(sql, tokens);
    }

    SchemaStatement read() {
        Type type = type();
        Optional<String> doubt = switch (type) {
            case OTHER, EVENT, EXTENSION -> Optional.of("it is of a kind that can run code");
            case RIGHTS -> Optional.of("it says who may do what");
            // Recognised by the whole of the statement.
            case POSITION -> Optional.empty();
            case COMMENT ->
                (isPlainComment() ? Optional.<String>empty() : StatementDoubt.of(type, tokens))
                        .or(() -> formDoubt(type));
            default -> StatementDoubt.of(type, tokens).or(() -> formDoubt(type));
        };
        return new SchemaStatement(sql, type, table, target, doubt);
    }

    private Optional<String> formDoubt(Type type) {
        return StatementForm.isKnown(type, tokens) ? Optional.empty() : Optional.of("it is not all of a known form");
    }

    private Type type() {
        if (in.peek("GRANT") || in.peek("REVOKE") || in.take("ALTER", "DEFAULT", "PRIVILEGES") || isOwner()) {
            return Type.RIGHTS;
        } else if (in.take("CREATE")) {
            return created();
        } else if (in.take("ALTER")) {
            return altered();
        } else if (in.take("COMMENT", "ON")) {
            return in.take("TABLE")
                            || in.take("COLUMN")
                            || in.take("SCHEMA")
                            || in.take("SEQUENCE")
                            || in.take("DOMAIN")
                            || isPlainComment()
                    ? Type.COMMENT
                    : Type.OTHER;
        } else if (shape("PRAGMA", "USER_VERSION", "=", "#")
                || shape("PRAGMA", "APPLICATION_ID", "=", "#")
                || shape("PRAGMA", "APPLICATION_ID", "=", "-", "#")
                || shape("PRAGMA", "USER_VERSION", "=", "-", "#")) {
            return Type.POSITION;
        } else if (shape("DELETE", "FROM", "SQLITE_SEQUENCE", "WHERE", "NAME", "=", "'")
                || shape(
                        "INSERT",
                        "INTO",
                        "SQLITE_SEQUENCE",
                        "(",
                        "NAME",
                        ",",
                        "SEQ",
                        ")",
                        "VALUES",
                        "(",
                        "'",
                        ",",
                        "#",
                        ")")) {
            table = tokens.stream()
                    .filter(token -> token.kind() == Kind.STRING)
                    .findFirst()
                    .flatMap(token -> nonEmpty(token.text()));
            return Type.POSITION;
        }
        return isSetOfSequence() ? Type.POSITION : Type.OTHER;
    }

    /** ALTER … OWNER TO name */
    private boolean isOwner() {
        int end = tokens.size();
        return in.peek("ALTER")
                && end > 3
                && tokens.get(end - 3).is("OWNER")
                && tokens.get(end - 2).is("TO");
    }

    /** COMMENT ON … IS 'text', with nothing between that could be an expression. */
    private boolean isPlainComment() {
        int end = tokens.size();
        return tokens.get(0).is("COMMENT")
                && end > 3
                && tokens.get(end - 1).kind() == Kind.STRING
                && tokens.stream().filter(token -> token.is("IS")).count() == 1
                && tokens.get(end - 2).is("IS");
    }

    /** SELECT pg_catalog.setval('name', number, true) */
    private boolean isSetOfSequence() {
        List<String> called = List.of("TRUE", "FALSE");
        return List.of("#", "-#").stream()
                .anyMatch(number -> called.stream().anyMatch(c -> {
                    List<String> parts = new ArrayList<>(List.of("SELECT", "PG_CATALOG", ".", "SETVAL", "(", "'", ","));
                    parts.addAll(number.equals("#") ? List.of("#") : List.of("-", "#"));
                    parts.addAll(List.of(",", c, ")"));
                    return shape(parts.toArray(String[]::new));
                }));
    }

    private Type created() {
        if (in.take("SCHEMA")) {
            in.take("IF", "NOT", "EXISTS");
            return in.qualifiedName().isPresent() && in.atEnd() ? Type.SCHEMA : Type.OTHER;
        } else if (in.take("DOMAIN")) {
            return Type.DOMAIN;
        } else if (in.take("SEQUENCE") || in.take("UNLOGGED", "SEQUENCE")) {
            return Type.SEQUENCE;
        } else if (in.take("EXTENSION")) {
            return Type.EXTENSION;
        } else if (in.take("STATISTICS")) {
            long brackets = tokens.stream().filter(token -> token.is("(")).count();
            return in.qualifiedName().isPresent() && brackets == (in.peek("(") ? 1 : 0) ? Type.SETTING : Type.OTHER;
        } else if (in.take("COLLATION")) {
            return Type.DOMAIN;
        } else if (in.take("TYPE")) {
            return createdType();
        }
        int begin = in.at();
        in.take("CACHED");
        in.take("MEMORY");
        in.take("UNLOGGED");
        if (in.take("TABLE")) {
            in.take("IF", "NOT", "EXISTS");
            table = in.qualifiedName().or(this::stringAsName);
            return table.isPresent() && isColumns() ? Type.TABLE : Type.OTHER;
        }
        in.goTo(begin);
        while (!in.atEnd() && !in.peek("ON") && !in.peek(Kind.SYMBOL)) {
            in.next();
            in.take(".");
        }
        boolean index = isIndex(begin);
        boolean trigger =
                tokens.subList(begin, Math.min(in.at(), begin + 3)).stream().anyMatch(t -> t.is("TRIGGER"));
        if (in.take("ON")) {
            takeOnly();
            table = in.qualifiedName();
            if (in.take("USING")) {
                in.qualifiedName();
            }
        }
        if (in.take("COMMENT")) {
            in.skip(1);
        }
        if (trigger) {
            table = triggerTable();
        }
        return index && !trigger && table.isPresent() && in.peek("(") ? Type.INDEX : Type.OTHER;
    }

    /** Whether a table's columns come next, with a comment on it or the type that has them before; what comes behind them is looked at later. */
    private boolean isColumns() {
        if (in.take("COMMENT")) {
            in.skip(1);
        } else if (in.take("OF")) {
            boolean typed = in.qualifiedName().isPresent();
            return typed && (in.atEnd() || in.peek("(") || StatementDoubt.beforeBracket(tokens, in.at()) > 0);
        }
        return in.peek("(");
    }

    private boolean isIndex(int begin) {
        int word = begin;
        while (word < tokens.size() && BEFORE_INDEX.stream().anyMatch(tokens.get(word)::is)) {
            word++;
        }
        return word < tokens.size() && tokens.get(word).is("INDEX");
    }

    /** An enumeration, a row, or a type with another name: {@code CREATE TYPE "S"."T" AS VARCHAR(10)}. */
    private Type createdType() {
        boolean named = in.qualifiedName().isPresent() && in.take("AS") && !in.atEnd();
        boolean plain = named && (in.peek("(") || in.peek(Kind.WORD) && !in.peek("RANGE"));
        return plain ? Type.DOMAIN : Type.OTHER;
    }

    /** A trigger's events come before its table, and may name columns. What runs instead of them is of a view. */
    private Optional<TableName> triggerTable() {
        for (in.goTo(0); !in.atEnd(); in.next()) {
            if (in.peek("BEGIN") || in.peek("CALL") || in.peek("INSTEAD")) {
                return Optional.empty();
            }
            if (in.take("ON")) {
                return in.qualifiedName();
            }
        }
        return Optional.empty();
    }

    private Type altered() {
        if (in.take("DOMAIN")) {
            return Type.DOMAIN;
        } else if (in.take("SEQUENCE")) {
            in.qualifiedName();
            if (in.take("OWNED", "BY")) {
                return Type.COMMENT;
            }
            return isPosition() ? Type.POSITION : Type.OTHER;
        } else if (in.take("INDEX")) {
            in.qualifiedName();
            if (in.take("ATTACH", "PARTITION")) {
                return in.qualifiedName().isPresent() && in.atEnd() ? Type.PART : Type.OTHER;
            }
            return in.take("ALTER", "COLUMN") && in.take(Kind.NUMBER) && in.take("SET", "STATISTICS") && isLastNumber()
                    ? Type.SETTING
                    : Type.OTHER;
        } else if (in.take("STATISTICS")) {
            in.qualifiedName();
            return in.take("SET", "STATISTICS") && isLastNumber() ? Type.SETTING : Type.OTHER;
        } else if (!in.take("TABLE") && !in.take("MATERIALIZED", "VIEW")) {
            return Type.OTHER;
        }
        in.take("IF", "EXISTS");
        takeOnly();
        table = in.qualifiedName();
        if (in.take("ALTER", "COLUMN")) {
            in.qualifiedName();
            if (in.take("SET", "GENERATED", "ALWAYS")) {
                return in.atEnd() ? Type.CONSTRAINT : Type.OTHER;
            }
            return isPosition() ? Type.POSITION : alteredColumn();
        } else if (in.take("ATTACH", "PARTITION")) {
            target = table;
            table = in.qualifiedName();
            return table.isPresent() && target.isPresent() ? Type.PART : Type.OTHER;
        } else if (in.take("INHERIT")) {
            target = in.qualifiedName();
            return target.isPresent() && in.atEnd() ? Type.PART : Type.OTHER;
        } else if (isSetting()) {
            return Type.SETTING;
        }
        if (in.take("ADD", "CONSTRAINT")) {
            in.take("IF", "NOT", "EXISTS");
            in.qualifiedName();
        } else if (!in.take("ADD") || !in.peek("FOREIGN")) {
            return Type.OTHER;
        }
        if (in.peek("COMMENT")) {
            in.skip(2);
        }
        if (in.take("PRIMARY", "KEY")) {
            return Type.PRIMARY_KEY;
        } else if (in.take("FOREIGN", "KEY")) {
            while (!in.atEnd() && !in.take("REFERENCES")) {
                in.next();
            }
            target = in.qualifiedName();
            return target.isPresent() ? Type.FOREIGN_KEY : Type.OTHER;
        }
        return in.peek("UNIQUE") || in.peek("CHECK") || in.peek("EXCLUDE") || in.peek("NOT")
                ? Type.CONSTRAINT
                : Type.OTHER;
    }

    private boolean isPosition() {
        return in.take("RESTART", "WITH") && isLastNumber()
                || (in.take("EXHAUSTED") || in.take("SET", "EXHAUSTED")) && in.atEnd();
    }

    private Type alteredColumn() {
        boolean known = in.take("DROP", "DEFAULT") || in.take("SET", "NOT", "NULL")
                ? in.atEnd()
                : in.take("SET")
                        && (in.take("DEFAULT")
                                || in.peek("STORAGE")
                                || in.peek("COMPRESSION")
                                || in.peek("STATISTICS")
                                || in.peek("("));
        return known ? Type.SETTING : Type.OTHER;
    }

    /** How a table is stored, put in order, told apart by others; whose rows are hidden. */
    private boolean isSetting() {
        return in.take("SET") && in.peek("(")
                || in.take("CLUSTER", "ON")
                || in.take("REPLICA", "IDENTITY")
                || in.take("VALIDATE", "CONSTRAINT") && in.qualifiedName().isPresent() && in.atEnd()
                || in.take("ENABLE", "ROW", "LEVEL", "SECURITY") && in.atEnd()
                || in.take("FORCE", "ROW", "LEVEL", "SECURITY") && in.atEnd();
    }

    private void takeOnly() {
        if (in.at() + 1 < tokens.size() && tokens.get(in.at() + 1).isName()) {
            in.take("ONLY");
        }
    }

    private boolean isLastNumber() {
        return in.takeNumber() && in.atEnd();
    }

    /** SQLite takes strings for names, and writes those of some tables so itself. */
    private Optional<TableName> stringAsName() {
        return in.take(Kind.STRING) ? nonEmpty(in.last().text()) : Optional.empty();
    }

    private static Optional<TableName> nonEmpty(String table) {
        return table.isEmpty() ? Optional.empty() : Optional.of(new TableName("", table));
    }

    /** Whether the statement is exactly this; # stands for a number, ' for a string. */
    private boolean shape(String... parts) {
        if (tokens.size() != parts.length) {
            return false;
        }
        for (int i = 0; i < parts.length; i++) {
            Token token = tokens.get(i);
            boolean fits = parts[i].equals("#")
                    ? token.kind() == Kind.NUMBER
                    : parts[i].equals("'") ? token.kind() == Kind.STRING : token.is(parts[i]);
            if (!fits) {
                return false;
            }
        }
        return true;
    }
}
