package io.crmbackup.internal.reference;

import io.crmbackup.internal.manifest.CollectionManifest;
import io.crmbackup.internal.record.TreeKeys;
import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.internal.sort.ExternalSorter;
import io.crmbackup.internal.sort.SortedRecords;
import io.crmbackup.internal.tree.TreeEdit;
import io.crmbackup.internal.tree.TreeEditor;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Files of the first walk on their way into the tree of the second, with the directories that they lie in. They have no fingerprint there, so
 * that the next backup reads what is there then. However many there are, they take bounded memory. Not thread-safe; close it in any case.
 */
public final class Rescue implements AutoCloseable {
    private final StoredCollection first;
    private final StoredCollection second;
    private final ExternalSorter contents;
    private final ExternalSorter places;
    private boolean empty = true;

    public Rescue(StoredCollection first, StoredCollection second, Supplier<ExternalSorter> sorters) {
        this.first = first;
        this.second = second;
        this.contents = sorters.get();
        this.places = sorters.get();
    }

    public boolean isEmpty() {
        return empty;
    }

    /** Takes a file as the first walk saw it; false if what the second walk found in its way leaves no place for it. */
    boolean add(RecordKey key, byte[] file) {
        byte[] path = key.bytes();
        for (int i = path.length - 1; i > 0; i--) {
            if (path[i] == 0 && !isSameKind(parent(path, i))) {
                return false;
            }
        }
        put(TreeKeys.place(key), file);
        for (int i = path.length - 1; i > 0; i--) {
            byte[] place = parent(path, i);
            if (path[i] == 0 && find(second, place) == null) {
                byte[] directory = find(first, place);
                if (directory != null) {
                    put(place, directory);
                }
            }
        }
        return true;
    }

    private static byte[] parent(byte[] path, int length) {
        return TreeKeys.place(RecordKey.of(Arrays.copyOf(path, length)));
    }

    /** Whether a directory is no file and no link in the second walk; records of one kind have values in the same fields. */
    private boolean isSameKind(byte[] place) {
        byte[] then = find(first, place);
        byte[] now = find(second, place);
        return then == null || now == null || absent(first, then).equals(absent(second, now));
    }

    private static List<Boolean> absent(StoredCollection collection, byte[] value) {
        return collection.decoder().values(value).stream()
                .map(FieldValue::isNull)
                .toList();
    }

    private static byte @Nullable [] find(StoredCollection collection, byte[] place) {
        return collection.trees().get(collection.manifest().content(), place).orElse(null);
    }

    private void put(byte[] place, byte[] value) {
        contents.add(place, value);
        places.add(place, new byte[0]);
        empty = false;
    }

    /** The second walk's collection with what was rescued. */
    public StoredCollection apply(TreeEditor editor) {
        CollectionManifest before = second.manifest();
        return second.with(new CollectionManifest(
                before.name(),
                before.schema(),
                editor.apply(before.content(), new Edits(contents.sorted(), TreeEdit::put)),
                editor.apply(
                        before.fingerprints(), new Edits(places.sorted(), (place, nothing) -> TreeEdit.remove(place))),
                before.dictionary(),
                before.compression()));
    }

    @Override
    public void close() {
        contents.close();
        places.close();
    }

    /** One edit for each place: directories come once for each of their files. */
    private static final class Edits implements Iterator<TreeEdit> {
        private final SortedRecords records;
        private final BiFunction<byte[], byte[], TreeEdit> edit;
        private boolean found;

        Edits(SortedRecords records, BiFunction<byte[], byte[], TreeEdit> edit) {
            this.records = records;
            this.edit = edit;
            this.found = records.next();
        }

        @Override
        public boolean hasNext() {
            return found;
        }

        @Override
        public TreeEdit next() {
            if (!found) {
                throw new NoSuchElementException();
            }
            byte[] place = records.key();
            TreeEdit next = edit.apply(place, records.value());
            do {
                found = records.next();
            } while (found && Arrays.equals(place, records.key()));
            return next;
        }
    }
}
