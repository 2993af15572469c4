package io.crmbackup.jdbc.internal.postgres.schema;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.postgres.schema.Definition.Step;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The queries that give the statements of all objects but those of the server and of extensions, one for each kind of object. */
final class DefinitionQueries {
    /** In the order in which they come where nothing needs another one. */
    private static final List<String> KINDS = List.of(
            "schemas",
            "extensions",
            "collations",
            "types",
            "sequences",
            "tables",
            "storage",
            "partitions",
            "routines",
            "aggregates",
            "operators",
            "operator-families",
            "operator-classes",
            "casts",
            "text-search",
            "domain-constraints",
            "defaults",
            "constraints",
            "indexes",
            "statistics",
            "views",
            "rules",
            "triggers",
            "policies",
            "comments",
            "owners",
            "grants",
            "default-rights",
            "refreshes",
            "event-triggers");

    private static final String FRAME = """
            WITH ns AS (SELECT oid, nspname FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),
            rel AS (SELECT * FROM pg_catalog.pg_class WHERE oid <> ALL ('{%s}'::oid[])),
            line AS (%s)
            SELECT o.* FROM (
            %s
            ) o(catalog, object, part, step, name, sql, relations, needs)
            WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = o.catalog AND e.objid = o.object AND e.deptype = 'e')
            """;

    private DefinitionQueries() {}

    /**
     * What the queries give, in no particular order.
     *
     * @param gone the names of what was dropped after the snapshot was taken, before its definition was asked for
     */
    record Result(List<Definition> definitions, List<String> gone) {}

    /**
     * Reads all.
     *
     * @param absent tables that are not locked: they may be dropped meanwhile, which would fail the functions that show what belongs to them
     */
    static Result read(Connection connection, Set<Long> absent) throws SQLException {
        Result result = new Result(new ArrayList<>(), new ArrayList<>());
        String lines = resource("lines");
        String others = absent.stream().map(String::valueOf).collect(Collectors.joining(","));
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            Set<String> nothing = new HashSet<>(Dialect.strings(connection, resource("nothing")));
            for (int kind = 0; kind < KINDS.size(); kind++) {
                if (nothing.contains(KINDS.get(kind))) {
                    continue;
                }
                try (ResultSet rows = statement.executeQuery(
                        String.format(Locale.ROOT, FRAME, others, lines, resource(KINDS.get(kind))))) {
                    read(rows, kind, result);
                }
            }
        }
        return result;
    }

    private static void read(ResultSet rows, int kind, Result result) throws SQLException {
        while (rows.next()) {
            @Nullable String name = rows.getString(5);
            @Nullable String sql = rows.getString(6);
            if (name == null || sql == null) {
                if (name != null && !name.isEmpty()) {
                    result.gone().add(name);
                }
                continue;
            }
            result.definitions()
                    .add(new Definition(
                            new ObjectId(rows.getLong(1), rows.getLong(2)),
                            rows.getString(3),
                            Step.valueOf(rows.getString(4).toUpperCase(Locale.ROOT)),
                            kind,
                            name,
                            sql,
                            strings(rows.getArray(7)).stream()
                                    .map(Long::valueOf)
                                    .toList(),
                            strings(rows.getArray(8))));
        }
    }

    private static List<String> strings(@Nullable Array array) throws SQLException {
        return array == null
                ? List.of()
                : Arrays.stream((Object[]) array.getArray())
                        .map(String::valueOf)
                        .toList();
    }

    private static String resource(String name) {
        try (@Nullable InputStream in = DefinitionQueries.class.getResourceAsStream(name + ".sql")) {
            if (in == null) {
                throw new IllegalStateException("no query " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
