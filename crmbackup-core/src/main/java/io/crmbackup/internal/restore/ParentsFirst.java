package io.crmbackup.internal.restore;

import io.crmbackup.spi.Reference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Orders collections so that those referred to come before those that refer; where references go in a circle, as it comes. */
final class ParentsFirst {
    private final Map<String, SelectedRecords> collections = new LinkedHashMap<>();
    private final Set<String> visited = new HashSet<>();
    private final List<SelectedRecords> ordered = new ArrayList<>();

    private ParentsFirst(List<SelectedRecords> collections) {
        collections.forEach(collection -> this.collections.put(collection.name(), collection));
    }

    static List<SelectedRecords> order(List<SelectedRecords> collections) {
        ParentsFirst order = new ParentsFirst(collections);
        collections.forEach(order::visit);
        return List.copyOf(order.ordered);
    }

    private void visit(SelectedRecords collection) {
        if (visited.add(collection.name())) {
            for (Reference reference : collection.schema().references()) {
                SelectedRecords parent = collections.get(reference.collection());
                if (parent != null) {
                    visit(parent);
                }
            }
            ordered.add(collection);
        }
    }
}
