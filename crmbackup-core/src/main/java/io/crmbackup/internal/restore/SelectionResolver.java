package io.crmbackup.internal.restore;

import io.crmbackup.FileReferences;
import io.crmbackup.Selection;
import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.record.RecordText;
import io.crmbackup.internal.record.TreeKeys;
import io.crmbackup.internal.reference.FilePaths;
import io.crmbackup.internal.reference.ReferenceCheck;
import io.crmbackup.internal.snapshot.Names;
import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.internal.snapshot.StoredSource;
import io.crmbackup.internal.sort.ExternalSorter;
import io.crmbackup.internal.tree.TreeCursor;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Finds the records that selections of one source name: by key, by the values of fields, by path; then the records that refer to these; then
 * those that all of these refer to. Holds the places of what is selected, not the records. Not thread-safe.
 */
final class SelectionResolver {
    private final StoredSource source;
    private final Absent absent;
    private final SourceReferences references;
    private final List<SourceReferences.Link> links;
    private final RecordPlaces selected = new RecordPlaces();
    private final RecordPlaces withFiles = new RecordPlaces();
    private final Set<String> whole = new HashSet<>();
    private final Set<String> dangling = new LinkedHashSet<>();

    /** What becomes of fields and referring collections that are named and not there. */
    private enum Absent {
        REFUSED,
        IGNORED
    }

    SelectionResolver(SourceReferences references) {
        this(references, Absent.REFUSED);
    }

    /** Finds records of a later state than the one that selections are of: what they name may be gone, and no record meets a condition on a field that is. */
    static SelectionResolver later(SourceReferences references) {
        return new SelectionResolver(references, Absent.IGNORED);
    }

    private SelectionResolver(SourceReferences references, Absent absent) {
        this.source = references.source();
        this.absent = absent;
        this.references = references;
        this.links = references.links();
    }

    /** Adds what a selection means; returns the keys that it names and that are not there, in words. */
    Set<String> add(Selection selection) {
        if (selection.collection().isEmpty()) {
            addPaths(selection);
            return Set.of();
        }
        StoredCollection collection = source.named(selection.collection().orElseThrow());
        if (selection.isWholeCollection()) {
            whole.add(collection.name());
            return Set.of();
        }
        return add(collection, selection);
    }

    /** Adds the records of a collection that a selection means; returns the keys that it names and that are not there, in words. */
    Set<String> add(StoredCollection collection, Selection selection) {
        RecordPlaces found = new RecordPlaces();
        Set<String> missing = addRoots(collection, selection, found);
        add(selection, found);
        return missing;
    }

    /** Adds records that were chosen by a selection, and what comes with them. */
    void add(Selection selection, RecordPlaces found) {
        addFamily(selection, found);
        selected.addAll(found);
        if (selection.includesFiles()) {
            withFiles.addAll(found);
        }
    }

    private void addFamily(Selection selection, RecordPlaces found) {
        if (selection.childDepth() > 0) {
            RecordLinks.addChildren(childLinks(selection), selection.childDepth(), found);
        }
        if (selection.parents() != Selection.Parents.NONE) {
            dangling.addAll(RecordLinks.addParents(
                    links.stream()
                            .filter(link -> selection.parents() == Selection.Parents.ALL || link.isRequired())
                            .toList(),
                    found));
        }
    }

    private List<SourceReferences.Link> childLinks(Selection selection) {
        if (selection.children().isEmpty()) {
            return links;
        }
        Set<SourceReferences.Link> some = new LinkedHashSet<>();
        for (Selection.Children wanted : selection.children()) {
            try {
                some.addAll(childLinks(wanted));
            } catch (IllegalArgumentException e) {
                if (absent == Absent.REFUSED) {
                    throw e;
                }
            }
        }
        return List.copyOf(some);
    }

    private List<SourceReferences.Link> childLinks(Selection.Children wanted) {
        StoredCollection child = source.named(wanted.collection());
        Set<String> fields = new HashSet<>();
        wanted.fields()
                .forEach(field -> fields.add(child.schema()
                        .fields()
                        .get(Names.field(child.name(), child.schema(), field))
                        .name()));
        List<SourceReferences.Link> fitting = links.stream()
                .filter(link -> link.child().name().equals(child.name()))
                .filter(link -> fields.isEmpty()
                        || fields.equals(new HashSet<>(link.reference().fields())))
                .toList();
        if (fitting.isEmpty()) {
            throw new IllegalArgumentException("collection " + child.name() + " has no reference"
                    + (fields.isEmpty() ? "" : " by " + wanted.fields())
                    + " that its records could be children by: say it with RecordReferences.from(\""
                    + source.name() + "\", \"" + child.name() + "\")");
        }
        return fitting;
    }

    /** The records that were selected one by one. */
    SortedMap<byte[], Role> places(String collection) {
        return selected.of(collection);
    }

    /** Whether a whole collection was selected. */
    boolean isWhole(String collection) {
        return whole.contains(collection);
    }

    /** The records whose files were asked for. */
    SortedMap<byte[], Role> withFiles(String collection) {
        return withFiles.of(collection);
    }

    /** What is referred to and not there, in words. */
    Set<String> dangling() {
        return dangling;
    }

    /** The paths that records hold whose files were asked for. */
    List<String> files(FileReferences reference) {
        StoredCollection records = source.named(reference.collection());
        int index = Names.field(records.name(), records.schema(), reference.pathField());
        Field field = records.schema().fields().get(index);
        List<String> paths = new ArrayList<>();
        SelectedRecords.Places cursor =
                SelectedRecords.Places.at(records, withFiles.of(records.name()).keySet());
        while (cursor.next()) {
            FieldValue value = records.decoder().values(cursor.value()).get(index);
            String path = RecordText.text(field, value);
            if (path != null && !path.isEmpty()) {
                paths.add(path);
            }
        }
        return paths;
    }

    /** Selects files, with the directories that they lie in, and returns the paths of those that are not there. */
    List<String> addFiles(List<String> paths) {
        StoredCollection files = source.trees().stream()
                .filter(tree -> ReferenceCheck.areFiles(tree.schema()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "source " + source.name() + " has no files that records could refer to"));
        List<String> missing = new ArrayList<>();
        for (String path : paths) {
            RecordKey key = FilePaths.key(path);
            if (key == null || !isThere(files, TreeKeys.place(key))) {
                missing.add(path);
            } else {
                addWithDirectories(files, key, Role.FILE);
            }
        }
        return missing;
    }

    /** What was selected, in the order of the source's collections. */
    List<SelectedRecords> result(Supplier<ExternalSorter> sorters) {
        List<SelectedRecords> result = new ArrayList<>();
        for (StoredCollection collection : source.collections()) {
            SortedMap<byte[], Role> some = selected.of(collection.name());
            Ties ties = references.ties(collection.name());
            if (whole.contains(collection.name())) {
                result.add(SelectedRecords.all(collection, ties, sorters));
            } else if (!some.isEmpty()) {
                result.add(SelectedRecords.at(collection, some, ties, sorters));
            }
        }
        return result;
    }

    private Set<String> addRoots(StoredCollection collection, Selection selection, RecordPlaces found) {
        Set<String> missing = new LinkedHashSet<>();
        for (List<String> key : selection.keys()) {
            if (!addKey(collection, key, found)) {
                missing.add("collection " + collection.name() + " has no record with key " + String.join(", ", key));
            }
        }
        if (absent == Absent.IGNORED && !RecordMatch.fits(collection, selection)) {
            return missing;
        }
        Map<Integer, Predicate<FieldValue>> conditions = RecordMatch.conditions(collection, selection);
        if (!conditions.isEmpty() || selection.keys().isEmpty()) {
            search(collection, conditions, found);
        }
        return missing;
    }

    private boolean addKey(StoredCollection collection, List<String> key, RecordPlaces found) {
        RecordSchema schema = collection.schema();
        List<byte[]> places;
        if (schema.keyForm() == RecordSchema.KeyForm.PATH && key.size() == 1) {
            RecordKey path = FilePaths.key(key.get(0));
            places = path == null || !isThere(collection, TreeKeys.place(path))
                    ? List.of()
                    : List.of(TreeKeys.place(path));
        } else if (schema.keyForm() == RecordSchema.KeyForm.FIELDS
                && schema.key().size() == key.size()) {
            places = KeyLookUp.places(collection, key);
        } else {
            throw new IllegalArgumentException(
                    "the key of collection " + collection.name() + " is " + describeKey(schema) + ", not " + key);
        }
        places.forEach(place -> found.add(collection.name(), place, Role.CHOSEN));
        return !places.isEmpty() || searchKey(collection, key, found);
    }

    private static String describeKey(RecordSchema schema) {
        return switch (schema.keyForm()) {
            case FIELDS -> String.join(", ", schema.key());
            case PATH -> "a path";
            case NONE -> "nothing: its records can be selected by the values of fields";
        };
    }

    /** Searches for keys of which equal values may have other bytes. */
    private static boolean searchKey(StoredCollection collection, List<String> key, RecordPlaces found) {
        Map<Integer, Predicate<FieldValue>> conditions = new TreeMap<>();
        boolean exact = true;
        int[] indexes = collection.schema().keyIndexes();
        for (int i = 0; i < indexes.length; i++) {
            exact &= Literals.hasExactKeys(
                    collection.schema().fields().get(indexes[i]).type());
            conditions.put(indexes[i], RecordMatch.condition(collection, indexes[i], key.get(i)));
        }
        return !exact && search(collection, conditions, found);
    }

    private static boolean search(
            StoredCollection collection, Map<Integer, Predicate<FieldValue>> conditions, RecordPlaces found) {
        boolean any = false;
        TreeCursor cursor = collection.records();
        RecordMatch match = new RecordMatch(collection, conditions);
        while (cursor.next()) {
            Interruption.check();
            if (match.test(cursor.value())) {
                found.add(collection.name(), cursor.key(), Role.CHOSEN);
                any = true;
            }
        }
        return any;
    }

    private void addPaths(Selection selection) {
        if (source.trees().isEmpty()) {
            throw new IllegalArgumentException(
                    "source " + source.name() + " has no paths that could match " + selection.patterns());
        }
        for (StoredCollection files : source.trees()) {
            TreeCursor cursor = files.records();
            while (cursor.next()) {
                Interruption.check();
                RecordKey key = files.decoder().key(cursor.key(), cursor.value());
                if (selection.patterns().stream().anyMatch(glob -> glob.matchesOrCovers(key))) {
                    addWithDirectories(files, key, Role.CHOSEN);
                }
            }
        }
    }

    private void addWithDirectories(StoredCollection files, RecordKey key, Role role) {
        byte[] bytes = key.bytes();
        for (int i = bytes.length; i > 0; i--) {
            if (i == bytes.length || bytes[i] == 0) {
                byte[] place = TreeKeys.place(RecordKey.of(Arrays.copyOf(bytes, i)));
                if (isThere(files, place) && !selected.add(files.name(), place, role)) {
                    return;
                }
            }
        }
    }

    private static boolean isThere(StoredCollection collection, byte[] place) {
        return collection.trees().get(collection.manifest().content(), place).isPresent();
    }
}
