package io.crmbackup.systemtests;

import io.crmbackup.BackupRepository;
import io.crmbackup.BackupRepositoryBuilder;
import io.crmbackup.Encryption;
import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Sink;
import io.crmbackup.spi.Source;
import io.crmbackup.tck.InMemorySource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A small system in memory for tests: contacts, events without a key, and attachments. */
final class Crm {
    static final RecordSchema CONTACT = RecordSchema.builder()
            .field(new Field("id", FieldType.INTEGER, "BIGINT", Field.Presence.REQUIRED))
            .field("name", FieldType.TEXT)
            .field("file", FieldType.TEXT)
            .field("size", FieldType.INTEGER)
            .field("note", FieldType.TEXT)
            .key("id")
            .build();
    static final RecordSchema EVENT =
            RecordSchema.builder().field("what", FieldType.TEXT).build();
    static final RecordSchema FILE =
            RecordSchema.builder().field("content", FieldType.CONTENT).pathKey().build();

    private Crm() {}

    static InMemorySource database() {
        return new InMemorySource().collection("contact", CONTACT).collection("event", EVENT);
    }

    static InMemorySource files() {
        return new InMemorySource()
                .with(InMemorySource.Setting.WINDOW)
                .with(InMemorySource.Setting.FINGERPRINTS)
                .collection("files", FILE);
    }

    static void contact(InMemorySource database, long id, String name) {
        contact(database, id, name, null, -1);
    }

    static void contact(InMemorySource database, long id, String name, @Nullable String file, long size) {
        database.put(
                "contact",
                FieldValue.number(id),
                FieldValue.text(name),
                FieldValue.text(file),
                size < 0 ? FieldValue.NULL : FieldValue.number(size),
                FieldValue.NULL);
    }

    static void file(InMemorySource files, String path, byte[] content) {
        files.put("files", RecordKey.path(path), FieldValue.of(content));
    }

    static void directory(InMemorySource files, String path) {
        files.put("files", RecordKey.path(path), FieldValue.NULL);
    }

    static RecordKey id(long id) {
        return new RecordKey.Builder()
                .add(FieldType.INTEGER, FieldValue.number(id))
                .build();
    }

    static byte[] bytes(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static BackupRepositoryBuilder on(Sink sink, Path work) {
        return BackupRepository.on(sink).encryption(Encryption.none()).workDirectory(work);
    }

    /** Something that happens while a backup runs. */
    @FunctionalInterface
    interface Event {
        /** Happens. */
        void happen() throws IOException;
    }

    /** The same source, but that something happens just before it is captured. */
    static Source before(Source source, Event event) {
        return new Source() {
            @Override
            public Consistency consistency() {
                return source.consistency();
            }

            @Override
            public Capture capture(CaptureContext context) throws IOException {
                event.happen();
                return source.capture(context);
            }
        };
    }
}
