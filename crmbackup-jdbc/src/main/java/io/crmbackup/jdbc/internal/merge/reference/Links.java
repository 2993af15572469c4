package io.crmbackup.jdbc.internal.merge.reference;

import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.merge.row.MergeRules;
import io.crmbackup.jdbc.internal.merge.row.TableFit;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Reference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All references between the tables of the database: those that it enforces, and those that the backup knows besides, under the names that tables
 * and columns have now.
 */
public final class Links {
    private final List<Link> all = new ArrayList<>();
    private final Set<String> notes = new LinkedHashSet<>();

    /**
     * Collects them.
     *
     * @param tables all that the database has, by name
     * @param fits the tables that are restored
     */
    public Links(Map<String, Table> tables, Collection<TableFit> fits, MergeRules rules) {
        for (Table child : tables.values()) {
            for (Reference reference : child.schema().references()) {
                add(tables, child, reference, Link.Origin.DATABASE);
            }
        }
        Map<String, List<Reference>> told = new LinkedHashMap<>();
        for (TableFit fit : fits) {
            fit.collection().sourceReferences().forEach(told::putIfAbsent);
        }
        told.forEach((name, references) -> references.forEach(before -> tell(tables, name, before, rules)));
    }

    private void tell(Map<String, Table> tables, String name, Reference before, MergeRules rules) {
        Table child = tables.get(rules.table(name));
        Reference now = renamed(name, before, rules);
        boolean known = all.stream()
                .anyMatch(link -> link.child().equals(child)
                        && link.parent().collection().equals(now.collection())
                        && link.reference().fields().equals(now.fields())
                        && link.reference().targetFields().equals(now.targetFields())
                        && link.reference().conditions().equals(now.conditions()));
        if (!known && (child == null || !add(tables, child, now, Link.Origin.APPLICATION))) {
            notes.add("the reference of " + name + " by " + String.join(", ", before.fields()) + " to "
                    + before.collection()
                    + " is not looked at when rows are deleted: the database has no such table or column");
        }
    }

    private static Reference renamed(String name, Reference before, MergeRules rules) {
        Map<String, String> conditions = new LinkedHashMap<>();
        before.conditions().forEach((field, value) -> conditions.put(rules.column(name, field), value));
        return new Reference(
                before.name(),
                before.fields().stream().map(field -> rules.column(name, field)).toList(),
                rules.table(before.collection()),
                before.targetFields().stream()
                        .map(field -> rules.column(before.collection(), field))
                        .toList(),
                conditions);
    }

    private boolean add(Map<String, Table> tables, Table child, Reference reference, Link.Origin origin) {
        Table parent = tables.get(reference.collection());
        if (parent == null
                || !hasAll(child.schema(), reference.fields())
                || !hasAll(child.schema(), reference.conditions().keySet())
                || !hasAll(parent.schema(), reference.targetFields())) {
            return false;
        }
        all.add(new Link(child, reference, parent, origin));
        return true;
    }

    private static boolean hasAll(RecordSchema schema, Collection<String> fields) {
        return fields.stream().allMatch(field -> schema.indexOf(field) >= 0);
    }

    /** Those that lead to a table. */
    public List<Link> to(Table parent) {
        return all.stream().filter(link -> link.parent().equals(parent)).toList();
    }

    /** All tables from which references lead to a table, over others too. */
    public Set<Table> leadingTo(Table table) {
        Set<Table> found = new LinkedHashSet<>();
        Deque<Table> due = new ArrayDeque<>(List.of(table));
        while (!due.isEmpty()) {
            for (Link link : to(due.remove())) {
                if (found.add(link.child())) {
                    due.add(link.child());
                }
            }
        }
        return found;
    }

    /** Those that begin in a table. */
    public List<Link> from(Table child) {
        return all.stream().filter(link -> link.child().equals(child)).toList();
    }

    /** References that the backup knows and that can't be followed, in the user's words. */
    public List<String> notes() {
        return List.copyOf(notes);
    }
}
