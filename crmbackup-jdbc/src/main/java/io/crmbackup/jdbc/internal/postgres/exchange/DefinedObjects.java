package io.crmbackup.jdbc.internal.postgres.exchange;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All that is defined in schemas at one time, to tell later whether somebody has defined more, or otherwise. Locks on tables keep no one from
 * making a function or a view, or from replacing one.
 *
 * @param objects what each is, with a digest of what is known of it
 */
record DefinedObjects(Set<String> objects) {
    /** What statistics, maintenance and grants change; owners and grants are handed on as they are at the end. */
    private static final String NO_DEFINITION =
            "ARRAY['relfilenode', 'relpages', 'reltuples', 'relallvisible', 'relallfrozen', 'relfrozenxid', 'relminmxid',"
                    + " 'relhasindex', 'relhasrules', 'relhastriggers', 'relispopulated', 'relowner', 'relacl', 'proowner', 'proacl',"
                    + " 'typowner', 'typacl']::pg_catalog.text[]";

    /** Columns that show functions by names, in which that of their schema is. */
    private static final String PROCEDURES =
            "SELECT c.relname || '.' || a.attname FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid"
                    + " WHERE a.atttypid = 'pg_catalog.regproc'::pg_catalog.regtype AND a.attnum > 0"
                    + " AND c.relnamespace = 'pg_catalog'::pg_catalog.regnamespace ORDER BY 1";

    DefinedObjects {
        objects = Set.copyOf(objects);
    }

    static DefinedObjects in(Connection connection, List<String> schemas) throws SQLException {
        List<String> procedures = Dialect.strings(connection, PROCEDURES);
        Set<String> objects = new HashSet<>();
        for (String catalog : Dependents.catalogs()) {
            String own = catalog + ".";
            List<String> shown = procedures.stream()
                    .filter(column -> column.startsWith(own))
                    .map(column -> column.substring(own.length()))
                    .toList();
            String numbers = shown.stream()
                    .map(column -> " || ' ' || o." + column + "::pg_catalog.oid")
                    .collect(Collectors.joining());
            objects.addAll(Dialect.strings(
                    connection,
                    "SELECT '" + catalog + " ' || o.oid || ' ' || pg_catalog.md5((pg_catalog.to_jsonb(o) - "
                            + NO_DEFINITION + " - " + Dependents.array(shown) + "::pg_catalog.text[])::pg_catalog.text"
                            + numbers + ") FROM pg_catalog." + catalog + " o WHERE "
                            + Dependents.schemaOf(catalog)
                            + " IN (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = ANY ("
                            + Dependents.array(schemas) + "))"));
        }
        return new DefinedObjects(objects);
    }

    /** Whether there is something new or otherwise in what was found later. */
    boolean differIn(DefinedObjects later) {
        return !objects.containsAll(later.objects);
    }
}
