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
    private final List<LeftOut> extensions;
    private final List<String> database;

    private SchemaScript(Dialect dialect, Map<String, String> attributes, List<RestoredCollection> collections) {
        this.dialect = dialect;
        StoredLists lists = StoredLists.of(attributes);
        this.extensions = lists.before().stream()
                .map(entry -> dialect.statement(entry.sql()))
                .filter(statement -> statement.kind() == Type.EXTENSION)
                .map(statement -> new LeftOut("it has to be there before all else", statement.sql()))
                .toList();
        this.script = new RestoreScript(
                dialect, attributes, collections, Trust.HARMLESS_IN_SCRIPTS, Set.of(), ofServers(lists));
        this.database = List.copyOf(dialect.scriptedDatabase(attributes));
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

    /** A statement that is none of the script's: it could run code, or needs something that is left out. */
    public record LeftOut(String reason, String sql) {
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

    /** What is executed before rows are written. */
    public List<String> beforeRows() {
        return Stream.concat(database.stream(), script.beforeRows().stream().map(SchemaStatement::sql))
                .toList();
    }

    /** What is executed when rows are there: constraints, indexes, references between tables, comments, counters. */
    public List<String> afterRows() {
        return script.afterRows().stream().map(dialect::checked).toList();
    }

    /** What would be executed before rows and is left out. */
    public List<LeftOut> leftOutBeforeRows() {
        return Stream.concat(extensions.stream(), leftOut(script.omittedBeforeRows()))
                .toList();
    }

    /** What would be executed after rows and is left out. */
    public List<LeftOut> leftOutAfterRows() {
        return leftOut(script.omittedAfterRows()).toList();
    }

    private static Stream<LeftOut> leftOut(List<RestoreScript.Omitted> omitted) {
        return omitted.stream()
                .map(one -> new LeftOut(
                        one.why().replaceFirst("^as ", ""), one.statement().sql()));
    }
}
