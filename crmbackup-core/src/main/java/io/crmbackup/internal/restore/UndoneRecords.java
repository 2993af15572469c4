package io.crmbackup.internal.restore;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.crmbackup.FileReferences;
import io.crmbackup.internal.diff.CollectionChanges;
import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.record.RecordText;
import io.crmbackup.internal.record.TreeKeys;
import io.crmbackup.internal.snapshot.Names;
import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.internal.sort.ExternalSorter;
import io.crmbackup.internal.tree.TreeParameters;
import io.crmbackup.report.RestorePreview;
import io.crmbackup.spi.ChangeCursor;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The changes between two states of a collection that are to be undone: all, those at some places, or only some fields. They are found anew whenever they are gone
 * through; nothing is held.
 */
final class UndoneRecords implements RestoredPart {
    private final TreeParameters parameters;
    private final StoredCollection before;
    private final @Nullable StoredCollection after;
    private final @Nullable SortedMap<byte[], Role> places;
    private final Ties ties;
    private final Gaps gaps;
    private final Supplier<ExternalSorter> sorters;
    private final int[] counterparts;
    private final Set<Integer> undone;
    private final boolean onlyFields;
    private long added;
    private long changed;
    private long removed;

    /**
     * Creates the changes and counts them.
     *
     * @param before the state to go back to
     * @param after the state with what is to be undone; null if the collection is gone there
     * @param places where to undo changes; null for everywhere
     * @param fields the fields to undo; empty for all, and for records that were added or removed
     * @param gaps whether the state to go back to may lack records that were there: then none is taken for added
     */
    UndoneRecords(
            TreeParameters parameters,
            StoredCollection before,
            @Nullable StoredCollection after,
            @Nullable SortedMap<byte[], Role> places,
            Set<String> fields,
            Ties ties,
            Gaps gaps,
            Supplier<ExternalSorter> sorters) {
        this.gaps = gaps;
        this.parameters = parameters;
        this.before = before;
        this.after = after;
        this.places = places;
        this.ties = ties;
        this.sorters = sorters;
        List<Field> all = before.schema().fields();
        this.counterparts = new int[all.size()];
        this.undone = new HashSet<>();
        this.onlyFields = !fields.isEmpty();
        for (int i = 0; i < counterparts.length; i++) {
            counterparts[i] =
                    after == null ? -1 : after.schema().indexOf(all.get(i).name());
            if (fields.isEmpty() || fields.contains(all.get(i).name())) {
                undone.add(i);
            }
        }
        Changes changes = new Changes();
        while (changes.next()) {
            added += changes.before == null ? 1 : 0;
            removed += changes.after == null ? 1 : 0;
            changed += changes.before != null && changes.after != null ? 1 : 0;
        }
    }

    boolean isEmpty() {
        return added + changed + removed == 0;
    }

    /** What happened, and so is undone, in words. */
    String note() {
        return name() + ": " + added + " added, " + changed + " changed and " + removed
                + " removed since the restore point, to be undone"
                + (onlyFields ? " in " + fieldNames() : "");
    }

    private List<String> fieldNames() {
        return undone.stream()
                .sorted()
                .map(index -> before.schema().fields().get(index).name())
                .toList();
    }

    /** Goes through the changes, in tree order. Its values hold both states of a record. */
    private final class Changes implements KeyOrder.Entries {
        private final CollectionChanges all =
                CollectionChanges.between(parameters, UndoneRecords.this.before, UndoneRecords.this.after);
        private byte @Nullable [] before;
        private byte @Nullable [] after;

        @Override
        public boolean next() {
            while (all.next()) {
                Interruption.check();
                before = all.before();
                after = all.after();
                if ((places == null || places.containsKey(all.place())) && isVisible(before, after)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public byte[] place() {
            return all.place();
        }

        @Override
        public byte[] value() {
            return new Pair(before, after).bytes();
        }
    }

    /** Both states of a record, as one value. */
    private record Pair(byte @Nullable [] before, byte @Nullable [] after) {
        private static final byte BEFORE = 1;
        private static final byte AFTER = 2;

        byte[] bytes() {
            byte[] first = before == null ? new byte[0] : before;
            byte[] second = after == null ? new byte[0] : after;
            return ByteBuffer.allocate(1 + Integer.BYTES + first.length + second.length)
                    .put((byte) ((before == null ? 0 : BEFORE) + (after == null ? 0 : AFTER)))
                    .putInt(first.length)
                    .put(first)
                    .put(second)
                    .array();
        }

        static Pair of(byte[] bytes) {
            int begin = 1 + Integer.BYTES;
            int middle = begin + ByteBuffer.wrap(bytes).getInt(1);
            return new Pair(
                    (bytes[0] & BEFORE) == 0 ? null : Arrays.copyOfRange(bytes, begin, middle),
                    (bytes[0] & AFTER) == 0 ? null : Arrays.copyOfRange(bytes, middle, bytes.length));
        }
    }

    /** The paths that records hold that go back, of those at some places. */
    List<String> paths(FileReferences reference, SortedMap<byte[], Role> some) {
        int index = Names.field(name(), schema(), reference.pathField());
        List<String> paths = new ArrayList<>();
        Changes changes = new Changes();
        while (changes.next()) {
            byte[] was = changes.before;
            if (was != null && some.containsKey(changes.place())) {
                FieldValue value = before.decoder().values(was).get(index);
                String path = RecordText.text(schema().fields().get(index), value);
                if (path != null && !path.isEmpty()) {
                    paths.add(path);
                }
            }
        }
        return paths;
    }

    /** Whether there is something to undo: where fields were added, dropped or not asked for, records may differ in others only. */
    private boolean isVisible(byte @Nullable [] was, byte @Nullable [] is) {
        if (was == null) {
            return !onlyFields && gaps == Gaps.NONE;
        }
        if (is == null || after == null) {
            return !onlyFields;
        }
        List<byte @Nullable []> marks = before.decoder().marks(was);
        List<byte @Nullable []> others = after.decoder().marks(is);
        return undone.stream().anyMatch(index -> !Arrays.equals(marks.get(index), other(others, index)));
    }

    private byte @Nullable [] other(List<byte @Nullable []> marks, int index) {
        return counterparts[index] < 0 ? null : marks.get(counterparts[index]);
    }

    private RecordKey key(byte[] place, byte[] value) {
        Pair pair = Pair.of(value);
        byte[] was = pair.before();
        byte[] is = pair.after();
        return was != null || is == null || after == null
                ? before.decoder().key(place, was == null ? new byte[1] : was)
                : after.decoder().key(place, is);
    }

    @Override
    public Optional<ChangeCursor> changes() {
        return Optional.of(new Cursor(new KeyOrder(new Changes(), this::key, sorters)));
    }

    private final class Cursor implements ChangeCursor {
        private final KeyOrder order;

        Cursor(KeyOrder order) {
            this.order = order;
        }

        @Override
        public boolean next() {
            return order.next();
        }

        @Override
        public RecordKey key() {
            return order.key();
        }

        @Override
        public Optional<List<FieldValue>> before() {
            Pair pair = Pair.of(order.value());
            byte[] was = pair.before();
            if (was == null) {
                return Optional.empty();
            }
            List<FieldValue> values = before.decoder().values(was);
            if (onlyFields) {
                List<FieldValue> now = after().orElse(values);
                List<FieldValue> mixed = new ArrayList<>();
                for (int i = 0; i < values.size(); i++) {
                    mixed.add(undone.contains(i) ? values.get(i) : now.get(i));
                }
                return Optional.of(mixed);
            }
            return Optional.of(values);
        }

        @Override
        public Optional<List<FieldValue>> after() {
            byte[] is = Pair.of(order.value()).after();
            StoredCollection state = after;
            if (is == null || state == null) {
                return Optional.empty();
            }
            List<FieldValue> values = state.decoder().values(is);
            List<FieldValue> mapped = new ArrayList<>();
            for (int counterpart : counterparts) {
                mapped.add(counterpart < 0 ? FieldValue.NULL : values.get(counterpart));
            }
            return Optional.of(mapped);
        }

        @Override
        public void close() {
            order.close();
        }
    }

    /** The records to go back to. */
    @Override
    public RecordCursor open() {
        Cursor cursor = new Cursor(new KeyOrder(new Changes(), this::key, sorters));
        return new RecordCursor() {
            @Override
            public boolean next() {
                while (cursor.next()) {
                    if (cursor.before().isPresent()) {
                        return true;
                    }
                }
                return false;
            }

            @Override
            public RecordKey key() {
                return cursor.key();
            }

            @Override
            public List<FieldValue> values() {
                return cursor.before().orElseThrow();
            }

            @Override
            public void close() {
                cursor.close();
            }
        };
    }

    @Override
    public RestorePreview.Part preview(String source) {
        long along = 0;
        long children = 0;
        if (places != null) {
            Changes changes = new Changes();
            while (changes.next()) {
                Role role = places.get(changes.place());
                along += role == Role.PARENT ? 1 : 0;
                children += role == Role.CHILD ? 1 : 0;
            }
        }
        return new RestorePreview.Part(source, name(), added + changed + removed, false, children, along, 0);
    }

    @Override
    public String name() {
        return before.name();
    }

    @Override
    public RecordSchema schema() {
        return before.schema();
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
    public Extent extent() {
        return Extent.SELECTED;
    }

    @Override
    public boolean comesAlong(RecordKey key) {
        return places != null && places.get(TreeKeys.place(key)) == Role.PARENT;
    }

    @Override
    public long records() {
        return changed + removed;
    }

    @Override
    public String identity() {
        Hasher hasher = Hashing.sha256()
                .newHasher()
                .putString(String.valueOf(before.manifest().content()), StandardCharsets.UTF_8)
                .putString(after == null ? "" : String.valueOf(after.manifest().content()), StandardCharsets.UTF_8)
                .putString(String.valueOf(fieldNames()), StandardCharsets.UTF_8);
        if (places != null) {
            places.keySet().forEach(place -> hasher.putInt(place.length).putBytes(place));
        }
        return hasher.hash().toString();
    }
}
