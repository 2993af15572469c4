package io.crmbackup.jdbc;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.product.Dialects;
import io.crmbackup.jdbc.internal.restore.RestoreScript;
import io.crmbackup.jdbc.internal.restore.Trust;
import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import io.crmbackup.jdbc.internal.sql.SchemaStatement.Type;
import io.crmbackup.jdbc.internal.sql.StoredLists;
import io.crmbackup.jdbc.internal.sql.TablePlace;
import io.crmbackup.spi.RestoredCollection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The statements of a backup that make tables, in the order in which they can be executed in an empty database of the same product: for those who write them to
 * a file. Each can run no code of whoever made the backup; all others are told apart. What only an administrator gives a server, as extensions and tablespaces, is
 * taken to be there. Immutable.
 */
public final class SchemaScript {
    /** What a server has or has not, whatever its databases hold. */
    private static final List<String> OF_SERVERS =
            List.of("extension ", "available extension ", "tablespace ", "language ", "access method ");

    private final Dialect dialect;
    private final RestoreScript script;
    private final List<Definition> database;

    private SchemaScript(Dialect dialect, Map<String, String> attributes, List<RestoredCollection> collections) {
        this.dialect = dialect;
        StoredLists lists = StoredLists.of(attributes);
        Stream<Definition> extensions = lists.before().stream()
                .map(entry -> dialect.statement(entry.sql()))
                .filter(statement -> statement.kind() == Type.EXTENSION)
                .map(statement -> new Definition(
                        statement.sql(), Optional.of("it has to be there before all else"), Optional.empty()));
        this.script = new RestoreScript(
                dialect, attributes, collections, Trust.HARMLESS_IN_SCRIPTS, Set.of(), ofServers(lists));
        this.database = Stream.concat(
                        extensions,
                        dialect.scriptedDatabase(attributes).stream().map(Definition::executed))
                .toList();
    }

    private static Set<String> ofServers(StoredLists lists) {
        return Stream.concat(
                        Stream.of(lists.before(), lists.after(), lists.position())
                                .flatMap(List::stream)
                                .map(StoredLists.Entry::needs),
                        lists.places().stream().map(TablePlace::needs))
                .flatMap(needs -> Stream.concat(Stream.of(needs.name()), needs.needs().stream()))
                .filter(name -> OF_SERVERS.stream().anyMatch(name::startsWith))
                .collect(Collectors.toSet());
    }

    /**
     * Reads the statements of some tables.
     *
     * @param attributes those of the capture
     * @return empty if the backup is of no database whose statements are known
     */
    public static Optional<SchemaScript> of(Map<String, String> attributes, List<RestoredCollection> collections) {
        return Dialects.named(attributes.getOrDefault("product", ""))
                .map(dialect -> new SchemaScript(dialect, attributes, collections));
    }

    /**
     * A statement, or one that is none of the script's: it could run code, or needs something that is left out.
     *
     * @param leftOut why it is left out; empty if it is executed
     * @param missing the collection whose table is not there then, unless somebody made it: its rows, and statements that follow, need it
     */
    public record Definition(String sql, Optional<String> leftOut, Optional<String> missing) {
        private static Definition executed(String sql) {
            return new Definition(sql, Optional.empty(), Optional.empty());
        }

        /** Its first line, or what of it a message can hold. */
        public String title() {
            return SchemaStatement.of(sql).title();
        }
    }

    /**
     * What a session sets before it writes rows alone into tables that are there: how values are read, and nothing of names and checks.
     *
     * @param attributes those of the capture
     */
    public static List<String> sessionOfRows(Map<String, String> attributes) {
        return Dialects.named(attributes.getOrDefault("product", ""))
                .map(Dialect::scriptedRows)
                .orElse(List.of());
    }

    /** What of the backup's definitions can't be read, in words; the rest may be incomplete then. */
    public List<String> damage() {
        return script.damage();
    }

    /** What a session sets before it executes any of the statements, or writes rows. */
    public List<String> session() {
        return dialect.scriptedSession();
    }

    /** What makes tables, before rows are written, in order. */
    public List<Definition> beforeRows() {
        return Stream.concat(
                        database.stream(),
                        script.scriptedBeforeRows().stream()
                                .map(one -> definition(one, one.statement().sql())))
                .toList();
    }

    /** What follows when rows are there: constraints, indexes, references between tables, comments, counters; at the end what is left out. */
    public List<Definition> afterRows() {
        return script.scriptedAfterRows().stream()
                .map(one -> definition(
                        one, one.omitted().isPresent() ? one.statement().sql() : dialect.checked(one.statement())))
                .toList();
    }

    private static Definition definition(RestoreScript.Scripted one, String sql) {
        return new Definition(sql, one.omitted().map(why -> why.replaceFirst("^as ", "")), one.missing());
    }
}
