package io.crmbackup.internal.restore;

import io.crmbackup.Selection;
import io.crmbackup.internal.record.RecordFields;
import io.crmbackup.internal.snapshot.Names;
import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldValue;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Whether records have the values that were asked for. Not thread-safe. */
final class RecordMatch {
    private final RecordFields fields;
    private final Map<Integer, Predicate<FieldValue>> conditions;

    RecordMatch(StoredCollection collection, Map<Integer, Predicate<FieldValue>> conditions) {
        this.fields = collection
                .decoder()
                .fields(conditions.keySet().stream().mapToInt(Integer::intValue).toArray());
        this.conditions = conditions;
    }

    /** What a selection asks of fields, by their positions; throws {@link IllegalArgumentException} if there is no such field. */
    static Map<Integer, Predicate<FieldValue>> conditions(StoredCollection collection, Selection selection) {
        Map<Integer, Predicate<FieldValue>> conditions = new TreeMap<>();
        selection.conditions().forEach((name, value) -> {
            int index = Names.field(collection.name(), collection.schema(), name);
            conditions.merge(index, condition(collection, index, value), Predicate::and);
        });
        selection
                .emptyFields()
                .forEach(name -> conditions.merge(
                        Names.field(collection.name(), collection.schema(), name), FieldValue::isNull, Predicate::and));
        return conditions;
    }

    /** Whether a collection has all fields that a selection asks for. */
    static boolean fits(StoredCollection collection, Selection selection) {
        try {
            conditions(collection, selection);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    static Predicate<FieldValue> condition(StoredCollection collection, int index, String value) {
        Field field = collection.schema().fields().get(index);
        return found -> Literals.matches(field, found, value);
    }

    boolean test(byte[] record) {
        if (conditions.isEmpty()) {
            return true;
        }
        fields.read(record);
        for (Map.Entry<Integer, Predicate<FieldValue>> condition : conditions.entrySet()) {
            if (!condition.getValue().test(fields.value(condition.getKey()))) {
                return false;
            }
        }
        return true;
    }
}
