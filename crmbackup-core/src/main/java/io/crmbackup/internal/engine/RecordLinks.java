package io.crmbackup.internal.engine;

import io.crmbackup.internal.record.TreeKeys;
import io.crmbackup.internal.tree.TreeCursor;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Reference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows references between the records of one source. To what a record refers is looked up where the reference names the other's key, else
 * searched for; what refers to a record is always searched for, one pass over each referring collection for each step of depth. References
 * without a value in one of their fields refer to nothing. Not thread-safe.
 */
final class RecordLinks {
    private final StoredSource source;

    RecordLinks(StoredSource source) {
        this.source = source;
    }

    /** Adds the records that refer to those found, and those that refer to these, until there are no more. */
    void addChildren(Map<String, SortedSet<byte[]>> found, IntConsumer checkSize) {
        Map<String, SortedSet<byte[]>> latest = copy(found);
        while (!latest.isEmpty()) {
            Map<String, SortedSet<byte[]>> next = new LinkedHashMap<>();
            for (StoredCollection child : source.collections()) {
                for (Reference reference : child.schema().references()) {
                    StoredCollection parent =
                            source.collection(reference.collection()).orElse(null);
                    SortedSet<byte[]> parents = parent == null ? null : latest.get(parent.name());
                    if (parent != null && parents != null && !parents.isEmpty()) {
                        Set<List<String>> wanted = values(parent, parents, reference.targetFields());
                        search(child, reference.fields(), wanted, found, next, checkSize);
                    }
                }
            }
            latest = next;
        }
    }

    /** Adds the records to which those found refer, and those to which these refer, until there are no more. */
    void addParents(Map<String, SortedSet<byte[]>> found, IntConsumer checkSize) {
        Map<String, SortedSet<byte[]>> latest = copy(found);
        while (!latest.isEmpty()) {
            Map<String, SortedSet<byte[]>> next = new LinkedHashMap<>();
            for (Map.Entry<String, SortedSet<byte[]>> records : latest.entrySet()) {
                StoredCollection child = source.collection(records.getKey()).orElseThrow();
                for (Reference reference : child.schema().references()) {
                    StoredCollection parent =
                            source.collection(reference.collection()).orElse(null);
                    if (parent != null) {
                        follow(child, records.getValue(), reference, parent, found, next, checkSize);
                    }
                }
            }
            latest = next;
        }
    }

    private static Map<String, SortedSet<byte[]>> copy(Map<String, SortedSet<byte[]>> found) {
        Map<String, SortedSet<byte[]>> copy = new LinkedHashMap<>();
        found.forEach((collection, places) -> {
            SortedSet<byte[]> own = SelectedRecords.noPlaces();
            own.addAll(places);
            copy.put(collection, own);
        });
        return copy;
    }

    private static void follow(
            StoredCollection child,
            SortedSet<byte[]> records,
            Reference reference,
            StoredCollection parent,
            Map<String, SortedSet<byte[]>> found,
            Map<String, SortedSet<byte[]>> next,
            IntConsumer checkSize) {
        Set<List<String>> wanted = values(child, records, reference.fields());
        RecordSchema schema = parent.schema();
        boolean byKey = schema.keyForm() == RecordSchema.KeyForm.FIELDS
                && new HashSet<>(reference.targetFields()).equals(new HashSet<>(schema.key()));
        if (!byKey) {
            search(parent, reference.targetFields(), wanted, found, next, checkSize);
            return;
        }
        for (List<String> values : wanted) {
            RecordKey.Builder key = new RecordKey.Builder();
            for (String field : schema.key()) {
                int index = schema.indexOf(field);
                String text = values.get(reference.targetFields().indexOf(field));
                key.add(
                        schema.fields().get(index).type(),
                        Literals.value(schema.fields().get(index).type(), text));
            }
            byte[] place = TreeKeys.place(key.build());
            if (parent.trees().get(parent.manifest().content(), place).isPresent()) {
                add(parent.name(), place, found, next, checkSize);
            }
        }
    }

    private static void search(
            StoredCollection collection,
            List<String> fields,
            Set<List<String>> wanted,
            Map<String, SortedSet<byte[]>> found,
            Map<String, SortedSet<byte[]>> next,
            IntConsumer checkSize) {
        if (wanted.isEmpty()) {
            return;
        }
        int[] indexes = fields.stream()
                .mapToInt(field -> Names.field(collection.name(), collection.schema(), field))
                .toArray();
        TreeCursor cursor = collection.records();
        while (cursor.next()) {
            Interruption.check();
            List<String> values = values(collection, cursor.value(), indexes);
            if (values != null && wanted.contains(values)) {
                add(collection.name(), cursor.key(), found, next, checkSize);
            }
        }
    }

    private static void add(
            String collection,
            byte[] place,
            Map<String, SortedSet<byte[]>> found,
            Map<String, SortedSet<byte[]>> next,
            IntConsumer checkSize) {
        SortedSet<byte[]> known = found.computeIfAbsent(collection, any -> SelectedRecords.noPlaces());
        if (known.add(place)) {
            checkSize.accept(known.size());
            next.computeIfAbsent(collection, any -> SelectedRecords.noPlaces()).add(place);
        }
    }

    private static Set<List<String>> values(
            StoredCollection collection, SortedSet<byte[]> places, List<String> fields) {
        int[] indexes = fields.stream()
                .mapToInt(field -> Names.field(collection.name(), collection.schema(), field))
                .toArray();
        Set<List<String>> all = new HashSet<>();
        SelectedRecords.Places cursor = SelectedRecords.at(collection, places).places();
        while (cursor.next()) {
            List<String> values = values(collection, cursor.value(), indexes);
            if (values != null) {
                all.add(values);
            }
        }
        return all;
    }

    private static @Nullable List<String> values(StoredCollection collection, byte[] value, int[] indexes) {
        List<FieldValue> record = collection.decoder().values(value);
        List<String> values = new ArrayList<>(indexes.length);
        for (int index : indexes) {
            String text = RecordText.text(collection.schema().fields().get(index), record.get(index));
            if (text == null) {
                return null;
            }
            values.add(text);
        }
        return values;
    }
}
