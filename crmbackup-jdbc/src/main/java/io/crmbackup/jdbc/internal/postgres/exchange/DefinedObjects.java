package io.crmbackup.jdbc.internal.postgres.exchange;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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

    DefinedObjects {
        objects = Set.copyOf(objects);
    }

    static DefinedObjects in(Connection connection, List<String> schemas) throws SQLException {
        Set<String> objects = new HashSet<>();
        for (String catalog : Dependents.catalogs()) {
            objects.addAll(Dialect.strings(
                    connection,
                    "SELECT '" + catalog + " ' || o.oid || ' ' || pg_catalog.md5((pg_catalog.to_jsonb(o) - "
                            + NO_DEFINITION
                            + ")::pg_catalog.text) FROM pg_catalog." + catalog + " o WHERE "
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
