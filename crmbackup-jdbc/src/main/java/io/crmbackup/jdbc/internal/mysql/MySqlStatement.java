package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import io.crmbackup.jdbc.internal.sql.SchemaStatement.Type;
import io.crmbackup.jdbc.internal.sql.SqlTokens.Kind;
import io.crmbackup.jdbc.internal.sql.SqlTokens.Token;
import io.crmbackup.jdbc.internal.sql.TableName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads a statement that makes a part of a schema, for {@link SchemaStatement}'s reasons: whether it is safe to execute without trusting
 * whoever wrote it. Safe are tables whose rows the server itself stores in its own directory, their foreign keys, sequences, and where
 * counters stand; no query, and no function but some that only compute. Whatever is not known to be harmless is in doubt.
 */
final class MySqlStatement {
    private static final Set<String> ENGINES =
            Set.of("INNODB", "MYISAM", "ARIA", "MEMORY", "ARCHIVE", "CSV", "ROCKSDB");

    /** What may follow the columns; each takes a word, number or string. */
    private static final Set<String> OPTIONS = Set.of(
            ("DEFAULT CHARSET CHARACTER SET COLLATE COMMENT AUTO_INCREMENT ROW_FORMAT CHECKSUM PAGE_CHECKSUM DELAY_KEY_WRITE PACK_KEYS"
                            + " MIN_ROWS MAX_ROWS AVG_ROW_LENGTH KEY_BLOCK_SIZE STATS_PERSISTENT STATS_AUTO_RECALC"
                            + " STATS_SAMPLE_PAGES TRANSACTIONAL PAGE_COMPRESSED PAGE_COMPRESSION_LEVEL COMPRESSION WITH"
                            + " SYSTEM VERSIONING DYNAMIC COMPACT REDUNDANT COMPRESSED FIXED PAGE")
                    .split(" "));

    private static final Set<String> REFUSED =
            Set.of("SELECT", "DIRECTORY", "CONNECTION", "UNION", "TABLESPACE", "INTO");

    /** What stands before a bracket and calls nothing. */
    private static final Set<String> SYNTAX = Set.of(
            ("KEY INDEX CHECK UNIQUE IN AND OR NOT AS DEFAULT VALUES WHEN THEN ELSE CASE BETWEEN RANGE LIST COLUMNS HASH PARTITIONS LESS"
                            + " THAN DIV MOD XOR IS LIKE REGEXP RLIKE INTERVAL ENUM SET BIT TINYINT SMALLINT MEDIUMINT INT BIGINT DECIMAL"
                            + " FLOAT DOUBLE CHAR VARCHAR BINARY VARBINARY TEXT BLOB YEAR TIME DATETIME TIMESTAMP MAXVALUE PARTITION"
                            + " SUBPARTITION BY SYSTEM_TIME")
                    .split(" "));

    /** Functions that compute and have no effect. */
    private static final Set<String> HARMLESS = Set.of(
            ("ABS CEIL CEILING FLOOR ROUND MOD SIGN SQRT POW POWER EXP LN LOG TRUNCATE GREATEST LEAST RAND LOWER UPPER LCASE UCASE LENGTH"
                            + " CHAR_LENGTH CHARACTER_LENGTH OCTET_LENGTH TRIM LTRIM RTRIM SUBSTR SUBSTRING SUBSTRING_INDEX REPLACE LEFT"
                            + " RIGHT INSTR LOCATE CONCAT CONCAT_WS HEX UNHEX MD5 SHA1 SHA2 CRC32 COALESCE IFNULL NULLIF IF CAST"
                            + " CONVERT EXTRACT MONTH DAY HOUR MINUTE SECOND DAYOFWEEK WEEK QUARTER NOW CURDATE CURTIME"
                            + " CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP LOCALTIME LOCALTIMESTAMP UTC_TIMESTAMP TO_DAYS"
                            + " UNIX_TIMESTAMP DATE_FORMAT DATE_ADD DATEDIFF UUID JSON_VALID JSON_EXTRACT JSON_VALUE JSON_UNQUOTE"
                            + " JSON_TYPE JSON_LENGTH JSON_DEPTH JSON_KEYS JSON_CONTAINS JSON_EXISTS JSON_QUOTE JSON_ARRAY JSON_OBJECT"
                            + " DAYOFMONTH DAYOFYEAR LAST_DAY DATE_SUB TIMESTAMPDIFF TIME_TO_SEC SEC_TO_TIME FROM_UNIXTIME STR_TO_DATE"
                            + " MICROSECOND WEEKDAY WEEKOFYEAR YEARWEEK FROM_DAYS ASCII ORD REVERSE LPAD RPAD STRCMP FIELD ELT FIND_IN_SET"
                            + " SOUNDEX BIT_COUNT BIN OCT CONV TO_BASE64 FROM_BASE64 INET_ATON INET_NTOA INET6_ATON INET6_NTOA IS_IPV4"
                            + " IS_IPV6 UUID_TO_BIN BIN_TO_UUID IS_UUID REGEXP_REPLACE REGEXP_SUBSTR REGEXP_INSTR"
                            + " POINT ST_X ST_Y ST_GEOMFROMTEXT ST_ASTEXT ST_SRID REGEXP_LIKE CHARSET NEXTVAL NEXT_VALUE")
                    .split(" "));

    private static final Pattern EVENT =
            Pattern.compile("CREATE\\s+(?:DEFINER\\s*=[^']{1,800}?\\s)?\\s*EVENT\\s", Pattern.CASE_INSENSITIVE);

    private final String sql;
    private final List<Token> tokens;
    private int at;
    private Optional<TableName> table = Optional.empty();
    private Optional<TableName> target = Optional.empty();

    private MySqlStatement(String sql, List<Token> tokens) {
        this.sql = sql;
        this.tokens = tokens;
    }

    static SchemaStatement of(String sql) {
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
            return name().isPresent() ? Type.SEQUENCE : Type.OTHER;
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

    /** What the database's tables have unless they say otherwise. */
    private boolean isDefault() {
        boolean named = takeWord() && take("COLLATE") && takeWord();
        if (named && take("COMMENT")) {
            at++;
            return at == tokens.size() && tokens.get(at - 1).kind() == Kind.STRING;
        }
        return named && at == tokens.size();
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

    private Optional<String> doubt(Type type) {
        return switch (type) {
            case SCHEMA, POSITION -> Optional.empty();
            case TABLE -> columnsDoubt().or(this::optionsDoubt);
            case FOREIGN_KEY -> columnsDoubt();
            case SEQUENCE ->
                tokens.stream().anyMatch(token -> token.is("(") || REFUSED.contains(token.text()))
                        ? Optional.of("it can't be read with certainty")
                        : Optional.empty();
            default -> Optional.of("it is of a kind that can run code");
        };
    }

    /** Everything from the first bracket on: no queries, no functions but harmless ones; leaves off where the columns end. */
    private Optional<String> columnsDoubt() {
        Deque<Boolean> keyLists = new ArrayDeque<>();
        at = 0;
        boolean began = false;
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (token.kind() == Kind.WORD && REFUSED.contains(token.text())) {
                return Optional.of("it holds " + token.text());
            }
            if (token.is("(")) {
                boolean inKeyList = Boolean.TRUE.equals(keyLists.peek());
                if (!isLength(i, inKeyList) && calls(i)) {
                    return Optional.of("it calls " + tokens.get(i - 1).text() + "()");
                }
                keyLists.push(isKeyList(i));
                began = true;
            } else if (token.is(")")) {
                if (keyLists.isEmpty()) {
                    return Optional.of("its brackets don't match");
                }
                keyLists.pop();
                if (keyLists.isEmpty() && at == 0) {
                    at = i + 1;
                }
            }
        }
        return began && keyLists.isEmpty() ? Optional.empty() : Optional.of("its brackets don't match");
    }

    /** How much of a column's values an index holds. */
    private boolean isLength(int bracket, boolean inKeyList) {
        return inKeyList
                && bracket + 2 < tokens.size()
                && tokens.get(bracket + 1).kind() == Kind.NUMBER
                && tokens.get(bracket + 2).is(")");
    }

    /** Whether a bracket opens the columns of a key. */
    private boolean isKeyList(int bracket) {
        int before = bracket - 1;
        if (before > 0 && tokens.get(before).kind() == Kind.NAME) {
            before--;
        }
        return before >= 0
                && (tokens.get(before).is("KEY")
                        || tokens.get(before).is("INDEX")
                        || tokens.get(before).is("UNIQUE"));
    }

    private boolean calls(int bracket) {
        if (bracket == 0) {
            return false;
        }
        Token before = tokens.get(bracket - 1);
        if (before.kind() == Kind.WORD) {
            return !SYNTAX.contains(before.text()) && !HARMLESS.contains(before.text());
        }
        if (before.kind() != Kind.NAME || isKeyList(bracket)) {
            return false;
        }
        int first = bracket - 1;
        while (first >= 2 && tokens.get(first - 1).is(".")) {
            first -= 2;
        }
        boolean period = first > 1
                && tokens.get(first - 1).is("FOR")
                && tokens.get(first - 2).is("PERIOD");
        return !period
                && (first == 0
                        || !Set.of("TABLE", "REFERENCES")
                                .contains(tokens.get(first - 1).text()));
    }

    private Optional<String> optionsDoubt() {
        while (at < tokens.size()) {
            if (take("ENGINE", "=")) {
                if (at == tokens.size() || !ENGINES.contains(tokens.get(at).text())) {
                    return Optional.of("it names an engine that may reach elsewhere");
                }
                at++;
            } else if (peek("PARTITION")) {
                // Its expressions have been looked at with the columns.
                return partitionEngines();
            } else if (!isOption()) {
                return Optional.of("it goes on after its columns");
            }
        }
        return Optional.empty();
    }

    private Optional<String> partitionEngines() {
        List<Token> rest = new ArrayList<>(tokens.subList(at, tokens.size()));
        for (int i = 0; i + 1 < rest.size(); i++) {
            if (rest.get(i).is("AS") || rest.get(i).is("TABLE")) {
                return Optional.of("it goes on after its columns");
            }
        }
        for (int i = 0; i + 2 < rest.size(); i++) {
            if (rest.get(i).is("ENGINE") && !ENGINES.contains(rest.get(i + 2).text())) {
                return Optional.of("it names an engine that may reach elsewhere");
            }
        }
        return Optional.empty();
    }

    /** An option's word, and its value if it has one. */
    private boolean isOption() {
        Token token = tokens.get(at++);
        boolean quotedOption = token.kind() == Kind.NAME && OPTIONS.contains(token.text());
        if (!quotedOption && !(token.kind() == Kind.WORD && OPTIONS.contains(token.text())) && !token.is(",")) {
            return false;
        }
        if (take("=")) {
            at++;
        }
        return true;
    }

    private Optional<TableName> name() {
        if (at >= tokens.size() || !isName(tokens.get(at))) {
            return Optional.empty();
        }
        String first = text(tokens.get(at++));
        if (take(".") && at < tokens.size() && isName(tokens.get(at))) {
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
