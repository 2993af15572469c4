package io.crmbackup.jdbc.internal.merge.row;

import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.Reference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys that rows get because theirs were taken by other records, and what refers to those rows: it gets the same. Only keys of one column
 * can be changed. Used by one thread at a time.
 */
public final class NewKeys {
    private final Map<String, Map<FieldValue, FieldValue>> byCollection = new HashMap<>();

    /** What the keys of collections are called that may have changed. */
    private final Map<String, List<String>> keys = new HashMap<>();

    /** The collections whose keys are those of another one, with that. */
    private final Map<String, String> followed = new HashMap<>();

    public void put(TableFit fit, FieldValue before, FieldValue now) {
        byCollection.computeIfAbsent(fit.name(), name -> new HashMap<>()).put(before, now);
    }

    /**
     * Finds out which tables have the keys of others as their own.
     *
     * @param renewed those whose rows may get new keys
     * @return all of the tables, those after others whose keys follow theirs
     */
    public List<TableFit> follow(List<TableFit> fits, List<TableFit> renewed) {
        renewed.forEach(fit -> keys.put(fit.name(), fit.collection().schema().key()));
        boolean found = !renewed.isEmpty();
        while (found) {
            found = false;
            for (TableFit fit : fits) {
                found |= !followed.containsKey(fit.name()) && follows(fit);
            }
        }
        return fits.stream()
                .sorted(Comparator.comparingInt(fit -> distance(fit.name())))
                .toList();
    }

    private boolean follows(TableFit fit) {
        List<String> key = fit.collection().schema().key();
        for (Reference reference : fit.collection().references()) {
            if (reference.fields().equals(key)
                    && reference.conditions().isEmpty()
                    && leadsToKey(reference)
                    && !leadsTo(reference.collection(), fit.name())) {
                followed.put(fit.name(), reference.collection());
                keys.put(fit.name(), key);
                return true;
            }
        }
        return false;
    }

    private boolean leadsTo(@Nullable String from, String collection) {
        return from != null && (from.equals(collection) || leadsTo(followed.get(from), collection));
    }

    private int distance(String collection) {
        String parent = followed.get(collection);
        return parent == null ? 0 : 1 + distance(parent);
    }

    /** Who refers by another unique value finds that unchanged. */
    private boolean leadsToKey(Reference reference) {
        return reference.targetFields().equals(keys.get(reference.collection()));
    }

    /** The new keys of a collection by the old ones. */
    public Map<FieldValue, FieldValue> of(String collection) {
        return byCollection.getOrDefault(collection, Map.of());
    }

    /**
     * The values of a row with all keys replaced that were changed: its own, and those that it refers to.
     *
     * @param record the row as the backup has it
     * @param values its values for the table's columns
     */
    List<FieldValue> applied(TableFit fit, List<FieldValue> record, List<FieldValue> values) throws IOException {
        if (byCollection.isEmpty()) {
            return values;
        }
        List<FieldValue> result = new ArrayList<>(values);
        List<String> key = fit.collection().schema().key();
        if (key.size() == 1) {
            replace(fit, result, key.get(0), fit.name());
        }
        for (Reference reference : fit.collection().references()) {
            boolean other = leadsToKey(reference) && !reference.fields().equals(key);
            if (other && reference.appliesTo(fit.collection().schema(), record)) {
                replace(fit, result, reference.fields().get(0), reference.collection());
            }
        }
        return result;
    }

    private void replace(TableFit fit, List<FieldValue> values, String field, String collection) throws IOException {
        int index = fit.indexOfRestored(field);
        if (index >= 0 && keys.containsKey(collection)) {
            // Changed keys are whole numbers; fields that refer to them may hold values that bring their own type.
            FieldType type = fit.fields().get(index).type();
            FieldValue value = values.get(index);
            FieldValue before = Values.converted(type, FieldType.INTEGER, value);
            FieldValue now = now(collection, before);
            if (!now.equals(before)) {
                String text = value.text();
                FieldType own = text != null && text.startsWith("t") ? FieldType.TEXT : FieldType.INTEGER;
                values.set(index, Values.converted(own, type, now));
            }
        }
    }

    private FieldValue now(String collection, FieldValue before) {
        String parent = followed.get(collection);
        FieldValue key = parent == null ? before : now(parent, before);
        return of(collection).getOrDefault(key, key);
    }
}
