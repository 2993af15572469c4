package io.crmbackup.jdbc.internal.merge;

import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.merge.row.TableFit;
import io.crmbackup.spi.Field.Presence;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Reference;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * In which order rows can be put into tables that refer to each other. A reference that is part of a circle and may be null is written
 * last; what remains must have an order. References are those that the database has now, not those of the backup.
 */
final class MergeOrder {
    private final Map<String, TableFit> fits = new LinkedHashMap<>();
    private final Set<Knot> loose = new HashSet<>();

    /** A reference of a table that is in the way of an order. */
    record Knot(Table table, Reference reference) {
        @Override
        public String toString() {
            return "rows of " + table.collection() + " refer in a circle, by " + reference.fields()
                    + ", which can't be null: the database can't take them one after the other";
        }
    }

    /** Looks at the tables that rows go to. */
    MergeOrder(Collection<TableFit> fits) {
        fits.forEach(fit -> this.fits.put(fit.table().collection(), fit));
    }

    /** Says that a reference is checked when the transaction ends, so that it needs no order. */
    void loosen(Table table, Reference reference) {
        loose.add(new Knot(table, reference));
    }

    /** All tables, those that are referred to first. */
    List<TableFit> parentsFirst() {
        Set<TableFit> ordered = new LinkedHashSet<>();
        Set<String> seen = new HashSet<>();
        fits.keySet().forEach(table -> add(table, ordered, seen));
        return List.copyOf(ordered);
    }

    private void add(String table, Set<TableFit> ordered, Set<String> seen) {
        TableFit fit = fits.get(table);
        if (fit != null && seen.add(table)) {
            firm(table).forEach(reference -> add(reference.collection(), ordered, seen));
            ordered.add(fit);
        }
    }

    /** The columns, by their places, that are left null until all rows are there. */
    BitSet postponed(TableFit fit) {
        BitSet fields = new BitSet();
        String table = fit.table().collection();
        for (Reference reference : circular(table)) {
            optional(table, reference).ifPresent(field -> fields.set(fit.indexOf(field)));
        }
        return fields;
    }

    /** Why there is no order. */
    List<Knot> knots() {
        List<Knot> knots = new ArrayList<>();
        fits.forEach((table, fit) -> {
            for (Reference reference : firm(table)) {
                if (reaches(reference.collection(), table, this::firm, new HashSet<>())) {
                    knots.add(new Knot(fit.table(), reference));
                }
            }
        });
        return knots;
    }

    private List<Reference> firm(String table) {
        List<Reference> firm = new ArrayList<>(references(table));
        for (Reference reference : circular(table)) {
            if (optional(table, reference).isPresent()) {
                firm.remove(reference);
            }
        }
        return firm;
    }

    private List<Reference> circular(String table) {
        return references(table).stream()
                .filter(reference -> reaches(reference.collection(), table, this::references, new HashSet<>()))
                .toList();
    }

    private static boolean reaches(
            String from, String to, Function<String, List<Reference>> references, Set<String> seen) {
        return from.equals(to)
                || seen.add(from)
                        && references.apply(from).stream()
                                .anyMatch(reference -> reaches(reference.collection(), to, references, seen));
    }

    private List<Reference> references(String table) {
        TableFit fit = fits.get(table);
        if (fit == null) {
            return List.of();
        }
        return fit.table().schema().references().stream()
                .filter(reference -> fits.containsKey(reference.collection()))
                .filter(reference -> !loose.contains(new Knot(fit.table(), reference)))
                .filter(reference -> reference.fields().stream().allMatch(field -> fit.indexOf(field) >= 0))
                .toList();
    }

    /** A reference holds as soon as one of its fields is null; this is one that may be. */
    private Optional<String> optional(String table, Reference reference) {
        TableFit fit = fits.get(table);
        if (fit == null) {
            return Optional.empty();
        }
        RecordSchema schema = fit.table().schema();
        return reference.fields().stream()
                .filter(field -> schema.fields().get(schema.indexOf(field)).presence() == Presence.OPTIONAL)
                .filter(field -> !schema.key().contains(field))
                .findFirst();
    }
}
