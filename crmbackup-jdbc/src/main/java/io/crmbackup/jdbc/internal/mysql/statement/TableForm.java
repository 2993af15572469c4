package io.crmbackup.jdbc.internal.mysql.statement;

import io.crmbackup.jdbc.internal.sql.SqlTokens.Kind;
import io.crmbackup.jdbc.internal.sql.SqlTokens.Token;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The form of a harmless CREATE TABLE, from the first token to the last: rows that the server itself stores in its own directory, no query, no other
 * database, no function but some that only compute. Columns may say only what is known here, and what follows them is read as a pattern over its
 * outline: words in capitals, {@code `} for a name, {@code '} for a string, {@code #} for a number, and {@code ()} for brackets.
 */
final class TableForm {
    private static final Set<String> ENGINES =
            Set.of("INNODB", "MYISAM", "ARIA", "MEMORY", "ARCHIVE", "CSV", "ROCKSDB");

    /** Most tokens outside of brackets: matching goes as deep as its text is long, so that a forged one could exhaust the stack. */
    private static final int LONGEST = 200;

    /** What follows the columns. */
    private static final Pattern TAIL = Pattern.compile("(?:(?:"
            + "(?:DEFAULT )?(?:CHARSET|CHARACTER SET|COLLATE) (?:= )?\\w+ "
            + "|ENGINE = (?:" + String.join("|", ENGINES) + ") "
            + "|(?:COMMENT|COMPRESSION) = ' |ROW_FORMAT = (?:DEFAULT|DYNAMIC|COMPACT|REDUNDANT|COMPRESSED|FIXED|PAGE) "
            + "|(?:AUTO_INCREMENT|CHECKSUM|PAGE_CHECKSUM|DELAY_KEY_WRITE|PACK_KEYS|MIN_ROWS|MAX_ROWS|AVG_ROW_LENGTH|KEY_BLOCK_SIZE"
            + "|STATS_PERSISTENT|STATS_AUTO_RECALC|STATS_SAMPLE_PAGES|TRANSACTIONAL) = (?:#|DEFAULT) "
            + "|(?:PAGE_COMPRESSED|PAGE_COMPRESSION_LEVEL) = [#'] "
            + "|WITH SYSTEM VERSIONING )(?:, )?)*"
            + "(?:PARTITION BY (?:LINEAR )?(?:(?:RANGE|LIST) (?:COLUMNS )?\\(\\) |HASH \\(\\) |KEY (?:ALGORITHM = # )?\\(\\) "
            + "|SYSTEM_TIME (?:INTERVAL [#'] \\w+ )?(?:STARTS TIMESTAMP ' )?(?:LIMIT # )?(?:AUTO )?)"
            + "(?:PARTITIONS # )?(?:SUBPARTITION BY (?:LINEAR )?(?:HASH |KEY (?:ALGORITHM = # )?)\\(\\) (?:SUBPARTITIONS # )?)?"
            + "(?:\\(\\) )?)?");

    /** Options that the server puts in quotes, as they are an engine's own. */
    private static final Set<String> QUOTED = Set.of("PAGE_COMPRESSED", "PAGE_COMPRESSION_LEVEL");

    /** What begins an element of the table, besides the name of a column. */
    private static final Set<String> ELEMENTS =
            Set.of("PRIMARY", "UNIQUE", "KEY", "INDEX", "FULLTEXT", "SPATIAL", "CONSTRAINT", "CHECK", "PERIOD");

    /** What may stand before a bracket and calls nothing. */
    private static final Set<String> SYNTAX =
            words("KEY INDEX CHECK UNIQUE IN AND OR NOT AS DEFAULT VALUES WHEN THEN ELSE CASE BETWEEN THAN DIV MOD XOR"
                    + " IS LIKE REGEXP RLIKE INTERVAL ENUM SET BIT TINYINT SMALLINT MEDIUMINT INT BIGINT DECIMAL FLOAT DOUBLE CHAR VARCHAR BINARY"
                    + " VARBINARY TEXT BLOB YEAR TIME DATETIME TIMESTAMP SYSTEM_TIME MAXVALUE HISTORY CURRENT");

    /** Functions that compute and have no effect. */
    private static final Set<String> HARMLESS =
            words("ABS CEIL CEILING FLOOR ROUND MOD SIGN SQRT POW POWER EXP LN LOG TRUNCATE GREATEST LEAST RAND LOWER"
                    + " UPPER LCASE UCASE LENGTH CHAR_LENGTH CHARACTER_LENGTH OCTET_LENGTH TRIM LTRIM RTRIM SUBSTR SUBSTRING SUBSTRING_INDEX REPLACE LEFT"
                    + " RIGHT INSTR LOCATE CONCAT CONCAT_WS HEX UNHEX MD5 SHA1 SHA2 CRC32 COALESCE IFNULL NULLIF IF CAST CONVERT EXTRACT MONTH DAY HOUR MINUTE"
                    + " SECOND DAYOFWEEK WEEK QUARTER NOW CURDATE CURTIME CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP LOCALTIME LOCALTIMESTAMP UTC_TIMESTAMP"
                    + " TO_DAYS UNIX_TIMESTAMP DATE_FORMAT DATE_ADD DATEDIFF UUID JSON_VALID JSON_EXTRACT JSON_VALUE JSON_UNQUOTE JSON_TYPE JSON_LENGTH"
                    + " JSON_DEPTH JSON_KEYS JSON_CONTAINS JSON_EXISTS JSON_QUOTE JSON_ARRAY JSON_OBJECT DAYOFMONTH DAYOFYEAR LAST_DAY DATE_SUB TIMESTAMPDIFF"
                    + " TIME_TO_SEC SEC_TO_TIME FROM_UNIXTIME STR_TO_DATE MICROSECOND WEEKDAY WEEKOFYEAR YEARWEEK FROM_DAYS ASCII ORD REVERSE LPAD RPAD STRCMP"
                    + " FIELD ELT FIND_IN_SET SOUNDEX BIT_COUNT BIN OCT CONV TO_BASE64 FROM_BASE64 INET_ATON INET_NTOA INET6_ATON INET6_NTOA IS_IPV4 IS_IPV6"
                    + " UUID_TO_BIN BIN_TO_UUID IS_UUID REGEXP_REPLACE REGEXP_SUBSTR REGEXP_INSTR POINT ST_X ST_Y ST_GEOMFROMTEXT ST_ASTEXT ST_SRID"
                    + " REGEXP_LIKE CHARSET NEXTVAL NEXT_VALUE");

    /** What else columns, keys, checks and partitions say. */
    private static final Set<String> KNOWN = words(
            "NULL TRUE FALSE UNSIGNED SIGNED ZEROFILL TINYTEXT MEDIUMTEXT LONGTEXT TINYBLOB MEDIUMBLOB LONGBLOB DATE"
                    + " JSON GEOMETRY LINESTRING POLYGON MULTIPOINT MULTILINESTRING MULTIPOLYGON GEOMETRYCOLLECTION GEOMCOLLECTION INET4 INET6 INTEGER"
                    + " NUMERIC REAL CHARACTER CHARSET COLLATE ARRAY REF_SYSTEM_ID SRID COMPRESSED INVISIBLE VISIBLE IGNORED AUTO_INCREMENT COMMENT ON UPDATE"
                    + " GENERATED ALWAYS VIRTUAL STORED PERSISTENT WITHOUT WITH SYSTEM VERSIONING ROW START END PRIMARY FULLTEXT SPATIAL CONSTRAINT PERIOD FOR"
                    + " OVERLAPS USING BTREE HASH RTREE PARSER KEY_BLOCK_SIZE ASC DESC ENFORCED ESCAPE BOTH LEADING TRAILING FROM SOUNDS UTC_DATE"
                    + " UTC_TIME NEXT VALUE DAY_HOUR DAY_MINUTE DAY_SECOND DAY_MICROSECOND HOUR_MINUTE HOUR_SECOND HOUR_MICROSECOND MINUTE_SECOND"
                    + " MINUTE_MICROSECOND SECOND_MICROSECOND YEAR_MONTH PARTITION SUBPARTITION LESS MAXVALUE ENGINE HISTORY CURRENT MAX_ROWS MIN_ROWS X B N");

    /** Numbers with an exponent or in hexadecimal digits, and the character set of a literal. */
    private static final Pattern PLAIN = Pattern.compile("[0-9]\\w*|_\\w+");

    private static final Set<String> BEFORE_CHARSETS = Set.of("COLLATE", "CHARSET", "SET", "USING");

    private final List<Token> tokens;
    /** For each bracket that is open, whether it is that of a key's columns. */
    private final Deque<Boolean> open = new ArrayDeque<>();

    private final StringBuilder tail = new StringBuilder();

    private TableForm(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** Why a statement that begins as CREATE TABLE, a name and a bracket is not harmless; empty if it is. */
    static Optional<String> doubt(List<Token> tokens) {
        return new TableForm(tokens).doubt();
    }

    private Optional<String> doubt() {
        int bracket = 2;
        while (!tokens.get(bracket).is("(")) {
            bracket++;
        }
        for (int i = bracket; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            Optional<String> doubt = token.is("(") ? opened(i) : token.is(")") ? closed() : inside(i);
            if (doubt.isPresent()) {
                return doubt;
            }
        }
        String outline = tail.toString();
        boolean ends = open.isEmpty() && outline.startsWith("() ");
        if (!ends) {
            return Optional.of("its brackets don't match");
        }
        boolean known = outline.chars().filter(letter -> letter == ' ').count() <= LONGEST
                && TAIL.matcher(outline.substring(3)).matches();
        return known ? Optional.empty() : Optional.of("it goes on after its columns in no known form");
    }

    private Optional<String> opened(int at) {
        boolean inKey = Boolean.TRUE.equals(open.peek());
        if (open.isEmpty()) {
            tail.append("() ");
        } else if (!isLength(at, inKey) && calls(at)) {
            return Optional.of("it calls " + tokens.get(at - 1).text() + "()");
        }
        open.push(isKey(at));
        return Optional.empty();
    }

    private Optional<String> closed() {
        return open.poll() == null ? Optional.of("its brackets don't match") : Optional.empty();
    }

    private Optional<String> inside(int at) {
        Token token = tokens.get(at);
        if (open.isEmpty()) {
            tail.append(
                    switch (token.kind()) {
                        case WORD, SYMBOL -> token.text();
                        case NAME -> QUOTED.contains(token.text()) ? token.text() : "`";
                        case STRING -> "'";
                        case NUMBER -> "#";
                    });
            tail.append(' ');
            return Optional.empty();
        }
        boolean begins = open.size() == 1
                && (tokens.get(at - 1).is("(") || tokens.get(at - 1).is(","));
        boolean ofColumns = tail.length() == 3;
        if (begins && ofColumns && token.kind() != Kind.NAME && !ELEMENTS.contains(token.text())) {
            return Optional.of("it holds " + token.text());
        } else if (token.kind() == Kind.WORD && !isKnown(at)) {
            return Optional.of("it holds " + token.text());
        } else if (token.is("ENGINE") && !keepsRowsHere(at)) {
            return Optional.of("it names an engine that may reach elsewhere");
        } else if (token.is(".")) {
            return Optional.of("it names another table or database");
        }
        return Optional.empty();
    }

    private boolean isKnown(int at) {
        String word = tokens.get(at).text();
        return KNOWN.contains(word)
                || SYNTAX.contains(word)
                || HARMLESS.contains(word)
                || ENGINES.contains(word)
                || PLAIN.matcher(word).matches()
                || tokens.get(at - 1).kind() == Kind.WORD
                        && BEFORE_CHARSETS.contains(tokens.get(at - 1).text());
    }

    private boolean keepsRowsHere(int engine) {
        return engine + 2 < tokens.size() && tokens.get(engine + 1).is("=") && isOwnEngine(tokens.get(engine + 2));
    }

    /** Whether an engine is named, and one that stores rows in the server's own directory. */
    static boolean isOwnEngine(Token engine) {
        return ENGINES.contains(engine.text());
    }

    /** How much of a column's values an index holds. */
    private boolean isLength(int bracket, boolean inKey) {
        return inKey
                && bracket + 2 < tokens.size()
                && tokens.get(bracket + 1).kind() == Kind.NUMBER
                && tokens.get(bracket + 2).is(")");
    }

    /** Whether a bracket opens the columns of a key. */
    private boolean isKey(int bracket) {
        int before = tokens.get(bracket - 1).kind() == Kind.NAME ? bracket - 2 : bracket - 1;
        return tokens.get(before).is("KEY")
                || tokens.get(before).is("INDEX")
                || tokens.get(before).is("UNIQUE");
    }

    private boolean calls(int bracket) {
        Token before = tokens.get(bracket - 1);
        if (before.kind() == Kind.WORD) {
            return !SYNTAX.contains(before.text()) && !HARMLESS.contains(before.text());
        }
        boolean period =
                tokens.get(bracket - 2).is("FOR") && tokens.get(bracket - 3).is("PERIOD");
        return before.kind() == Kind.NAME && !isKey(bracket) && !period;
    }

    private static Set<String> words(String list) {
        return Set.of(list.split(" "));
    }
}
