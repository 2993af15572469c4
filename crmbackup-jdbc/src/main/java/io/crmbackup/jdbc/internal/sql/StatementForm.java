package io.crmbackup.jdbc.internal.sql;

import io.crmbackup.jdbc.internal.sql.SchemaStatement.Type;
import io.crmbackup.jdbc.internal.sql.SqlTokens.Token;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The forms of harmless statements, from the first token to the last: what no form allows is in doubt, whatever it may mean. A form is a pattern over a
 * statement's outline, its tokens with a space behind each: words in capitals, {@code "} for a name in quotes, {@code '} for a string, {@code #} for a number, and {@code ()} for
 * brackets with all that is in them. What is in brackets can call functions, which {@link StatementDoubt} looks at, but can't begin another thing to do. An
 * expression outside of brackets only comes last, and ends at a comma.
 */
final class StatementForm {
    /** Most tokens outside of brackets; what has more is in doubt. Matching a form goes as deep as its outline is long, so that a forged one could exhaust the stack. */
    private static final int LONGEST = 500;

    private static final Map<String, String> PARTS = new LinkedHashMap<>();
    private static final Map<Type, Pattern> FORMS;

    static {
        PARTS.put("{constraint}", "{table}ADD (?:CONSTRAINT (?:IF NOT EXISTS )?{name})?(?:COMMENT ' )?");
        PARTS.put("{table}", "ALTER TABLE (?:IF EXISTS )?(?:ONLY )?{name}");
        PARTS.put(
                "{checked}",
                "(?:(?:NOT )?DEFERRABLE |INITIALLY (?:DEFERRED|IMMEDIATE) |NOT VALID |(?:NOT )?ENFORCED |NO INHERIT |NOCHECK )*");
        PARTS.put("{index}", "(?:INDEX {name})?");
        PARTS.put("{with}", "(?:INCLUDE \\(\\) )?(?:NULLS (?:NOT )?DISTINCT )?(?:WITH \\(\\) )?");
        PARTS.put("{name}", "{word}(?:\\. {word})*");
        PARTS.put("{word}", "(?:\"|[\\p{L}_][^ ]*) ");
        PARTS.put("{expression}", "(?:[^ ,]+ )+");
        FORMS = Map.ofEntries(
                form(Type.SCHEMA, "CREATE SCHEMA (?:IF NOT EXISTS )?{name}"),
                form(
                        Type.DOMAIN,
                        "CREATE DOMAIN {name}{expression}",
                        "CREATE COLLATION {name}(?:\\(\\) |FOR {expression})",
                        "CREATE TYPE {name}AS {expression}",
                        "ALTER DOMAIN {name}ADD (?:CONSTRAINT {name})?(?:CHECK \\(\\)|NOT NULL) {checked}",
                        "ALTER DOMAIN {name}SET (?:NOT NULL |DEFAULT {expression})"),
                form(
                        Type.SEQUENCE,
                        "CREATE (?:UNLOGGED )?SEQUENCE (?:IF NOT EXISTS )?{name}(?:(?:AS|BIGINT|INTEGER|INT|SMALLINT|TINYINT|NUMERIC|DECIMAL"
                                + "|DECFLOAT|\\(\\)|START|WITH|INCREMENT|BY|MINVALUE|MAXVALUE|NO|CACHE|NOCACHE|CYCLE|EXHAUSTED|-|#) )*"),
                form(
                        Type.TABLE,
                        "CREATE (?:CACHED |MEMORY |UNLOGGED )?TABLE (?:IF NOT EXISTS )?(?:{name}|' )(?:COMMENT ' )?(?:OF {name})?(?:\\(\\) )?"
                                + "(?:INHERITS \\(\\) )?(?:PARTITION BY (?:RANGE|LIST|HASH) \\(\\) )?"
                                + "(?:WITHOUT ROWID |STRICT |NOT PERSISTENT |, )*"),
                form(Type.PRIMARY_KEY, "{constraint}PRIMARY KEY (?:HASH )?\\(\\) {with}{index}{checked}"),
                form(
                        Type.CONSTRAINT,
                        "{constraint}UNIQUE (?:NULLS (?:NOT |ALL )?DISTINCT )?\\(\\) {with}{index}{checked}",
                        "{constraint}CHECK \\(\\) {checked}",
                        "{constraint}NOT NULL {name}{checked}",
                        "{constraint}EXCLUDE (?:USING {word})?\\(\\) {with}(?:WHERE \\(\\) )?{checked}",
                        "{table}ALTER COLUMN {word}SET GENERATED ALWAYS "),
                form(
                        Type.INDEX,
                        "CREATE (?:(?:UNIQUE|NULLS|NOT|ALL|DISTINCT|SPATIAL|HASH) )*INDEX (?:IF NOT EXISTS )?{name}(?:COMMENT ' )?"
                                + "ON (?:ONLY )?{name}(?:USING {word})?(?:COMMENT ' )?\\(\\) {with}(?:WHERE {expression})?"),
                form(
                        Type.FOREIGN_KEY,
                        "{constraint}FOREIGN KEY \\(\\) {index}REFERENCES {name}(?:\\(\\) )?{index}(?:MATCH (?:FULL|PARTIAL|SIMPLE) )?"
                                + "(?:ON (?:DELETE|UPDATE) (?:CASCADE|RESTRICT|NO ACTION|SET NULL|SET DEFAULT) (?:\\(\\) )?)*{checked}"),
                form(Type.COMMENT, "COMMENT ON (?:[^ ]+ )+IS ' ", "ALTER SEQUENCE {name}OWNED BY {name}"),
                form(
                        Type.PART,
                        "{table}ATTACH PARTITION {name}(?:DEFAULT|FOR VALUES (?:IN \\(\\)|FROM \\(\\) TO \\(\\)|WITH \\(\\))) ",
                        "ALTER INDEX {name}ATTACH PARTITION {name}",
                        "{table}INHERIT {name}"),
                form(
                        Type.SETTING,
                        "CREATE STATISTICS {name}(?:\\(\\) )?ON (?:{name}|\\(\\) |, )+FROM {name}",
                        "ALTER STATISTICS {name}SET STATISTICS (?:- )?# ",
                        "ALTER INDEX {name}ALTER COLUMN # SET STATISTICS (?:- )?# ",
                        "(?:{table}|ALTER MATERIALIZED VIEW {name})CLUSTER ON {name}",
                        "(?:{table}|ALTER MATERIALIZED VIEW {name})ALTER COLUMN {word}SET (?:STORAGE {word}|COMPRESSION {word}|STATISTICS (?:- )?# |\\(\\) )",
                        "{table}ALTER COLUMN {word}(?:DROP DEFAULT |SET NOT NULL |SET DEFAULT {expression})",
                        "{table}SET \\(\\) ",
                        "{table}REPLICA IDENTITY (?:FULL |NOTHING |DEFAULT |USING INDEX {name})",
                        "{table}VALIDATE CONSTRAINT {name}",
                        "{table}(?:ENABLE|FORCE) ROW LEVEL SECURITY "));
    }

    private StatementForm() {}

    private static Map.Entry<Type, Pattern> form(Type type, String... alternatives) {
        String pattern = String.join("|", alternatives);
        for (Map.Entry<String, String> part : PARTS.entrySet()) {
            pattern = pattern.replace(part.getKey(), part.getValue());
        }
        return Map.entry(type, Pattern.compile(pattern));
    }

    /** Whether a statement that makes something has one of the forms of that, to its end. Where a counter stands is recognised elsewhere, by the whole statement. */
    static boolean isKnown(Type type, List<Token> tokens) {
        Pattern form = FORMS.get(type);
        if (form == null) {
            return false;
        }
        String outline = outline(tokens);
        return outline.chars().filter(letter -> letter == ' ').count() <= LONGEST
                && form.matcher(outline).matches();
    }

    private static String outline(List<Token> tokens) {
        StringBuilder outline = new StringBuilder();
        int depth = 0;
        for (Token token : tokens) {
            if (token.is(")")) {
                depth--;
            }
            if (depth == 0) {
                outline.append(
                        switch (token.kind()) {
                            case WORD, SYMBOL -> token.text();
                            case NAME -> "\"";
                            case STRING -> "'";
                            case NUMBER -> "#";
                        });
                outline.append(token.is("(") ? "" : " ");
            }
            if (token.is("(")) {
                depth++;
            }
        }
        return outline.toString();
    }
}
