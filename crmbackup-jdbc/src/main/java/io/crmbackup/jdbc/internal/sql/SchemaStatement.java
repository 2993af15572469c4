package io.crmbackup.jdbc.internal.sql;

import io.crmbackup.jdbc.internal.sql.SqlTokens.Token;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A statement that makes a part of a schema, and whether it is safe to execute without trusting whoever wrote it.
 *
 * <p>A backup may have been made of a database that an attacker controlled, or tampered with by someone who has the key. So a statement is
 * executed on the operator's authority only if it is of one of the kinds below, begins as that kind must, and calls no function but
 * some that can only compute. Everything else needs the target's {@code trustSchema()}.
 *
 * @param sql the statement as it was captured
 * @param kind what it makes
 * @param table the table that it belongs to, its schema empty if the statement doesn't say
 * @param target the table that a foreign key refers to
 * @param doubt why it isn't safe; empty if it is
 */
public record SchemaStatement(
        String sql, Type kind, Optional<TableName> table, Optional<TableName> target, Optional<String> doubt) {
    /** What a statement makes, in the order in which statements of a table are executed. */
    public enum Type {
        SCHEMA,
        DOMAIN,
        SEQUENCE,
        TABLE,
        PRIMARY_KEY,
        CONSTRAINT,
        INDEX,
        FOREIGN_KEY,
        COMMENT,
        POSITION,
        /** Makes a table, or an index, a part of another. */
        PART,
        /** How a table is stored or behaves. */
        SETTING,
        EXTENSION,
        /** Who owns something, and who may do what with it. */
        RIGHTS,
        OTHER,
        /** Something that begins to run by itself: made when all else is there. */
        EVENT
    }

    /** Reads a statement. */
    public static SchemaStatement of(String sql) {
        Optional<List<Token>> tokens = SqlTokens.of(sql);
        return tokens.isEmpty() || tokens.get().isEmpty()
                ? new SchemaStatement(
                        sql,
                        Type.OTHER,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("it can't be read with certainty"))
                : new StatementReader(sql, tokens.get()).read();
    }

    /** The same statement, not safe if the whole of it fits a pattern. */
    public SchemaStatement doubtedIf(Pattern pattern, String why) {
        return pattern.matcher(sql).matches()
                ? new SchemaStatement(sql, Type.OTHER, table, target, Optional.of(why))
                : this;
    }

    public boolean isSafe() {
        return doubt.isEmpty();
    }

    /** The first words behind the settings of its session, to name the statement in a message. */
    public String title() {
        String line = sql.strip()
                .lines()
                .filter(text -> !text.startsWith("SET SESSION "))
                .findFirst()
                .orElse("");
        return line.length() > 100 ? line.substring(0, 100) + " …" : line;
    }
}
