package io.crmbackup.internal.restore;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Orders names so that those that others depend on come before these; where that goes in a circle, as it comes. */
final class ParentsFirst {
    private final Function<String, List<String>> parents;
    private final Set<String> visited = new HashSet<>();
    private final List<String> ordered = new ArrayList<>();

    private ParentsFirst(Function<String, List<String>> parents) {
        this.parents = parents;
    }

    /** The names, with all that they depend on. */
    static List<String> order(Collection<String> names, Function<String, List<String>> parents) {
        ParentsFirst order = new ParentsFirst(parents);
        names.forEach(order::visit);
        return List.copyOf(order.ordered);
    }

    private void visit(String name) {
        if (visited.add(name)) {
            parents.apply(name).forEach(this::visit);
            ordered.add(name);
        }
    }
}
