package io.crmbackup.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.Problem;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import io.crmbackup.spi.TargetSession.WriteResult;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads captures and builds records for tests. */
final class Trees {
    private Trees() {}

    /** What a capture context is told. */
    static final class Context implements CaptureContext {
        final List<Problem> problems = new ArrayList<>();
        private final Path work;

        Context() {
            this(Path.of(System.getProperty("java.io.tmpdir")));
        }

        Context(Path work) {
            this.work = work;
        }

        @Override
        public void problem(Problem problem) {
            problems.add(problem);
        }

        @Override
        public Path workDirectory() {
            return work;
        }
    }

    /** A record as it was read: values in memory, contents too. */
    record Read(RecordKey key, byte[] fingerprint, Map<String, FieldValue> values, boolean stable) {
        String path() {
            return key.pathText();
        }

        String text(String field) {
            return String.valueOf(values.get(field).text());
        }
    }

    static List<Read> read(DirectorySource source) throws IOException {
        Context context = new Context();
        List<Read> result = read(source, context);
        if (!context.problems.isEmpty()) {
            throw new AssertionError(context.problems);
        }
        return result;
    }

    static List<Read> read(DirectorySource source, Context context) throws IOException {
        List<Read> result = new ArrayList<>();
        try (Capture capture = source.capture(context);
                RecordCursor cursor = capture.read("files")) {
            while (cursor.next()) {
                byte[] fingerprint = cursor.fingerprint();
                List<FieldValue> values = cursor.values();
                result.add(new Read(cursor.key(), fingerprint, inMemory(values), cursor.isStable()));
            }
        }
        return result;
    }

    static Map<String, FieldValue> inMemory(List<FieldValue> values) throws IOException {
        Map<String, FieldValue> result = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            FieldValue value = values.get(i);
            if (value.isContent()) {
                try (InputStream in = value.open()) {
                    value = FieldValue.of(in.readAllBytes());
                }
            }
            result.put(FileTree.SCHEMA.fields().get(i).name(), value);
        }
        return result;
    }

    /** A record to restore. */
    static Read record(RecordKey key, String... fieldsAndValues) {
        Map<String, FieldValue> values = new LinkedHashMap<>();
        FileTree.SCHEMA.fields().forEach(field -> values.put(field.name(), FieldValue.NULL));
        for (int i = 0; i < fieldsAndValues.length; i += 2) {
            values.put(fieldsAndValues[i], FieldValue.text(fieldsAndValues[i + 1]));
        }
        return new Read(key, new byte[0], values, true);
    }

    static Read file(String path, String content) {
        return record(RecordKey.path(path), "type", "file", "mode", "0644", "content", content);
    }

    static Read directory(String path) {
        return record(RecordKey.path(path), "type", "directory", "mode", "0755");
    }

    static Read link(String path, String target) {
        return record(RecordKey.path(path), "type", "link", "link", target);
    }

    /** Records as a restore gets them. */
    static RestoredCollection collection(List<Read> records) {
        return new RestoredCollection() {
            @Override
            public String name() {
                return "files";
            }

            @Override
            public RecordSchema schema() {
                return FileTree.SCHEMA;
            }

            @Override
            public Extent extent() {
                return Extent.WHOLE;
            }

            @Override
            public long records() {
                return records.size();
            }

            @Override
            public RecordCursor open() {
                return cursor(records.iterator());
            }
        };
    }

    private static RecordCursor cursor(Iterator<Read> records) {
        return new RecordCursor() {
            private Read current;

            @Override
            public boolean next() {
                current = records.hasNext() ? records.next() : null;
                return current != null;
            }

            @Override
            public RecordKey key() {
                return current.key();
            }

            @Override
            public List<FieldValue> values() {
                return List.copyOf(current.values().values());
            }

            @Override
            public void close() {}
        };
    }

    static WriteResult restore(DirectoryTarget target, List<Read> records) throws IOException {
        return restore(target, records, Map.of());
    }

    static List<String> paths(DirectorySource source) throws IOException {
        return read(source).stream().map(Read::path).toList();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A path whose name is any bytes. */
    static Path raw(Path directory, String hex) {
        StringBuilder encoded = new StringBuilder(directory.toUri().toString());
        if (encoded.charAt(encoded.length() - 1) != '/') {
            encoded.append('/');
        }
        for (byte b : HexFormat.of().parseHex(hex)) {
            encoded.append('%').append(HexFormat.of().toHexDigits(b));
        }
        return Path.of(URI.create(encoded.toString()));
    }

    static void assertNothingUnfinished(Path place) throws IOException {
        try (Stream<Path> all = Files.walk(place)) {
            assertThat(all.filter(path -> path.getFileName().toString().contains(".crmbackup-restore-")))
                    .isEmpty();
        }
    }

    static TargetSession open(DirectoryTarget target, List<Read> records) {
        return target.open(Map.of(), List.of(collection(records)));
    }

    static TargetPreview preview(DirectoryTarget target, List<Read> records) throws IOException {
        try (TargetSession session = open(target, records)) {
            return session.preview();
        }
    }

    static WriteResult restore(DirectoryTarget target, List<Read> records, Map<String, String> attributes)
            throws IOException {
        RestoredCollection collection = collection(records);
        try (TargetSession session = target.open(attributes, List.of(collection))) {
            session.begin();
            WriteResult result = session.write(collection);
            session.finish();
            return result;
        }
    }

    static byte[] readAll(FieldValue content) throws IOException {
        try (InputStream in = content.open()) {
            return in.readAllBytes();
        }
    }
}
