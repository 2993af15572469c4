package io.crmbackup.jdbc.internal.postgres.exchange;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.postgres.rows.Relation;
import io.crmbackup.jdbc.internal.postgres.rows.TableRead;
import io.crmbackup.jdbc.internal.sql.TableName;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The schemas that are out of the way, in the transaction that drops them: what of them has to stay is handed on to those in their places. */
final class Aside {
    /** How they are called; a number follows. */
    static final String PREFIX = "crmbackup_replaced_";

    private final Connection connection;
    private final Map<String, String> schemas;

    /**
     * Knows what was done.
     *
     * @param schemas what they are called now, by what they were called
     */
    Aside(Connection connection, Map<String, String> schemas) {
        this.connection = connection;
        this.schemas = schemas;
    }

    /** Moves extensions into the schemas that come in place of theirs, with all that belongs to them. */
    void moveExtensions() throws SQLException {
        for (Map.Entry<String, String> schema : schemas.entrySet()) {
            List<String> extensions = Dialect.strings(
                    connection,
                    "SELECT pg_catalog.quote_ident(e.extname) FROM pg_catalog.pg_extension e"
                            + " JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE n.nspname = '"
                            + schema.getValue() + "' ORDER BY e.extname");
            if (!extensions.isEmpty() && !schema.getKey().equals(Relation.DEFAULT_SCHEMA)) {
                Dialect.execute(connection, "CREATE SCHEMA " + TableRead.quote(schema.getKey()));
            }
            for (String extension : extensions) {
                Dialect.execute(
                        connection, "ALTER EXTENSION " + extension + " SET SCHEMA " + TableRead.quote(schema.getKey()));
            }
        }
    }

    /** Gives what has the same name as before the owner and the rights that it had. */
    void handOn() throws IOException, SQLException {
        if (schemas.isEmpty()) {
            return;
        }
        List<String> unprotected = Dialect.strings(connection, HandedOn.unprotected(pairs()));
        if (!unprotected.isEmpty()) {
            throw new IOException("the backup doesn't hold the row security of tables that have some: "
                    + String.join(", ", unprotected));
        }
        for (String sql : HandedOn.statements(pairs())) {
            for (String statement : Dialect.strings(connection, sql)) {
                Dialect.execute(connection, statement);
            }
        }
    }

    /** The pairs of names as rows of a query. */
    private String pairs() {
        List<String> rows = new ArrayList<>();
        schemas.forEach((before, now) -> rows.add("(" + literal(before) + ", " + literal(now) + ")"));
        return "(SELECT b.oid AS new, b.nspname AS new_name, a.oid AS old, a.nspname AS old_name FROM (VALUES "
                + String.join(", ", rows)
                + ") v (name, aside) JOIN pg_catalog.pg_namespace b ON b.nspname = v.name"
                + " JOIN pg_catalog.pg_namespace a ON a.nspname = v.aside)";
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /**
     * Fails if they hold what would be lost.
     *
     * @param before what was defined in them when it began
     */
    void check(DefinedObjects before) throws IOException, SQLException {
        if (before.differIn(DefinedObjects.in(connection, List.copyOf(schemas.values())))) {
            throw lost("");
        }
    }

    private static IOException lost(String what) {
        return new IOException("somebody has defined something during the restore that would be lost" + what);
    }

    /**
     * Drops them.
     *
     * @param locked the tables that nobody else can reach
     */
    void drop(Set<TableName> locked) throws IOException, SQLException {
        Set<TableName> found = Relation.all(connection).stream()
                .filter(relation -> relation.isTable() || relation.kind() == 'p')
                .map(Relation::name)
                .filter(name -> schemas.containsValue(name.schema()))
                .collect(Collectors.toSet());
        List<String> names = List.copyOf(schemas.values());
        List<String> outside = new Dependents(connection, names).outside();
        if (!found.equals(locked) || !outside.isEmpty()) {
            throw lost(outside.isEmpty() ? "" : ": " + String.join("; ", outside));
        }
        if (!names.isEmpty()) {
            Dialect.execute(
                    connection,
                    "DROP SCHEMA " + names.stream().map(TableRead::quote).collect(Collectors.joining(", "))
                            + " CASCADE");
        }
    }
}
