package io.crmbackup.internal.engine;

import io.crmbackup.FileReferences;
import io.crmbackup.Selection;
import io.crmbackup.error.LimitExceededException;
import io.crmbackup.internal.record.TreeKeys;
import io.crmbackup.internal.tree.TreeCursor;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/**
 * Finds the records that selections of one source name: by key, by the values of fields, by path; then the records that refer to these, to
 * any depth; then those that all of these refer to. Holds the places of what is selected, not the records. Not thread-safe.
 */
final class SelectionResolver {
    /** More records than this are not selected one by one: whole collections are. */
    static final int MOST_RECORDS = 2_000_000;

    private final StoredSource source;
    private final RecordLinks links;
    private final Map<String, SortedSet<byte[]>> places = new LinkedHashMap<>();
    private final Map<String, StoredCollection> whole = new LinkedHashMap<>();
    private int selected;

    SelectionResolver(StoredSource source) {
        this.source = source;
        this.links = new RecordLinks(source);
    }

    void add(Selection selection) {
        if (selection.collection().isEmpty()) {
            addPaths(selection);
            return;
        }
        StoredCollection collection = source.named(selection.collection().orElseThrow());
        if (selection.isWholeCollection()) {
            whole.put(collection.name(), collection);
            return;
        }
        Map<String, SortedSet<byte[]>> found = new LinkedHashMap<>();
        found.put(collection.name(), roots(collection, selection));
        if (selection.includesChildren()) {
            links.addChildren(found, this::checkSize);
        }
        if (selection.includesParents()) {
            links.addParents(found, this::checkSize);
        }
        found.forEach(this::addAll);
    }

    /** The files that the selected records refer to, as paths' keys. */
    List<RecordKey> files(FileReferences reference) {
        List<RecordKey> keys = new ArrayList<>();
        StoredCollection records = source.named(reference.collection());
        SortedSet<byte[]> from = places.get(records.name());
        if (from != null) {
            int path = Names.field(records.name(), records.schema(), reference.pathField());
            SelectedRecords.Places cursor = SelectedRecords.at(records, from).places();
            while (cursor.next()) {
                String text = RecordText.text(
                        records.schema().fields().get(path),
                        records.decoder().values(cursor.value()).get(path));
                RecordKey key = text == null ? null : FilePaths.key(text);
                if (key != null) {
                    keys.add(key);
                }
            }
        }
        return keys;
    }

    /** Selects files by their keys, with the directories that they lie in; those that are not there are passed over. */
    void addFiles(List<RecordKey> keys) {
        for (StoredCollection files : source.collections()) {
            if (files.schema().keyForm() == RecordSchema.KeyForm.PATH) {
                SortedSet<byte[]> found = SelectedRecords.noPlaces();
                keys.forEach(key -> addWithDirectories(files, key, found));
                addAll(files.name(), found);
            }
        }
    }

    /** What was selected, in the order of the source's collections. */
    List<SelectedRecords> result() {
        List<SelectedRecords> result = new ArrayList<>();
        for (StoredCollection collection : source.collections()) {
            SortedSet<byte[]> some = places.get(collection.name());
            if (whole.containsKey(collection.name())) {
                result.add(SelectedRecords.all(collection));
            } else if (some != null && !some.isEmpty()) {
                result.add(SelectedRecords.at(collection, some));
            }
        }
        return result;
    }

    private void addAll(String collection, SortedSet<byte[]> found) {
        SortedSet<byte[]> known = places.computeIfAbsent(collection, any -> SelectedRecords.noPlaces());
        int before = known.size();
        known.addAll(found);
        selected += known.size() - before;
        checkSize(selected);
    }

    private void checkSize(int count) {
        if (count > MOST_RECORDS) {
            throw new LimitExceededException("the selection has more than " + MOST_RECORDS
                    + " records, the most that are selected one by one; select whole collections instead");
        }
    }

    private SortedSet<byte[]> roots(StoredCollection collection, Selection selection) {
        SortedSet<byte[]> found = SelectedRecords.noPlaces();
        for (List<String> key : selection.keys()) {
            byte[] place = place(collection, key);
            if (collection.trees().get(collection.manifest().content(), place).isEmpty()) {
                throw new IllegalArgumentException(
                        "collection " + collection.name() + " has no record with key " + key);
            }
            found.add(place);
        }
        if (!selection.conditions().isEmpty() || selection.keys().isEmpty()) {
            scan(collection, selection, found);
        }
        return found;
    }

    private static byte[] place(StoredCollection collection, List<String> key) {
        RecordSchema schema = collection.schema();
        if (schema.keyForm() == RecordSchema.KeyForm.PATH && key.size() == 1) {
            RecordKey path = FilePaths.key(key.get(0));
            if (path != null) {
                return TreeKeys.place(path);
            }
        }
        if (schema.keyForm() != RecordSchema.KeyForm.FIELDS || schema.key().size() != key.size()) {
            throw new IllegalArgumentException("the key of collection " + collection.name() + " is " + schema.key()
                    + ", so a key can't be " + key);
        }
        RecordKey.Builder builder = new RecordKey.Builder();
        int[] indexes = schema.keyIndexes();
        for (int i = 0; i < indexes.length; i++) {
            FieldType type = schema.fields().get(indexes[i]).type();
            builder.add(type, Literals.value(type, key.get(i)));
        }
        return TreeKeys.place(builder.build());
    }

    private void scan(StoredCollection collection, Selection selection, SortedSet<byte[]> found) {
        RecordSchema schema = collection.schema();
        Map<Integer, String> conditions = new LinkedHashMap<>();
        selection
                .conditions()
                .forEach((field, value) -> conditions.put(Names.field(collection.name(), schema, field), value));
        TreeCursor cursor = collection.records();
        while (cursor.next()) {
            Interruption.check();
            List<FieldValue> values = collection.decoder().values(cursor.value());
            boolean all = conditions.entrySet().stream()
                    .allMatch(condition -> condition
                            .getValue()
                            .equals(RecordText.text(
                                    schema.fields().get(condition.getKey()), values.get(condition.getKey()))));
            if (all) {
                found.add(cursor.key());
                checkSize(found.size());
            }
        }
    }

    private void addPaths(Selection selection) {
        boolean any = false;
        for (StoredCollection files : source.collections()) {
            if (files.schema().keyForm() != RecordSchema.KeyForm.PATH) {
                continue;
            }
            any = true;
            SortedSet<byte[]> found = SelectedRecords.noPlaces();
            TreeCursor cursor = files.records();
            while (cursor.next()) {
                Interruption.check();
                RecordKey key = files.decoder().key(cursor.key(), cursor.value());
                if (selection.patterns().stream().anyMatch(glob -> glob.matchesOrCovers(key))) {
                    addWithDirectories(files, key, found);
                    checkSize(found.size());
                }
            }
            addAll(files.name(), found);
        }
        if (!any) {
            throw new IllegalArgumentException("source " + source.name() + " has no paths: " + selection);
        }
    }

    private static void addWithDirectories(StoredCollection files, RecordKey key, SortedSet<byte[]> found) {
        byte[] bytes = key.bytes();
        for (int i = 1; i <= bytes.length; i++) {
            if (i == bytes.length || bytes[i] == 0) {
                byte[] place = TreeKeys.place(RecordKey.of(Arrays.copyOf(bytes, i)));
                if (!found.contains(place)
                        && files.trees().get(files.manifest().content(), place).isPresent()) {
                    found.add(place);
                }
            }
        }
    }
}
