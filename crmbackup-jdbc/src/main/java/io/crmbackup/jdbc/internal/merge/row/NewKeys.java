package io.crmbackup.jdbc.internal.merge.row;

import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.Reference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys that rows get because theirs were taken by other records, and what refers to those rows: it gets the same. Only keys of one column
 * can be changed. Used by one thread at a time.
 */
public final class NewKeys {
    private final Map<String, Map<FieldValue, FieldValue>> byCollection = new HashMap<>();

    public void put(String collection, FieldValue before, FieldValue now) {
        byCollection.computeIfAbsent(collection, c -> new HashMap<>()).put(before, now);
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
            boolean refers = reference.appliesTo(fit.collection().schema(), record);
            if (refers && reference.fields().size() == 1 && !key.equals(reference.fields())) {
                replace(fit, result, reference.fields().get(0), reference.collection());
            }
        }
        return result;
    }

    private void replace(TableFit fit, List<FieldValue> values, String field, String collection) throws IOException {
        int index = fit.indexOfRestored(field);
        Map<FieldValue, FieldValue> replaced = byCollection.getOrDefault(collection, Map.of());
        if (index >= 0 && !replaced.isEmpty()) {
            // Changed keys are whole numbers; fields that refer to them may hold values that bring their own type.
            FieldType type = fit.fields().get(index).type();
            FieldValue now = replaced.get(Values.converted(type, FieldType.INTEGER, values.get(index)));
            if (now != null) {
                values.set(index, Values.converted(FieldType.INTEGER, type, now));
            }
        }
    }
}
