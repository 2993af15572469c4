package io.crmbackup.tck;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Source;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A system in the heap that can be captured, for tests: collections of records that are changed between captures, or during them, and that
 * misbehave on demand. Thread-safe. It keeps the rules of {@link Source} in each of its settings.
 */
public final class InMemorySource implements Source {
    private final TreeMap<String, Table> tables = new TreeMap<>();
    private final Map<String, Map<RecordKey, Trouble>> troubles = new HashMap<>();
    private final Set<Setting> settings = ConcurrentHashMap.newKeySet();
    private final AtomicLong valuesRead = new AtomicLong();
    private final AtomicLong keysRead = new AtomicLong();
    private final UUID identity = UUID.randomUUID();
    private final AtomicLong contentsOpened = new AtomicLong();
    private final InstantSource clock;
    private long versions;

    /** An empty system: captures show one moment, records come by key and have no fingerprints. */
    public InMemorySource() {
        this(InstantSource.system());
    }

    /** The same, its captures dated by this clock. */
    public InMemorySource(InstantSource clock) {
        this.clock = clock;
    }

    /** How captures differ from those of the plainest source. */
    public enum Setting {
        /** Records have fingerprints. */
        FINGERPRINTS,
        /** Captures of a moment tell what changed since a former one. */
        CHANGES,
        /** Records come in an order that is not that of their keys. */
        UNSORTED,
        /** Captures show each record as it is when it is read. */
        WINDOW
    }

    /** A record as it is now. */
    record Row(RecordKey key, List<FieldValue> values, long version) {}

    /** What happens when a record is read. */
    enum Trouble {
        UNREADABLE,
        BREAKING_OFF,
        UNSTABLE
    }

    record Table(RecordSchema schema, TreeMap<RecordKey, Row> rows) {
        Table copy() {
            return new Table(schema, new TreeMap<>(rows));
        }
    }

    /** Turns a setting on. */
    public InMemorySource with(Setting setting) {
        settings.add(setting);
        return this;
    }

    /** Adds an empty collection. */
    public synchronized InMemorySource collection(String name, RecordSchema schema) {
        if (tables.putIfAbsent(name, new Table(schema, new TreeMap<>())) != null) {
            throw new IllegalArgumentException("there is a collection " + name + " already");
        }
        return this;
    }

    /**
     * Sets a record: one with the same key is replaced; one without a key is added to those there. Values are bytes in memory, contents too.
     *
     * @throws IllegalArgumentException if there is no such collection, or its records are identified by a path
     */
    public synchronized InMemorySource put(String collection, FieldValue... values) {
        RecordSchema schema = table(collection).schema();
        return switch (schema.keyForm()) {
            case FIELDS -> put(collection, RecordKey.of(schema, List.of(values)), values);
            case NONE -> put(collection, numbered(versions), values);
            case PATH -> throw new IllegalArgumentException("records of " + collection + " need a path");
        };
    }

    /** Sets a record that is identified by a path; one with the same path is replaced. */
    public synchronized InMemorySource put(String collection, RecordKey key, FieldValue... values) {
        Table table = table(collection);
        if (values.length != table.schema().fields().size()) {
            throw new IllegalArgumentException("a record of " + collection + " has "
                    + table.schema().fields().size() + " values, not " + values.length);
        }
        if (Arrays.stream(values).anyMatch(FieldValue::isContent)) {
            throw new IllegalArgumentException("a record in memory needs its contents as bytes");
        }
        table.rows().put(key, new Row(key, List.of(values), versions++));
        return this;
    }

    /** Removes a record if it is there. */
    public synchronized InMemorySource remove(String collection, RecordKey key) {
        table(collection).rows().remove(key);
        return this;
    }

    /** Captures can't read this record: they report it and leave it out. */
    public InMemorySource unreadable(String collection, RecordKey key) {
        return trouble(collection, key, Trouble.UNREADABLE);
    }

    /** Reading this record's values fails. */
    public InMemorySource breakingOff(String collection, RecordKey key) {
        return trouble(collection, key, Trouble.BREAKING_OFF);
    }

    /** Captures find that this record changes while it is read, however often. */
    public InMemorySource unstable(String collection, RecordKey key) {
        return trouble(collection, key, Trouble.UNSTABLE);
    }

    /** All records can be read again. */
    public synchronized InMemorySource heal() {
        troubles.clear();
        return this;
    }

    /** How many records there are. */
    public synchronized int size(String collection) {
        return table(collection).rows().size();
    }

    /** How often values of a record were asked for, in all captures. */
    public long valuesRead() {
        return valuesRead.get();
    }

    /** How many keys were read without their records, to find those that are gone, in all captures. */
    public long keysRead() {
        return keysRead.get();
    }

    /** How often contents were opened, in all captures. */
    public long contentsOpened() {
        return contentsOpened.get();
    }

    @Override
    public Consistency consistency() {
        return is(Setting.WINDOW) ? Consistency.WINDOW : Consistency.MOMENT;
    }

    @Override
    public synchronized Capture capture(CaptureContext context) {
        Instant moment = clock.instant();
        return new InMemoryCapture(this, is(Setting.WINDOW) ? null : copy(), mark(), moment, context);
    }

    /** What a capture of now leaves to recognise changes by: which system it is, and how many changes it has seen. */
    private byte[] mark() {
        return ByteBuffer.allocate(3 * Long.BYTES)
                .putLong(identity.getMostSignificantBits())
                .putLong(identity.getLeastSignificantBits())
                .putLong(versions)
                .array();
    }

    boolean is(Setting setting) {
        return settings.contains(setting);
    }

    /** The values as a cursor gives them: contents are to be opened. */
    List<FieldValue> read(RecordSchema schema, Row row) {
        valuesRead.incrementAndGet();
        List<FieldValue> values = new ArrayList<>(row.values());
        for (int i = 0; i < values.size(); i++) {
            FieldValue value = values.get(i);
            if (schema.fields().get(i).type() == FieldType.CONTENT && !value.isNull()) {
                values.set(i, FieldValue.content(() -> open(value), value.length()));
            }
        }
        return values;
    }

    void keyRead() {
        keysRead.incrementAndGet();
    }

    private InputStream open(FieldValue value) throws IOException {
        contentsOpened.incrementAndGet();
        return value.open();
    }

    synchronized @Nullable Trouble troubleOf(String collection, RecordKey key) {
        return troubles.getOrDefault(collection, Map.of()).get(key);
    }

    synchronized Map<String, Table> copy() {
        Map<String, Table> copy = new TreeMap<>();
        tables.forEach((name, table) -> copy.put(name, table.copy()));
        return copy;
    }

    /** Puts all of these records in at once. */
    synchronized void putAll(Map<String, Table> more) {
        more.forEach((name, table) -> {
            Table here = tables.computeIfAbsent(name, n -> new Table(table.schema(), new TreeMap<>()));
            Collection<Row> rows = table.rows().values();
            for (Row row : rows) {
                RecordKey key = table.schema().isKeyed() ? row.key() : numbered(versions);
                here.rows().put(key, new Row(key, row.values(), versions++));
            }
        });
    }

    static RecordKey numbered(long number) {
        return new RecordKey.Builder().addInteger(BigInteger.valueOf(number)).build();
    }

    private synchronized InMemorySource trouble(String collection, RecordKey key, Trouble trouble) {
        troubles.computeIfAbsent(collection, name -> new HashMap<>()).put(key, trouble);
        return this;
    }

    private Table table(String collection) {
        Table table = tables.get(collection);
        if (table == null) {
            throw new IllegalArgumentException("there is no collection " + collection + ", only " + tables.keySet());
        }
        return table;
    }
}
