package io.crmbackup.internal.restore;

import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.record.TreeKeys;
import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.internal.snapshot.StoredSource;
import io.crmbackup.internal.tree.TreeCursor;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Reference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * Follows references between the records of one source. To what a record refers is looked up where the reference names the other's key, else
 * searched for; what refers to a record is always searched for. A step of depth costs at most one pass over each collection, however many
 * references it has. References without a value in one of their fields refer to nothing. Not thread-safe.
 */
final class RecordLinks {
    private final StoredSource source;

    RecordLinks(StoredSource source) {
        this.source = source;
    }

    /** Records whose fields have one of these combinations of values. */
    private record Search(int[] fields, Set<List<String>> wanted) {}

    /** Adds the records that refer to those found, and those that refer to these, until there are no more. */
    void addChildren(RecordPlaces found) {
        RecordPlaces latest = copy(found);
        while (!latest.isEmpty()) {
            latest = children(latest, found);
        }
    }

    private RecordPlaces children(RecordPlaces latest, RecordPlaces found) {
        RecordPlaces next = new RecordPlaces();
        for (StoredCollection child : source.collections()) {
            List<Search> searches = new ArrayList<>();
            for (Reference reference : child.schema().references()) {
                source.collection(reference.collection())
                        .map(parent -> values(parent, latest, reference.targetFields()))
                        .flatMap(wanted -> search(child, reference.fields(), wanted))
                        .ifPresent(searches::add);
            }
            run(child, searches, found, next);
        }
        return next;
    }

    /** Adds the records to which those found refer, and those to which these refer, until there are no more. */
    void addParents(RecordPlaces found) {
        RecordPlaces latest = copy(found);
        while (!latest.isEmpty()) {
            latest = parents(latest, found);
        }
    }

    private RecordPlaces parents(RecordPlaces latest, RecordPlaces found) {
        RecordPlaces next = new RecordPlaces();
        Map<String, List<Search>> searches = new LinkedHashMap<>();
        for (StoredCollection child : source.collections()) {
            for (Reference reference : child.schema().references()) {
                StoredCollection parent =
                        source.collection(reference.collection()).orElse(null);
                if (parent != null) {
                    Set<List<String>> wanted = values(child, latest, reference.fields());
                    if (namesKey(reference, parent.schema())) {
                        lookUp(parent, reference, wanted, found, next);
                    } else {
                        search(parent, reference.targetFields(), wanted)
                                .ifPresent(search -> searches.computeIfAbsent(parent.name(), any -> new ArrayList<>())
                                        .add(search));
                    }
                }
            }
        }
        searches.forEach((parent, some) -> run(source.collection(parent).orElseThrow(), some, found, next));
        return next;
    }

    private static RecordPlaces copy(RecordPlaces places) {
        RecordPlaces copy = new RecordPlaces();
        copy.addAll(places);
        return copy;
    }

    /** Whether what a reference names is the key, of types whose values can be looked up. */
    private static boolean namesKey(Reference reference, RecordSchema parent) {
        return parent.keyForm() == RecordSchema.KeyForm.FIELDS
                && new HashSet<>(reference.targetFields()).equals(new HashSet<>(parent.key()))
                && parent.key().stream()
                        .map(field -> parent.fields().get(parent.indexOf(field)).type())
                        .allMatch(type -> type == FieldType.DYNAMIC || Literals.hasExactKeys(type));
    }

    private static void lookUp(
            StoredCollection parent,
            Reference reference,
            Set<List<String>> wanted,
            RecordPlaces found,
            RecordPlaces next) {
        for (List<String> values : wanted) {
            List<String> key = parent.schema().key().stream()
                    .map(field -> values.get(reference.targetFields().indexOf(field)))
                    .toList();
            for (byte[] place : places(parent, key)) {
                add(parent, place, found, next);
            }
        }
    }

    /** The places of the records with this key that are there; none if it can't be looked up. */
    static List<byte[]> places(StoredCollection collection, List<String> key) {
        RecordSchema schema = collection.schema();
        List<List<FieldValue>> candidates = List.of(List.of());
        int[] indexes = schema.keyIndexes();
        for (int i = 0; i < indexes.length; i++) {
            List<List<FieldValue>> longer = new ArrayList<>();
            for (FieldValue value :
                    Literals.keyValues(schema.fields().get(indexes[i]).type(), key.get(i))) {
                for (List<FieldValue> begin : candidates) {
                    List<FieldValue> values = new ArrayList<>(begin);
                    values.add(value);
                    longer.add(values);
                }
            }
            candidates = longer;
        }
        List<byte[]> places = new ArrayList<>();
        for (List<FieldValue> values : candidates) {
            RecordKey.Builder builder = new RecordKey.Builder();
            for (int i = 0; i < indexes.length; i++) {
                builder.add(schema.fields().get(indexes[i]).type(), values.get(i));
            }
            byte[] place = TreeKeys.place(builder.build());
            if (collection.trees().get(collection.manifest().content(), place).isPresent()) {
                places.add(place);
            }
        }
        return places;
    }

    private static Optional<Search> search(StoredCollection collection, List<String> fields, Set<List<String>> wanted) {
        int[] indexes = indexes(collection, fields);
        return wanted.isEmpty() || indexes == null ? Optional.empty() : Optional.of(new Search(indexes, wanted));
    }

    private static void run(StoredCollection collection, List<Search> searches, RecordPlaces found, RecordPlaces next) {
        if (searches.isEmpty()) {
            return;
        }
        TreeCursor cursor = collection.records();
        while (cursor.next()) {
            Interruption.check();
            List<FieldValue> record = collection.decoder().values(cursor.value());
            for (Search search : searches) {
                List<String> values = values(collection, record, search.fields());
                if (values != null && search.wanted().contains(values)) {
                    add(collection, cursor.key(), found, next);
                    break;
                }
            }
        }
    }

    private static void add(StoredCollection collection, byte[] place, RecordPlaces found, RecordPlaces next) {
        if (found.add(collection.name(), place)) {
            next.add(collection.name(), place);
        }
    }

    /** The combinations of values that some records have in some fields. */
    private static Set<List<String>> values(StoredCollection collection, RecordPlaces records, List<String> fields) {
        Set<List<String>> all = new HashSet<>();
        SortedSet<byte[]> some = records.of(collection.name());
        int[] indexes = indexes(collection, fields);
        if (some.isEmpty() || indexes == null) {
            return all;
        }
        SelectedRecords.Places cursor = SelectedRecords.Places.at(collection, some);
        while (cursor.next()) {
            List<String> values = values(collection, collection.decoder().values(cursor.value()), indexes);
            if (values != null) {
                all.add(values);
            }
        }
        return all;
    }

    private static @Nullable List<String> values(StoredCollection collection, List<FieldValue> record, int[] indexes) {
        List<String> values = new ArrayList<>(indexes.length);
        for (int index : indexes) {
            String form = Literals.form(collection.schema().fields().get(index), record.get(index));
            if (form == null) {
                return null;
            }
            values.add(form);
        }
        return values;
    }

    /** The positions of fields, or null if one of them is not there: such a reference refers to nothing. */
    private static int @Nullable [] indexes(StoredCollection collection, List<String> fields) {
        int[] indexes = fields.stream().mapToInt(collection.schema()::indexOf).toArray();
        for (int index : indexes) {
            if (index < 0) {
                return null;
            }
        }
        return indexes;
    }
}
