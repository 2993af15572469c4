package io.crmbackup.jdbc.internal.postgres.changes;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which versions of which definitions the text of a type's values depends on: labels of enums, fields of row types, what arrays, domains and
 * ranges are made of. A version is the transaction that wrote the definition.
 */
final class TypeVersions {
    /** Types of the server itself whose text depends on settings, which are always set alike; not those that show names of other things. */
    private static final Set<String> BY_SETTINGS =
            Set.of("date", "time", "timetz", "timestamp", "timestamptz", "interval", "money");

    private static final String TYPES = "WITH RECURSIVE used(oid) AS (SELECT a.atttypid FROM pg_catalog.pg_attribute a"
            + " JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname !~ '^pg_'"
            + " AND n.nspname <> 'information_schema' UNION SELECT x.part FROM used u JOIN pg_catalog.pg_type t ON t.oid = u.oid"
            + " CROSS JOIN LATERAL (" + parts() + ") x(part))"
            + " SELECT t.oid, t.typname, t.typtype, n.nspname = 'pg_catalog', p.provolatile = 'i',"
            + " t.typoutput = 'pg_catalog.array_out'::pg_catalog.regproc, pg_catalog.concat_ws(' ', t.oid, t.xmin, p.xmin,"
            + " (SELECT string_agg(pg_catalog.concat_ws(',', e.oid, e.xmin), ' ' ORDER BY e.oid)"
            + " FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid),"
            + " (SELECT string_agg(pg_catalog.concat_ws(',', a.attnum, a.xmin), ' ' ORDER BY a.attnum)"
            + " FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0)),"
            + " coalesce((SELECT string_agg(x.part::text, ' ') FROM (" + parts() + ") x(part)), '')"
            + " FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
            + " JOIN pg_catalog.pg_proc p ON p.oid = t.typoutput WHERE t.oid IN (SELECT oid FROM used)";

    private final Map<Long, Type> types = new HashMap<>();

    private TypeVersions() {}

    /**
     * A type.
     *
     * @param shownAlone whether its values' text depends on the value and the types that it is made of only
     * @param version its definition's
     * @param parts what it is made of
     */
    private record Type(boolean shownAlone, String version, List<Long> parts) {}

    /** The types that type {@code t} is made of. */
    private static String parts() {
        return "SELECT t.typbasetype WHERE t.typtype = 'd'"
                + " UNION ALL SELECT t.typelem WHERE t.typoutput = 'pg_catalog.array_out'::pg_catalog.regproc"
                + " UNION ALL SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE t.oid IN (r.rngtypid, r.rngmultitypid)"
                + " UNION ALL SELECT f.atttypid FROM pg_catalog.pg_attribute f WHERE t.typtype = 'c' AND f.attrelid = t.typrelid"
                + " AND f.attnum > 0 AND NOT f.attisdropped";
    }

    static TypeVersions read(Connection connection) throws SQLException {
        TypeVersions result = new TypeVersions();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(TYPES)) {
            while (rows.next()) {
                boolean own = rows.getBoolean(4);
                boolean composed = rows.getBoolean(6) || "edcrm".contains(rows.getString(3));
                boolean alone = composed || rows.getBoolean(5) || own && BY_SETTINGS.contains(rows.getString(2));
                List<Long> parts = Stream.of(rows.getString(8).split(" "))
                        .filter(part -> !part.isEmpty())
                        .map(Long::valueOf)
                        .toList();
                result.types.put(rows.getLong(1), new Type(alone, rows.getString(7), parts));
            }
        }
        return result;
    }

    /** The versions of a type and of all that it is made of. */
    Set<String> of(long type) {
        Set<String> versions = new TreeSet<>();
        closure(type).forEach(part -> versions.add(part.version()));
        return versions;
    }

    /** Whether the text of a type's values depends on the value and those definitions only. */
    boolean areShownAlone(long type) {
        return closure(type).stream().allMatch(Type::shownAlone);
    }

    private Set<Type> closure(long type) {
        Set<Type> found = new HashSet<>();
        Deque<Long> open = new ArrayDeque<>(List.of(type));
        while (!open.isEmpty()) {
            Type next = types.getOrDefault(open.pop(), new Type(false, "", List.of()));
            if (found.add(next)) {
                open.addAll(next.parts());
            }
        }
        return found;
    }
}
