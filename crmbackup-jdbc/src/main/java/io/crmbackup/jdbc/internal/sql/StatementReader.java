package io.crmbackup.jdbc.internal.sql;

import io.crmbackup.jdbc.internal.sql.SchemaStatement.Type;
import io.crmbackup.jdbc.internal.sql.SqlTokens.Kind;
import io.crmbackup.jdbc.internal.sql.SqlTokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads one statement, which kind it is of, to which table it belongs, and whether anything in it could run code; {@link StatementForm} says how it may go on. */
final class StatementReader {
    /** Functions that compute and have no effect. */
    private static final Set<String> HARMLESS = Set.of(
            ("ABS CEIL CEILING FLOOR ROUND MOD SIGN SQRT POWER EXP LN LOG LOG10 TRUNC TRUNCATE GREATEST LEAST MIN MAX RANDOM RAND "
                            + "LOWER UPPER LCASE UCASE LENGTH CHAR_LENGTH CHARACTER_LENGTH OCTET_LENGTH BIT_LENGTH TRIM LTRIM RTRIM "
                            + "SUBSTR SUBSTRING REPLACE LEFT RIGHT INSTR LOCATE POSITION CONCAT CONCAT_WS HEX LIKE GLOB REGEXP_LIKE TYPEOF "
                            + "COALESCE IFNULL NULLIF NVL IIF CASEWHEN CAST CONVERT EXTRACT YEAR MONTH DAY HOUR MINUTE SECOND "
                            + "NOW DATE TIME DATETIME JULIANDAY STRFTIME UNIXEPOCH CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP LOCALTIME "
                            + "LOCALTIMESTAMP CURDATE CURTIME DATEADD TIMESTAMPADD DATEDIFF DATE_TRUNC RANDOM_UUID UUID GEN_RANDOM_UUID "
                            + "JSON_VALID JSON_EXTRACT JSON_TYPE JSON CHAR ASCII UNICODE NEXTVAL")
                    .split(" "));

    /** What stands before a bracket and is no function. */
    private static final Set<String> SYNTAX = Set.of(
            ("KEY CHECK UNIQUE NULL IN AND OR NOT AS IDENTITY DEFAULT VALUES WHERE WHEN THEN ELSE CASE BETWEEN IS ON CONSTRAINT DISTINCT "
                            + "ENUM INT INTEGER TINYINT SMALLINT MEDIUMINT BIGINT INT2 INT4 INT8 NUMERIC NUMBER DECIMAL DEC DECFLOAT FLOAT REAL "
                            + "DOUBLE PRECISION BOOLEAN BOOL BIT CHARACTER VARCHAR VARCHAR2 NVARCHAR NCHAR NVARCHAR2 VARYING OBJECT TEXT CLOB "
                            + "BLOB BINARY VARBINARY TIMESTAMP INTERVAL VARCHAR_IGNORECASE GEOMETRY ROW JAVA_OBJECT UNSIGNED BYTEA ANY ALL SOME ARRAY INCLUDE WITH")
                    .split(" "));

    /** After these comes the name of what is made, or how an index is. */
    private static final Set<String> BEFORE_NAMES = Set.of("TABLE", "ON", "EXISTS", "COLLATION");

    /** Between CREATE and INDEX. */
    private static final Set<String> BEFORE_INDEX =
            Set.of("UNIQUE", "NULLS", "NOT", "ALL", "DISTINCT", "SPATIAL", "HASH");

    private static final Set<String> AFTER_COLUMNS = Set.of("WITHOUT", "ROWID", "STRICT", "NOT", "PERSISTENT", ",");

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
            case COMMENT -> (isPlainComment() ? Optional.<String>empty() : doubt(type)).or(() -> formDoubt(type));
            default -> doubt(type).or(() -> formDoubt(type));
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
            return typed && (in.atEnd() || in.peek("(") || beforeBracket(in.at()) > 0);
        }
        return in.peek("(");
    }

    private boolean isIndex(int begin) {
        int word = begin;
        while (word < tokens.size() && BEFORE_INDEX.stream().anyMatch(tokens.get(word)::is)) {
            word++;
        }
        return is(word, "INDEX");
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

    private Optional<String> doubt(Type type) {
        int depth = 0;
        boolean columnsEnded = false;
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (token.is("(")) {
                Optional<String> called = called(type, i, depth);
                if (called.isPresent()) {
                    return Optional.of("it calls " + called.get() + "()");
                }
                depth++;
            } else if (token.is(")")) {
                depth--;
                columnsEnded = type == Type.TABLE && depth == 0;
            } else if (token.is("UESCAPE")) {
                return Optional.of("it can't be read with certainty");
            } else if (token.is("SELECT") || token.is("WITH") && depth > 0 && !isTimeZone(i) && !isOperator(i + 1)) {
                return Optional.of("it holds a query");
            } else if (type == Type.TABLE && depth == 0 && beforeBracket(i) > 0) {
                i += beforeBracket(i);
                columnsEnded = false;
                depth++;
            } else if (columnsEnded && !(token.kind() != Kind.NAME && AFTER_COLUMNS.contains(token.text()))) {
                return Optional.of("it goes on after its columns");
            }
        }
        return depth == 0 ? Optional.empty() : Optional.of("its brackets don't match");
    }

    /** TIMESTAMP WITH TIME ZONE, START WITH of a sequence, and WITH OPTIONS of a column whose table has a type. */
    private boolean isTimeZone(int i) {
        return i + 1 < tokens.size()
                && (tokens.get(i + 1).is("TIME")
                        || tokens.get(i + 1).is("OPTIONS")
                        || tokens.get(i + 1).kind() == Kind.NUMBER
                        || tokens.get(i + 1).is("-"));
    }

    /** How many tokens after i the bracket opens of what may follow a table's columns: its parents, or how it is divided; 0 if it is neither. */
    private int beforeBracket(int i) {
        boolean divided = is(i, "PARTITION")
                && is(i + 1, "BY")
                && (is(i + 2, "RANGE") || is(i + 2, "LIST") || is(i + 2, "HASH"))
                && is(i + 3, "(");
        return divided ? 3 : is(i, "INHERITS") && is(i + 1, "(") ? 1 : 0;
    }

    /** What an exclusion constraint compares with. */
    private boolean isOperator(int i) {
        return is(i, "OPERATOR") || i < tokens.size() && tokens.get(i).kind() == Kind.SYMBOL && !is(i, "(");
    }

    private boolean is(int i, String word) {
        return i < tokens.size() && tokens.get(i).is(word);
    }

    /** The function that the bracket at i calls, unless it is none or a harmless one. */
    private Optional<String> called(Type type, int i, int depth) {
        if (i == 0 || !tokens.get(i - 1).isName()) {
            return Optional.empty();
        }
        int first = i - 1;
        while (first >= 2
                && tokens.get(first - 1).is(".")
                && tokens.get(first - 2).isName()) {
            first -= 2;
        }
        Token name = tokens.get(i - 1);
        boolean plain = first == i - 1 && name.kind() == Kind.WORD;
        if (plain && (SYNTAX.contains(name.text()) || HARMLESS.contains(name.text()))) {
            return Optional.empty();
        }
        if (depth == 0
                && (type == Type.PART && (name.is("FROM") || name.is("TO"))
                        || type == Type.SETTING && name.is("SET")
                        || isMethod(type, first - 1)
                        || tokens.get(0).is("CREATE") && is(1, "STATISTICS") && is(first - 1, "STATISTICS"))) {
            return Optional.empty();
        }
        if (first > 0) {
            Token before = tokens.get(first - 1);
            boolean isTable = before.is("REFERENCES")
                    || depth == 0 && BEFORE_NAMES.stream().anyMatch(before::is)
                    || depth == 0 && type == Type.TABLE && before.is("OF");
            if (isTable) {
                return Optional.empty();
            }
        }
        return Optional.of(name.text());
    }

    /** USING and how an index, or an exclusion constraint, is stored. */
    private boolean isMethod(Type type, int i) {
        return is(i, "USING") && (type == Type.INDEX || type == Type.CONSTRAINT && is(i - 1, "EXCLUDE"));
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
