package io.crmbackup.internal.changes;

import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.KeyCursor;
import io.crmbackup.spi.KeyRange;
import io.crmbackup.spi.RecordChanges;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A table that changes, and tells since when. Subclasses lie. */
class TestTable implements RecordChanges {
    static final RecordSchema SCHEMA = RecordSchema.builder()
            .field("note", FieldType.TEXT)
            .field("list", FieldType.TEXT)
            .field("id", FieldType.INTEGER)
            .key("list", "id")
            .build();

    final TreeMap<RecordKey, List<FieldValue>> rows = new TreeMap<>();
    private final Set<RecordKey> written = new TreeSet<>();
    private final CapturedCollection collection;
    private final Random random = new Random(1);
    /** What it says of removed records before it counts. */
    boolean hint;

    long keysAsked;
    long countsAsked;
    /** The name of the thread that last asked for a count. */
    String counter = "";

    TestTable(CapturedCollection.Order order) {
        collection = new CapturedCollection("member", SCHEMA, order);
    }

    CapturedCollection collection() {
        return collection;
    }

    /** What is written from now on is new. */
    void settle() {
        written.clear();
        keysAsked = 0;
        countsAsked = 0;
    }

    static RecordKey key(String list, long id) {
        return RecordKey.of(SCHEMA, List.of(FieldValue.NULL, FieldValue.text(list), FieldValue.number(id)));
    }

    void put(String list, long id, @Nullable String note) {
        List<FieldValue> values = List.of(FieldValue.text(note), FieldValue.text(list), FieldValue.number(id));
        RecordKey key = RecordKey.of(SCHEMA, values);
        rows.put(key, values);
        written.add(key);
    }

    void remove(RecordKey key) {
        rows.remove(key);
        written.remove(key);
    }

    RecordCursor read() {
        return collection.order() == CapturedCollection.Order.BY_KEY
                ? new Rows(rows.keySet(), rows)
                : new Rows(shuffled(rows.keySet()), rows);
    }

    private List<RecordKey> shuffled(Collection<RecordKey> keys) {
        List<RecordKey> shuffled = new ArrayList<>(keys);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    @Override
    public String method() {
        return "rows written since";
    }

    /** In any order, and some of those that did not change. */
    @Override
    public RecordCursor changed() {
        Set<RecordKey> given = new TreeSet<>(written);
        List<RecordKey> all = new ArrayList<>(rows.keySet());
        for (int i = 0; i < 5 && !all.isEmpty() && random.nextBoolean(); i++) {
            given.add(all.get(random.nextInt(all.size())));
        }
        return new Rows(shuffled(given), rows);
    }

    @Override
    public boolean hasProbablyRemoved() {
        return hint;
    }

    @Override
    public long count() {
        counter = Thread.currentThread().getName();
        return rows.size();
    }

    @Override
    public long[] counts(KeyRange range, List<RecordKey> bounds) {
        requireOrder();
        long[] counts = new long[bounds.size() + 1];
        for (int i = 0; i < counts.length; i++) {
            RecordKey from = i == 0 ? range.from() : bounds.get(i - 1);
            RecordKey to = i == bounds.size() ? range.to() : bounds.get(i);
            if (to != null && !to.fields(SCHEMA).get(1).text().matches("-?[0-9]+")) {
                throw new AssertionError("a bound that is no key");
            }
            counts[i] = rows(new KeyRange(from, to)).size();
        }
        countsAsked += counts.length;
        return counts;
    }

    private NavigableMap<RecordKey, List<FieldValue>> rows(KeyRange range) {
        NavigableMap<RecordKey, List<FieldValue>> from = range.from() == null ? rows : rows.tailMap(range.from(), true);
        return range.to() == null ? from : from.headMap(range.to(), false);
    }

    @Override
    public KeyCursor keys(KeyRange range) {
        if (collection.order() == CapturedCollection.Order.BY_KEY) {
            return keys(rows(range).keySet());
        }
        if (!range.equals(KeyRange.ALL)) {
            requireOrder();
        }
        return keys(shuffled(rows.keySet()));
    }

    private void requireOrder() {
        if (collection.order() != CapturedCollection.Order.BY_KEY) {
            throw new AssertionError("ranges of records without order were asked for");
        }
    }

    KeyCursor keys(Collection<RecordKey> keys) {
        keysAsked += keys.size();
        return new Rows(keys, rows);
    }

    @Override
    public void close() {
        // nothing is open
    }

    /** Rows, or keys alone. */
    static final class Rows implements RecordCursor, KeyCursor {
        private final Iterator<RecordKey> keys;
        private final TreeMap<RecordKey, List<FieldValue>> rows;
        private @Nullable RecordKey key;

        Rows(Collection<RecordKey> keys, TreeMap<RecordKey, List<FieldValue>> rows) {
            this.keys = keys.iterator();
            this.rows = rows;
        }

        @Override
        public boolean next() {
            key = keys.hasNext() ? keys.next() : null;
            return key != null;
        }

        @Override
        public RecordKey key() {
            if (key == null) {
                throw new IllegalStateException("no key");
            }
            return key;
        }

        @Override
        public List<FieldValue> values() {
            return rows.getOrDefault(key(), List.of());
        }

        @Override
        public void close() {
            key = null;
        }
    }
}
