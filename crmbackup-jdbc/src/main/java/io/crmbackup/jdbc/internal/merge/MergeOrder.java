package io.crmbackup.jdbc.internal.merge;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.spi.Field.Presence;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Reference;
import io.crmbackup.spi.RestoredCollection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * In which order rows can be put into tables that refer to each other. A reference that is part of a circle and may be null is written
 * last; what remains must have an order. References are those that the database has now, not those of the backup.
 */
public final class MergeOrder {
    private final Map<String, Table> tables;
    private final Map<String, RestoredCollection> collections;
    private final boolean deferred;

    /**
     * Looks at the tables that the collections go to.
     *
     * @param dialect tells whether references are checked at the end, so that no order is needed
     */
    MergeOrder(Dialect dialect, Map<String, Table> tables, Map<String, RestoredCollection> collections) {
        this.tables = tables;
        this.collections = collections;
        this.deferred = dialect.canDeferReferences();
    }

    /** The collections that have to be written before. */
    List<RestoredCollection> parents(String collection) {
        List<RestoredCollection> parents = new ArrayList<>();
        for (Reference reference : firm(collection)) {
            RestoredCollection parent = collections.get(reference.collection());
            if (parent != null) {
                parents.add(parent);
            }
        }
        return parents;
    }

    /** The fields that are left null until all rows are there. */
    Set<String> postponed(String collection) {
        Set<String> fields = new HashSet<>();
        if (!deferred) {
            for (Reference reference : circular(collection)) {
                optional(collection, reference).ifPresent(fields::add);
            }
        }
        return fields;
    }

    /** Why there is no order, in words. */
    List<String> blockers() {
        List<String> blockers = new ArrayList<>();
        for (String collection : deferred ? Set.<String>of() : collections.keySet()) {
            for (Reference reference : firm(collection)) {
                if (reaches(reference.collection(), collection, this::firm, new HashSet<>())) {
                    blockers.add("rows of " + collection + " refer in a circle, by " + reference.fields()
                            + ", which can't be null: the database can't take them one after the other");
                }
            }
        }
        return blockers;
    }

    private List<Reference> firm(String collection) {
        List<Reference> firm = new ArrayList<>(references(collection));
        if (!deferred) {
            for (Reference reference : circular(collection)) {
                if (optional(collection, reference).isPresent()) {
                    firm.remove(reference);
                }
            }
        }
        return firm;
    }

    private List<Reference> circular(String collection) {
        return references(collection).stream()
                .filter(reference -> reaches(reference.collection(), collection, this::references, new HashSet<>()))
                .toList();
    }

    private static boolean reaches(
            String from, String to, Function<String, List<Reference>> references, Set<String> seen) {
        return from.equals(to)
                || seen.add(from)
                        && references.apply(from).stream()
                                .anyMatch(reference -> reaches(reference.collection(), to, references, seen));
    }

    private List<Reference> references(String collection) {
        Table table = tables.get(collection);
        RestoredCollection restored = collections.get(collection);
        if (table == null || restored == null) {
            return List.of();
        }
        return table.schema().references().stream()
                .filter(reference -> collections.containsKey(reference.collection()))
                .filter(reference -> reference.fields().stream()
                        .allMatch(field -> restored.schema().indexOf(field) >= 0))
                .toList();
    }

    /** A reference holds as soon as one of its fields is null; this is one that may be. */
    private Optional<String> optional(String collection, Reference reference) {
        Table table = tables.get(collection);
        if (table == null) {
            return Optional.empty();
        }
        RecordSchema schema = table.schema();
        return reference.fields().stream()
                .filter(field -> schema.fields().get(schema.indexOf(field)).presence() == Presence.OPTIONAL)
                .filter(field -> !schema.key().contains(field))
                .findFirst();
    }
}
