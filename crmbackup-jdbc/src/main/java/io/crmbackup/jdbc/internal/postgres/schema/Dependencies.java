package io.crmbackup.jdbc.internal.postgres.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who needs whom, as {@code pg_depend} has it, told of known objects only: what is not known is a part of one that it belongs to. */
final class Dependencies {
    /**
     * Without those of columns' sequences on their tables, of partitions and children on their parents, of indexes and constraints on those of the whole: they
     * are made by themselves, and joined later. Objects of the server itself have lower numbers.
     */
    private static final String ALL = """
            SELECT d.classid, d.objid, d.refclassid, d.refobjid, d.deptype
            FROM pg_catalog.pg_depend d
            LEFT JOIN pg_catalog.pg_class c ON d.classid = 'pg_catalog.pg_class'::regclass AND c.oid = d.objid
            LEFT JOIN pg_catalog.pg_constraint k ON d.classid = 'pg_catalog.pg_constraint'::regclass AND k.oid = d.objid
            WHERE d.objid >= 16384 AND (d.refobjid >= 16384 OR d.refclassid = 'pg_catalog.pg_namespace'::regclass)
            AND (d.classid <> d.refclassid OR d.objid <> d.refobjid) AND d.deptype <> 'P'
            AND NOT coalesce(c.relkind = 'S' AND d.deptype = 'a' AND d.refclassid = 'pg_catalog.pg_class'::regclass, false)
            AND NOT coalesce(k.contype = 'f' AND k.conparentid <> 0 OR k.conrelid <> 0 AND NOT k.conislocal, false)
            AND NOT coalesce(d.refclassid = 'pg_catalog.pg_class'::regclass AND c.relkind IN ('r', 'p')
              AND EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhrelid = d.objid AND i.inhparent = d.refobjid), false)
            """;

    /** How one needs another. */
    private enum Bond {
        NEEDS,
        GOES_WITH,
        IS_PART_OF
    }

    private record Edge(ObjectId to, Bond bond) {}

    private final Map<ObjectId, List<Edge>> edges;
    private final Set<ObjectId> known;
    private final Map<ObjectId, Set<ObjectId>> resolved = new HashMap<>();
    private final Map<ObjectId, Set<ObjectId>> needed = new HashMap<>();
    private final Map<ObjectId, Set<ObjectId>> wholes = new HashMap<>();

    private Dependencies(Map<ObjectId, List<Edge>> edges, Set<ObjectId> known) {
        this.edges = edges;
        this.known = known;
        edges.forEach((from, all) -> {
            for (Edge edge : all) {
                Set<ObjectId> targets = resolve(edge.to());
                for (ObjectId owner : resolve(from)) {
                    needed.computeIfAbsent(owner, any -> new HashSet<>()).addAll(targets);
                    if (edge.bond() != Bond.NEEDS && owner.equals(from)) {
                        wholes.computeIfAbsent(owner, any -> new HashSet<>()).addAll(targets);
                    }
                }
            }
        });
        needed.forEach((owner, targets) -> targets.remove(owner));
    }

    /**
     * Reads them.
     *
     * @param known the objects to tell of
     */
    static Dependencies read(Connection connection, Set<ObjectId> known) throws SQLException {
        Map<ObjectId, List<Edge>> edges = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(ALL)) {
            while (rows.next()) {
                edges.computeIfAbsent(new ObjectId(rows.getLong(1), rows.getLong(2)), any -> new ArrayList<>(2))
                        .add(new Edge(new ObjectId(rows.getLong(3), rows.getLong(4)), bond(rows.getString(5))));
            }
        }
        return new Dependencies(edges, known);
    }

    private static Bond bond(String type) {
        return switch (type) {
            case "n" -> Bond.NEEDS;
            case "i", "e" -> Bond.IS_PART_OF;
            default -> Bond.GOES_WITH;
        };
    }

    /** What a known object needs. */
    Set<ObjectId> of(ObjectId id) {
        return needed.getOrDefault(id, Set.of());
    }

    /** What a known object is gone with. */
    Set<ObjectId> wholes(ObjectId id) {
        return wholes.getOrDefault(id, Set.of());
    }

    /** The known object that something is or belongs to; none if that is something unknown. */
    Set<ObjectId> resolve(ObjectId id) {
        if (known.contains(id)) {
            return Set.of(id);
        }
        Set<ObjectId> before = resolved.putIfAbsent(id, Set.of());
        if (before != null) {
            return before;
        }
        Set<ObjectId> found = new HashSet<>();
        for (Bond bond : List.of(Bond.IS_PART_OF, Bond.GOES_WITH)) {
            for (Edge edge : edges.getOrDefault(id, List.of())) {
                if (edge.bond() == bond && found.isEmpty()) {
                    found.addAll(resolve(edge.to()));
                }
            }
        }
        resolved.put(id, found);
        return found;
    }
}
