package io.crmbackup.jdbc.internal.sql;

import io.crmbackup.jdbc.internal.sql.SchemaStatement.Type;
import io.crmbackup.jdbc.internal.sql.SqlTokens.Kind;
import io.crmbackup.jdbc.internal.sql.SqlTokens.Token;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks whether anything in a statement could run code: whatever may call a function that is not known to be harmless, or hold a query. */
final class StatementDoubt {
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

    private static final Set<String> AFTER_COLUMNS = Set.of("WITHOUT", "ROWID", "STRICT", "NOT", "PERSISTENT", ",");

    private final Type type;
    private final List<Token> tokens;

    private StatementDoubt(Type type, List<Token> tokens) {
        this.type = type;
        this.tokens = tokens;
    }

    /** Why a statement of a kind could run code, in words; empty if it can't. */
    static Optional<String> of(Type type, List<Token> tokens) {
        return new StatementDoubt(type, tokens).find();
    }

    private Optional<String> find() {
        int depth = 0;
        boolean columnsEnded = false;
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (token.is("(")) {
                Optional<String> called = called(i, depth);
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

    private int beforeBracket(int i) {
        return beforeBracket(tokens, i);
    }

    /** How many tokens after i the bracket opens of what may follow a table's columns: its parents, or how it is divided; 0 if it is neither. */
    static int beforeBracket(List<Token> tokens, int i) {
        boolean divided = is(tokens, i, "PARTITION")
                && is(tokens, i + 1, "BY")
                && (is(tokens, i + 2, "RANGE") || is(tokens, i + 2, "LIST") || is(tokens, i + 2, "HASH"))
                && is(tokens, i + 3, "(");
        return divided ? 3 : is(tokens, i, "INHERITS") && is(tokens, i + 1, "(") ? 1 : 0;
    }

    /** What an exclusion constraint compares with. */
    private boolean isOperator(int i) {
        return is(i, "OPERATOR") || i < tokens.size() && tokens.get(i).kind() == Kind.SYMBOL && !is(i, "(");
    }

    private boolean is(int i, String word) {
        return is(tokens, i, word);
    }

    private static boolean is(List<Token> tokens, int i, String word) {
        return i < tokens.size() && tokens.get(i).is(word);
    }

    /** The function that the bracket at i calls, unless it is none or a harmless one. */
    private Optional<String> called(int i, int depth) {
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
                        || isMethod(first - 1)
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
    private boolean isMethod(int i) {
        return is(i, "USING") && (type == Type.INDEX || type == Type.CONSTRAINT && is(i - 1, "EXCLUDE"));
    }
}
