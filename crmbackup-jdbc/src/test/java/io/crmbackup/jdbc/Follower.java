package io.crmbackup.jdbc;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.CapturedCollection.Order;
import io.crmbackup.spi.ChangeDetection;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.FormerCapture;
import io.crmbackup.spi.KeyCursor;
import io.crmbackup.spi.KeyRange;
import io.crmbackup.spi.MarkCursor;
import io.crmbackup.spi.RecordChanges;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A repository for tests that follows a source by what it says changed, as the engine does, and compares after each step with all that there is at
 * the same moment: a difference fails it.
 */
final class Follower {
    private final Source source;
    private Map<String, Table> tables = new TreeMap<>();
    private Map<String, String> readings = new TreeMap<>();
    private Map<String, Long> taken = new TreeMap<>();

    Follower(Source source) {
        this.source = source;
    }

    /** A table as it was; records by key, or each by what it is and its number among equal ones. */
    private record Table(
            RecordSchema schema,
            String position,
            Map<String, String> attributes,
            TreeMap<RecordKey, String> rows,
            TreeMap<String, byte[]> remembered)
            implements FormerCapture {
        @Override
        public Optional<byte[]> mark(byte[] key) {
            return Optional.ofNullable(remembered.get(HexFormat.of().formatHex(key)));
        }

        @Override
        public long records() {
            return rows.size();
        }

        @Override
        public MarkCursor marks() {
            throw new AssertionError("not needed");
        }
    }

    /** Changes what is remembered of a table. */
    void forge(String table, String mark, Forgery forgery) {
        String key = HexFormat.of().formatHex(mark.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        tables.get(table)
                .remembered()
                .compute(
                        key,
                        (k, value) -> forgery.of(new String(value, java.nio.charset.StandardCharsets.UTF_8))
                                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** What was remembered in another way. */
    @FunctionalInterface
    interface Forgery {
        String of(String mark);
    }

    /** Remembers nothing of what a source would recognise changes by. */
    void forgetMarks() {
        tables.values().forEach(table -> table.remembered().clear());
    }

    /** How each table was read: {@code changes: ...} or {@code all: ...}. */
    Map<String, String> readings() {
        return readings;
    }

    String reading(String table) {
        return readings.get(table);
    }

    /** How many changed records the source gave of a table; 0 if it was read as a whole. */
    long taken(String table) {
        return taken.getOrDefault(table, 0L);
    }

    /** Takes the next step. */
    Follower follow() throws IOException {
        try (Capture capture = Copy.open(source)) {
            follow(capture);
        }
        return this;
    }

    void follow(Capture capture) throws IOException {
        Map<String, Table> now = new TreeMap<>();
        readings = new TreeMap<>();
        taken = new TreeMap<>();
        for (CapturedCollection collection : capture.collections()) {
            TreeMap<RecordKey, String> all = all(capture, collection);
            TreeMap<RecordKey, String> records = changed(capture, collection, all);
            if (!records.equals(all)) {
                throw new AssertionError(collection.name() + " as followed is not what is there: "
                        + difference(records, all) + "; read by " + reading(collection.name()));
            }
            now.put(
                    collection.name(),
                    new Table(
                            collection.schema(),
                            capture.position(),
                            capture.attributes(),
                            all,
                            marks(capture, collection)));
        }
        tables = now;
    }

    private static String difference(SortedMap<RecordKey, String> followed, SortedMap<RecordKey, String> there) {
        Map<RecordKey, String> missing = new TreeMap<>(there);
        missing.entrySet().removeAll(followed.entrySet());
        Map<RecordKey, String> surplus = new TreeMap<>(followed);
        surplus.entrySet().removeAll(there.entrySet());
        return "missing " + missing + ", surplus " + surplus;
    }

    private static TreeMap<String, byte[]> marks(Capture capture, CapturedCollection collection) throws IOException {
        TreeMap<String, byte[]> marks = new TreeMap<>();
        try (MarkCursor cursor = capture.marks(collection.name())) {
            while (cursor.next()) {
                String key = HexFormat.of().formatHex(cursor.key());
                if (!marks.isEmpty() && marks.lastKey().compareTo(key) >= 0) {
                    throw new AssertionError("marks are not in order");
                }
                marks.put(key, cursor.value());
            }
        }
        return marks;
    }

    private static TreeMap<RecordKey, String> all(Capture capture, CapturedCollection collection) throws IOException {
        TreeMap<RecordKey, String> records = new TreeMap<>();
        try (RecordCursor cursor = capture.read(collection.name())) {
            while (cursor.next()) {
                String text = text(cursor);
                if (collection.schema().isKeyed()) {
                    records.put(cursor.key(), text);
                } else {
                    int number = 0;
                    while (records.putIfAbsent(RecordKey.of((text + "#" + number).getBytes("UTF-8")), text) != null) {
                        number++;
                    }
                }
            }
        }
        return records;
    }

    private static String text(RecordCursor cursor) throws IOException {
        List<String> texts = new ArrayList<>();
        for (FieldValue value : cursor.values()) {
            texts.add(
                    value.isNull()
                            ? "null"
                            : value.isContent()
                                    ? "content of " + value.open().readAllBytes().length
                                    : new String(value.bytes(), "ISO-8859-1"));
        }
        return texts.toString();
    }

    private TreeMap<RecordKey, String> changed(
            Capture capture, CapturedCollection collection, TreeMap<RecordKey, String> all) throws IOException {
        Table former = tables.get(collection.name());
        String reason = former == null
                ? "new"
                : !former.schema().equals(collection.schema())
                        ? "its schema changed"
                        : former.remembered().isEmpty() ? "no marks" : null;
        if (reason == null) {
            ChangeDetection detection = capture.changesSince(collection.name(), former);
            if (detection instanceof ChangeDetection.Found found) {
                try (RecordChanges changes = found.changes()) {
                    readings.put(collection.name(), "changes: " + changes.method());
                    return apply(changes, collection, former, all);
                }
            }
            reason = ((ChangeDetection.ReadAll) detection).reason();
        }
        readings.put(collection.name(), "all: " + reason);
        return all;
    }

    private TreeMap<RecordKey, String> apply(
            RecordChanges changes, CapturedCollection collection, Table former, TreeMap<RecordKey, String> all)
            throws IOException {
        TreeMap<RecordKey, String> records = new TreeMap<>(former.rows());
        TreeMap<RecordKey, String> inserted = new TreeMap<>();
        try (RecordCursor cursor = changes.changed()) {
            while (cursor.next()) {
                if (!collection.schema().isKeyed()) {
                    throw new AssertionError("a changed record without a key");
                }
                if (records.put(cursor.key(), text(cursor)) == null) {
                    inserted.put(cursor.key(), "");
                }
                taken.merge(collection.name(), 1L, Long::sum);
            }
        }
        long count = changes.count();
        if (count != all.size()) {
            throw new AssertionError("counted " + count + " where " + all.size() + " are");
        }
        if (records.size() == count) {
            return records;
        }
        if (collection.order() == Order.BY_KEY) {
            checkCounts(changes, new ArrayList<>(records.keySet()), all);
        }
        TreeMap<RecordKey, String> kept = new TreeMap<>();
        RecordKey last = null;
        try (KeyCursor keys = changes.keys(KeyRange.ALL)) {
            while (keys.next()) {
                if (collection.order() == Order.BY_KEY && last != null && last.compareTo(keys.key()) >= 0) {
                    throw new AssertionError("keys out of order");
                }
                last = keys.key();
                String record = records.get(keys.key());
                if (record != null) {
                    kept.put(keys.key(), record);
                }
            }
        }
        return kept;
    }

    /** Counts in ranges that some of the keys bound, against what is there. */
    private static void checkCounts(RecordChanges changes, List<RecordKey> known, TreeMap<RecordKey, String> all)
            throws IOException {
        List<RecordKey> bounds = new ArrayList<>();
        for (int i = 0; i < known.size(); i += 1 + known.size() / 7) {
            bounds.add(known.get(i));
        }
        for (int from = -1; from < bounds.size(); from += 2) {
            for (int to = from + 1; to <= bounds.size(); to++) {
                @Nullable RecordKey low = from < 0 ? null : bounds.get(from);
                @Nullable RecordKey high = to == bounds.size() ? null : bounds.get(to);
                List<RecordKey> inside = bounds.subList(from + 1, to);
                long[] counts = changes.counts(new KeyRange(low, high), inside);
                if (counts.length != inside.size() + 1) {
                    throw new AssertionError("a count too many or too few");
                }
                for (int i = 0; i < counts.length; i++) {
                    RecordKey begin = i == 0 ? low : inside.get(i - 1);
                    RecordKey end = i == inside.size() ? high : inside.get(i);
                    SortedMap<RecordKey, String> part = begin == null ? all : all.tailMap(begin);
                    long there = (end == null ? part : part.headMap(end)).size();
                    if (counts[i] != there) {
                        throw new AssertionError(
                                "counted " + counts[i] + " from " + begin + " to " + end + ", where " + there + " are");
                    }
                }
            }
        }
    }
}
