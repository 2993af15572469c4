package io.crmbackup.systemtests;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.Encryption;
import io.crmbackup.report.BackupListener;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.Problem;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Reference;
import io.crmbackup.spi.Source;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.tck.InMemoryTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A repository in memory, a clock to turn, and short ways to make and look at systems in memory. */
final class Lab implements AutoCloseable {
    static final RecordSchema FILES = RecordSchema.builder()
            .field("mode", FieldType.TEXT)
            .field("content", FieldType.CONTENT)
            .pathKey()
            .build();

    private final Path work;
    private Instant now = Instant.parse("2026-03-01T10:00:00Z");
    final InstantSource clock = () -> now;
    final InMemorySink sink = new InMemorySink(clock);
    BackupRepository repository;

    Lab(Path work) {
        this.work = work;
        repository = BackupRepository.on(sink.client())
                .encryption(Encryption.none())
                .workDirectory(work)
                .clock(clock)
                .create();
    }

    /** Turns the clock. */
    Instant turn(Duration by) {
        now = now.plus(by);
        return now;
    }

    /** Another client of what is stored now, on a copy that can be damaged. */
    BackupRepository open(InMemorySink stored) {
        return open(stored, BackupListener.NONE);
    }

    BackupRepository open(InMemorySink stored, BackupListener listener) {
        return BackupRepository.on(stored.client())
                .encryption(Encryption.none())
                .workDirectory(work)
                .clock(clock)
                .listener(listener)
                .open();
    }

    /** Backs up under the plan "crm". */
    SnapshotId backup(Object... namesAndSources) {
        BackupPlan.Builder plan = BackupPlan.named("crm");
        for (int i = 0; i < namesAndSources.length; i += 2) {
            plan.source((String) namesAndSources[i], (Source) namesAndSources[i + 1]);
        }
        return repository.backup(plan.build()).snapshot();
    }

    @Override
    public void close() {
        repository.close();
    }

    static Reference to(String collection, String field, String targetField) {
        return new Reference("", List.of(field), collection, List.of(targetField));
    }

    static Field required(String name, FieldType type) {
        return new Field(name, type, "", Field.Presence.REQUIRED);
    }

    /** Values: null, numbers and text as they are, bytes as bytes. */
    static FieldValue[] values(@Nullable Object... values) {
        return Arrays.stream(values)
                .map(value -> value == null
                        ? FieldValue.NULL
                        : value instanceof byte[] bytes ? FieldValue.of(bytes) : FieldValue.text(value.toString()))
                .toArray(FieldValue[]::new);
    }

    static RecordKey intKey(long number) {
        return new RecordKey.Builder()
                .add(FieldType.INTEGER, FieldValue.number(number))
                .build();
    }

    static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static Map<String, Map<String, String>> content(InMemoryTarget target) throws IOException {
        return content(target.system());
    }

    /** All records of a system as text, by collection and readable key. */
    static Map<String, Map<String, String>> content(Source system) throws IOException {
        Map<String, Map<String, String>> content = new TreeMap<>();
        try (Capture capture = system.capture(new Context())) {
            for (CapturedCollection collection : capture.collections()) {
                Map<String, String> records = new TreeMap<>();
                try (RecordCursor cursor = capture.read(collection.name())) {
                    while (cursor.next()) {
                        StringBuilder text = new StringBuilder();
                        for (FieldValue value : cursor.values()) {
                            text.append(text.isEmpty() ? "" : " ").append(text(value));
                        }
                        if (collection.schema().isKeyed()) {
                            records.put(key(collection.schema(), cursor), text.toString());
                        } else {
                            records.merge(text.toString(), "once", (before, once) -> before + " and " + once);
                        }
                    }
                }
                content.put(collection.name(), records);
            }
        }
        return content;
    }

    private static String key(RecordSchema schema, RecordCursor cursor) throws IOException {
        if (schema.keyForm() == RecordSchema.KeyForm.PATH) {
            return cursor.key().pathText();
        }
        StringBuilder key = new StringBuilder();
        for (int index : schema.keyIndexes()) {
            key.append(key.isEmpty() ? "" : "/").append(text(cursor.values().get(index)));
        }
        return key.toString();
    }

    private static String text(FieldValue value) throws IOException {
        if (value.isNull()) {
            return "null";
        }
        try (InputStream in = value.open()) {
            byte[] bytes = in.readAllBytes();
            return bytes.length > 200
                    ? bytes.length + " bytes " + Arrays.hashCode(bytes)
                    : new String(bytes, StandardCharsets.UTF_8);
        }
    }

    static final class Context implements CaptureContext {
        @Override
        public void problem(Problem problem) {
            throw new AssertionError(problem.toString());
        }

        @Override
        public Path workDirectory() {
            return Path.of("");
        }
    }
}
