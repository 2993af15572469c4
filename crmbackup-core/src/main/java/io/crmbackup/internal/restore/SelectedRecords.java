package io.crmbackup.internal.restore;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.record.RecordDecoder;
import io.crmbackup.internal.record.TreeKeys;
import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.internal.sort.ExternalSorter;
import io.crmbackup.internal.tree.TreeCursor;
import io.crmbackup.report.RestorePreview;
import io.crmbackup.spi.EncodedRow;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Reference;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The records of a stored collection that are to be restored: all, or those at some places. */
final class SelectedRecords implements RestoredPart {
    private final StoredCollection collection;
    private final @Nullable SortedMap<byte[], Role> places;
    private final Ties ties;
    private final Gaps gaps;
    private final Supplier<ExternalSorter> sorters;

    private SelectedRecords(
            StoredCollection collection,
            @Nullable SortedMap<byte[], Role> places,
            Ties ties,
            Gaps gaps,
            Supplier<ExternalSorter> sorters) {
        this.collection = collection;
        this.places = places;
        this.ties = ties;
        this.gaps = gaps;
        this.sorters = sorters;
    }

    /** All records; few are ever sorted, those with very long keys. */
    static SelectedRecords all(StoredCollection collection, Ties ties, Supplier<ExternalSorter> sorters) {
        return new SelectedRecords(collection, null, ties, Gaps.NONE, sorters);
    }

    /** Those at some places. */
    static SelectedRecords at(
            StoredCollection collection, SortedMap<byte[], Role> places, Ties ties, Supplier<ExternalSorter> sorters) {
        return new SelectedRecords(collection, places, ties, Gaps.NONE, sorters);
    }

    /** The same records, of a snapshot that some could not be read for. */
    SelectedRecords withGaps() {
        return new SelectedRecords(collection, places, ties, Gaps.POSSIBLE, sorters);
    }

    StoredCollection stored() {
        return collection;
    }

    @Override
    public String name() {
        return collection.name();
    }

    @Override
    public RecordSchema schema() {
        return collection.schema();
    }

    @Override
    public List<Reference> references() {
        return ties.references();
    }

    @Override
    public Map<String, List<Reference>> sourceReferences() {
        return ties.sourceReferences();
    }

    @Override
    public boolean comesAlong(RecordKey key) {
        return places != null && places.get(TreeKeys.place(key)) == Role.PARENT;
    }

    @Override
    public RestorePreview.Part preview(String source) {
        return new RestorePreview.Part(
                source,
                name(),
                records(),
                extent() == Extent.WHOLE,
                records(Role.CHILD),
                records(Role.PARENT),
                records(Role.FILE));
    }

    private long records(Role role) {
        return places == null
                ? 0
                : places.values().stream().filter(role::equals).count();
    }

    @Override
    public Extent extent() {
        return places == null ? Extent.WHOLE : Extent.SELECTED;
    }

    @Override
    public boolean isComplete() {
        return places == null && gaps == Gaps.NONE;
    }

    /** The root of all records; of some, a digest of the root and their places. */
    @Override
    public String identity() {
        String root = String.valueOf(collection.manifest().content());
        if (places == null) {
            return Hashing.sha256().hashString(root, StandardCharsets.UTF_8).toString();
        }
        Hasher hasher = Hashing.sha256().newHasher().putString(root, StandardCharsets.UTF_8);
        places.forEach(
                (place, role) -> hasher.putInt(place.length).putBytes(place).putBoolean(role == Role.PARENT));
        return hasher.hash().toString();
    }

    @Override
    public long records() {
        return places == null ? collection.manifest().content().records() : places.size();
    }

    /** Whether one of them is at a place. */
    boolean has(byte[] place) {
        return places == null
                ? collection.trees().get(collection.manifest().content(), place).isPresent()
                : places.containsKey(place);
    }

    /** Goes through the places and values of the records, in tree order. */
    Places places() {
        return places == null ? Places.all(collection) : Places.at(collection, places.keySet());
    }

    /** Steps from record to record. */
    @FunctionalInterface
    private interface Step {
        boolean next();
    }

    /** A cursor over places and values. */
    static final class Places implements KeyOrder.Entries {
        private final TreeCursor cursor;
        private final Step step;

        private Places(TreeCursor cursor, Step step) {
            this.cursor = cursor;
            this.step = step;
        }

        static Places all(StoredCollection collection) {
            TreeCursor cursor = collection.allRecords();
            return new Places(cursor, cursor::next);
        }

        static Places at(StoredCollection collection, Iterable<byte[]> places) {
            TreeCursor cursor = collection.records();
            Iterator<byte[]> wanted = places.iterator();
            return new Places(cursor, () -> {
                if (!wanted.hasNext()) {
                    return false;
                }
                byte[] place = wanted.next();
                cursor.seek(place);
                if (!cursor.next() || cursor.compareKey(place) != 0) {
                    throw new IllegalStateException("a record that was selected is not there");
                }
                return true;
            });
        }

        @Override
        public boolean next() {
            Interruption.check();
            return step.next();
        }

        @Override
        public byte[] place() {
            return cursor.key();
        }

        @Override
        public byte[] value() {
            return cursor.value();
        }

        @Override
        public boolean mayBeOutOfOrder() {
            return TreeKeys.mayBeOutOfOrder(cursor.keyLength());
        }

        @Override
        public @Nullable EncodedRow rowAtHand(RecordDecoder decoder) {
            return cursor.value(decoder::rowAtHand);
        }
    }

    @Override
    public RecordCursor open() {
        return KeyOrder.records(places(), collection.decoder(), sorters);
    }
}
