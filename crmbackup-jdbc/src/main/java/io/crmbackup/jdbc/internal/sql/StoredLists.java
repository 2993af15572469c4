package io.crmbackup.jdbc.internal.sql;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The lists of statements that a capture's attributes hold, as a restore reads them. They were written by whoever made the backup: what is not
 * exactly in their form is told as damage, and nothing is guessed.
 *
 * @param before what is made before rows are written, besides the tables
 * @param after what is made when rows are there
 * @param position where counters stood
 * @param places when each table is made
 * @param damage what can't be read, in words; empty if all can
 */
public record StoredLists(
        List<Entry> before, List<Entry> after, List<Entry> position, List<TablePlace> places, List<String> damage) {
    /** A statement and what it needs. */
    public record Entry(String sql, Needs needs) {}

    public StoredLists {
        before = List.copyOf(before);
        after = List.copyOf(after);
        position = List.copyOf(position);
        places = List.copyOf(places);
        damage = List.copyOf(damage);
    }

    public static StoredLists of(Map<String, String> attributes) {
        List<String> damage = new ArrayList<>();
        List<Entry> before = entries(attributes, "before", damage);
        List<Entry> after = entries(attributes, "after", damage);
        List<Entry> position = entries(attributes, "position", damage);
        return new StoredLists(before, after, position, places(attributes, before.size(), damage), damage);
    }

    private static List<Entry> entries(Map<String, String> attributes, String list, List<String> damage) {
        Statements.stray(attributes, list).ifPresent(name -> damage.add(notInOrder(name)));
        List<Entry> entries = new ArrayList<>();
        for (String sql : Statements.of(attributes, list)) {
            entries.add(new Entry(sql, Needs.of(attributes, list, entries.size())));
        }
        String needs = Needs.list(list);
        Set<String> known = new HashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            known.add(Needs.attribute(list, i));
        }
        attributes.keySet().stream()
                .filter(name -> name.startsWith(needs + ".") && !known.contains(name))
                .sorted()
                .findFirst()
                .ifPresent(name -> damage.add("the backup's attribute " + shown(name) + " belongs to no statement"));
        return entries;
    }

    private static List<TablePlace> places(Map<String, String> attributes, int before, List<String> damage) {
        Statements.stray(attributes, TablePlace.LIST).ifPresent(name -> damage.add(notInOrder(name)));
        List<TablePlace> places = new ArrayList<>();
        Set<String> names = new HashSet<>();
        int least = 0;
        for (String text : Statements.of(attributes, TablePlace.LIST)) {
            Optional<TablePlace> place = TablePlace.parse(text);
            if (place.isEmpty()
                    || place.get().after() < least
                    || place.get().after() > before
                    || !names.add(place.get().needs().name())) {
                damage.add("the backup's attribute " + Statements.name(TablePlace.LIST, places.size())
                        + " doesn't say when a table is made: " + shown(text));
                return places;
            }
            least = place.get().after();
            places.add(place.get());
        }
        return places;
    }

    private static String notInOrder(String attribute) {
        return "the backup's attribute " + shown(attribute) + " doesn't follow on the others of its list";
    }

    /** The beginning of what may be of any length. */
    private static String shown(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() > 100 ? line.substring(0, 100) + " …" : line;
    }
}
