package io.crmbackup.jdbc;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.CapturedCollection.Order;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.Problem;
import io.crmbackup.spi.RecordCodec;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Reference;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.Source;
import io.crmbackup.spi.Target;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a capture delivered, held in memory: a repository for tests. Records have gone through {@link RecordCodec}. */
record Copy(Map<String, String> attributes, Map<String, Part> parts, Map<String, List<Reference>> told) {
    Copy(Map<String, String> attributes, Map<String, Part> parts) {
        this(attributes, parts, Map.of());
    }

    /** A collection; records in key order, or those without key in the order of their bytes. */
    record Part(RecordSchema schema, Order order, List<List<FieldValue>> rows) {}

    private static final class Context implements CaptureContext {
        @Override
        public void problem(Problem problem) {
            throw new AssertionError(problem.toString());
        }

        @Override
        public Path workDirectory() {
            throw new AssertionError("not needed");
        }
    }

    static Capture open(Source source) throws IOException {
        return source.capture(new Context());
    }

    static Copy of(Source source) throws IOException {
        try (Capture capture = open(source)) {
            return of(capture);
        }
    }

    static Copy of(Capture capture) throws IOException {
        Map<String, Part> parts = new LinkedHashMap<>();
        for (CapturedCollection collection : capture.collections()) {
            parts.put(collection.name(), part(capture, collection));
        }
        return new Copy(capture.attributes(), parts);
    }

    private static Part part(Capture capture, CapturedCollection collection) throws IOException {
        List<Map.Entry<byte[], List<FieldValue>>> rows = new ArrayList<>();
        try (RecordCursor cursor = capture.read(collection.name())) {
            while (cursor.next()) {
                List<byte[]> apart = new ArrayList<>();
                RecordCodec codec = new RecordCodec(collection.schema());
                byte[] encoded = codec.encode(cursor.values(), (field, value) -> {
                    try (InputStream in = value.open()) {
                        apart.add(in.readAllBytes());
                    }
                    byte[] place = new byte[RecordCodec.APART_LENGTH];
                    place[0] = (byte) (apart.size() - 1);
                    return place;
                });
                List<FieldValue> values = new ArrayList<>();
                for (FieldValue value :
                        codec.decode(encoded, 0, encoded.length, (bytes, at) -> FieldValue.of(apart.get(bytes[at])))) {
                    values.add(value);
                }
                byte[] key = collection.schema().isKeyed() ? cursor.key().bytes() : bytes(encoded, apart);
                rows.add(Map.entry(key, values));
            }
        }
        List<Map.Entry<byte[], List<FieldValue>>> sorted = new ArrayList<>(rows);
        sorted.sort(Map.Entry.comparingByKey(Arrays::compareUnsigned));
        if (collection.order() == Order.BY_KEY && !sorted.equals(rows)) {
            throw new AssertionError("not in key order: " + collection.name());
        }
        for (int i = 1; i < sorted.size(); i++) {
            if (collection.schema().isKeyed()
                    && Arrays.equals(sorted.get(i - 1).getKey(), sorted.get(i).getKey())) {
                throw new AssertionError("a key twice: " + collection.name());
            }
        }
        return new Part(
                collection.schema(),
                collection.order(),
                sorted.stream().map(Map.Entry::getValue).toList());
    }

    private static byte[] bytes(byte[] encoded, List<byte[]> apart) {
        int length = encoded.length + apart.stream().mapToInt(a -> a.length).sum();
        byte[] all = Arrays.copyOf(encoded, length);
        int at = encoded.length;
        for (byte[] more : apart) {
            System.arraycopy(more, 0, all, at, more.length);
            at += more.length;
        }
        return all;
    }

    /** Some rows of some tables. */
    Copy only(String table, Predicate<List<FieldValue>> rows) {
        Part part = parts.get(table);
        Map<String, Part> some = new LinkedHashMap<>();
        some.put(
                table,
                new Part(
                        part.schema(),
                        part.order(),
                        part.rows().stream().filter(rows).toList()));
        return new Copy(attributes, some);
    }

    /** Large values as streams that can be opened while the cursor is on the row, as the engine gives them. */
    List<RestoredCollection> collections(RestoredCollection.Extent extent) {
        return parts.entrySet().stream()
                .<RestoredCollection>map(e -> new Restored(e.getKey(), e.getValue(), extent, told))
                .toList();
    }

    /** Restores everything; fails if the preview has a blocker. */
    TargetPreview restore(Target target) throws IOException {
        return restore(target, RestoredCollection.Extent.WHOLE, new ArrayList<>());
    }

    TargetPreview restore(Target target, RestoredCollection.Extent extent, List<TargetSession.WriteResult> results)
            throws IOException {
        List<RestoredCollection> collections = collections(extent);
        try (TargetSession session = target.open(attributes, collections)) {
            TargetPreview preview = session.preview();
            if (!preview.blockers().isEmpty()) {
                throw new AssertionError(preview.blockers().toString());
            }
            session.begin();
            for (RestoredCollection collection : collections) {
                results.add(session.write(collection));
            }
            session.finish();
            return preview;
        }
    }

    TargetPreview preview(Target target) throws IOException {
        try (TargetSession session = target.open(attributes, collections(RestoredCollection.Extent.WHOLE))) {
            return session.preview();
        }
    }

    List<String> texts(String table, String field) {
        Part part = parts.get(table);
        int index = part.schema().indexOf(field);
        return part.rows().stream().map(row -> row.get(index).text()).toList();
    }

    private record Restored(String name, Part part, Extent extent, Map<String, List<Reference>> sourceReferences)
            implements RestoredCollection {
        @Override
        public RecordSchema schema() {
            return part.schema();
        }

        @Override
        public List<Reference> references() {
            List<Reference> all = new ArrayList<>(part.schema().references());
            all.addAll(sourceReferences.getOrDefault(name, List.of()));
            return all;
        }

        @Override
        public long records() {
            return part.rows().size();
        }

        @Override
        public RecordCursor open() {
            return new Cursor(part);
        }
    }

    private static final class Cursor implements RecordCursor {
        private final Part part;
        private int at = -1;

        Cursor(Part part) {
            this.part = part;
        }

        @Override
        public boolean next() {
            return ++at < part.rows().size();
        }

        @Override
        public RecordKey key() {
            return RecordKey.of(part.schema(), values());
        }

        @Override
        public List<FieldValue> values() {
            return part.rows().get(at).stream()
                    .map(value -> value.length() > RecordCodec.LONGEST_INLINE
                            ? FieldValue.content(() -> new ByteArrayInputStream(value.bytes()), value.length())
                            : value)
                    .toList();
        }

        /** Of each second record only, so that rows come in both ways. */
        @Override
        public byte @Nullable [] encodedRow() throws IOException {
            List<FieldValue> values = values();
            return at % 2 == 0 || values.stream().anyMatch(FieldValue::isContent)
                    ? null
                    : new RecordCodec(part.schema()).encode(values, (field, value) -> {
                        throw new AssertionError("nothing lies apart");
                    });
        }

        @Override
        public void close() {}
    }
}
