package io.crmbackup.jdbc.internal.postgres.schema;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Puts definitions in an order in which each comes after all that it needs, otherwise by kinds and names. */
final class DefinitionOrder {
    private final Function<Definition, Set<Definition>> needs;

    DefinitionOrder(Function<Definition, Set<Definition>> needs) {
        this.needs = needs;
    }

    /** These and all that they need, directly or not. */
    Set<Definition> closure(Collection<Definition> some) {
        Set<Definition> closure = new LinkedHashSet<>(some);
        List<Definition> left = new ArrayList<>(some);
        while (!left.isEmpty()) {
            for (Definition needed : needs.apply(left.remove(left.size() - 1))) {
                if (closure.add(needed)) {
                    left.add(needed);
                }
            }
        }
        return closure;
    }

    /** Those that need each other in a circle, and what stands between two circles. */
    Set<Definition> circles(Collection<Definition> definitions) {
        Set<Definition> left = new HashSet<>(definitions);
        for (boolean more = true; more; ) {
            Set<Definition> needed = new HashSet<>();
            left.forEach(definition -> needs.apply(definition).stream()
                    .filter(other -> !other.equals(definition) && left.contains(other))
                    .forEach(needed::add));
            more = left.removeIf(definition -> !needed.contains(definition)
                    || needs.apply(definition).stream()
                            .noneMatch(other -> !other.equals(definition) && left.contains(other)));
        }
        return left;
    }

    /** Them in order; what they need and is not among them counts as there. Of a circle that which is first by kind and name comes first. */
    List<Definition> sorted(Set<Definition> definitions) {
        Map<Definition, Set<Definition>> open = new HashMap<>();
        Map<Definition, List<Definition>> needing = new HashMap<>();
        TreeSet<Definition> waiting = new TreeSet<>(Definition.BY_KIND_AND_NAME.thenComparingLong(
                definition -> definition.id().object()));
        PriorityQueue<Definition> ready = new PriorityQueue<>(waiting.comparator());
        for (Definition definition : definitions) {
            Set<Definition> needed = new HashSet<>(needs.apply(definition));
            needed.retainAll(definitions);
            needed.remove(definition);
            needed.forEach(other ->
                    needing.computeIfAbsent(other, any -> new ArrayList<>()).add(definition));
            open.put(definition, needed);
            if (needed.isEmpty()) {
                ready.add(definition);
            } else {
                waiting.add(definition);
            }
        }
        List<Definition> sorted = new ArrayList<>(definitions.size());
        while (!ready.isEmpty() || !waiting.isEmpty()) {
            Definition next = ready.isEmpty() ? waiting.first() : ready.remove();
            waiting.remove(next);
            sorted.add(next);
            for (Definition other : needing.getOrDefault(next, List.of())) {
                Set<Definition> needed = Objects.requireNonNull(open.get(other), "what one of the definitions needs");
                if (needed.remove(next) && needed.isEmpty() && waiting.remove(other)) {
                    ready.add(other);
                }
            }
        }
        return sorted;
    }
}
