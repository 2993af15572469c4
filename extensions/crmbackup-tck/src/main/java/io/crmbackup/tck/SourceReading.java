package io.crmbackup.tck;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.Problem;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All that a capture delivers, in memory, to be compared. */
record SourceReading(Map<String, String> attributes, Map<String, Collected> collections, List<Problem> problems) {
    /** A collection's records in the order in which they came. */
    record Collected(RecordSchema schema, CapturedCollection.Order order, List<Read> records) {
        List<List<FieldValue>> values() {
            return records.stream().map(Read::values).toList();
        }
    }

    /** A record: no key if it has none; values with contents read. */
    record Read(@Nullable RecordKey key, String fingerprint, List<FieldValue> values, boolean stable) {}

    /** Keeps what a capture reports. */
    record Context(Path workDirectory, List<Problem> problems) implements CaptureContext {
        Context(Path workDirectory) {
            this(workDirectory, new ArrayList<>());
        }

        @Override
        public void problem(Problem problem) {
            problems.add(problem);
        }
    }

    /** The collection with this name, which must be there. */
    Collected collection(String name) {
        Collected found = collections.get(name);
        if (found == null) {
            throw new AssertionError("there is no collection " + name);
        }
        return found;
    }

    static SourceReading of(Source source, Path workDirectory) throws IOException {
        Context context = new Context(workDirectory);
        try (Capture capture = source.capture(context)) {
            return of(capture, context);
        }
    }

    static SourceReading of(Capture capture, Context context) throws IOException {
        Map<String, Collected> collections = new TreeMap<>();
        for (CapturedCollection collection : capture.collections()) {
            Collected before = collections.put(collection.name(), read(capture, collection));
            SinkScratch.expect(before == null, "two collections are called %s", collection.name());
        }
        return new SourceReading(capture.attributes(), collections, List.copyOf(context.problems()));
    }

    static Collected read(Capture capture, CapturedCollection collection) throws IOException {
        List<Read> records = new ArrayList<>();
        try (RecordCursor cursor = capture.read(collection.name())) {
            while (cursor.next()) {
                records.add(read(collection.schema(), cursor));
            }
        }
        return new Collected(collection.schema(), collection.order(), records);
    }

    static Read read(RecordSchema schema, RecordCursor cursor) throws IOException {
        RecordKey key = schema.isKeyed() ? cursor.key() : null;
        String fingerprint = HexFormat.of().formatHex(cursor.fingerprint());
        List<FieldValue> values = inMemory(cursor.values());
        return new Read(key, fingerprint, values, cursor.isStable());
    }

    static List<FieldValue> inMemory(List<FieldValue> values) throws IOException {
        List<FieldValue> read = new ArrayList<>();
        for (FieldValue value : values) {
            if (value.isNull()) {
                read.add(value);
            } else {
                try (InputStream in = value.open()) {
                    read.add(FieldValue.of(in.readAllBytes()));
                }
            }
        }
        return read;
    }

    /** The records without what belongs to one capture: fingerprints and whether they were stable. */
    Map<String, List<List<Object>>> content() {
        Map<String, List<List<Object>>> content = new TreeMap<>();
        collections.forEach((name, collected) -> content.put(
                name,
                collected.records().stream()
                        .map(r -> r.key() == null ? List.<Object>of(r.values()) : List.<Object>of(r.key(), r.values()))
                        .toList()));
        return content;
    }
}
