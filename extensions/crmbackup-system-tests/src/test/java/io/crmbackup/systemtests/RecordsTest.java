package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.error.SourceException;
import io.crmbackup.report.BackupReport;
import io.crmbackup.report.CollectionReport;
import io.crmbackup.spi.CapturedCollection.Order;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Source;
import io.crmbackup.systemtests.BrokenSource.Row;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.tck.InMemorySource;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records of all sizes and orders, fingerprints, and sources that break their promises. */
class RecordsTest {
    private static final RecordSchema ROW = RecordSchema.builder()
            .field(new Field("id", FieldType.TEXT, "", Field.Presence.REQUIRED))
            .field("value", FieldType.BYTES)
            .field("more", FieldType.BYTES)
            .key("id")
            .build();
    private static final byte[] NONE = new byte[0];

    @TempDir
    private Path work;

    private final InMemorySink sink = new InMemorySink();
    private BackupRepository repository;

    @BeforeEach
    void create() {
        repository = Crm.on(sink, work).create();
    }

    @AfterEach
    void close() {
        repository.close();
    }

    private BackupReport backup(Source source) {
        return backup(source, BackupStrategy.incremental());
    }

    private BackupReport backup(Source source, BackupStrategy strategy) {
        return repository.backup(BackupPlan.named("p").source("db", source).build(), strategy);
    }

    private static Row row(String id, byte[] value) {
        return new Row(
                new RecordKey.Builder().add(FieldType.TEXT, FieldValue.text(id)).build(),
                NONE,
                List.of(FieldValue.text(id), FieldValue.of(value), FieldValue.NULL));
    }

    @Test
    void contentsOfUnchangedRecordsAreNotOpened() {
        for (InMemorySource.Setting order :
                List.of(InMemorySource.Setting.FINGERPRINTS, InMemorySource.Setting.UNSORTED)) {
            InMemorySource files = Crm.files().with(order);
            for (int i = 0; i < 500; i++) {
                Crm.file(files, "f" + i, Crm.bytes(i, 10));
            }
            backup(files, BackupStrategy.full());
            Crm.file(files, "f77", Crm.bytes(1, 20));
            Crm.file(files, "new", Crm.bytes(2, 20));
            files.remove("files", RecordKey.path("f3"));
            long opened = files.contentsOpened();
            BackupReport report = backup(files);
            assertThat(files.contentsOpened() - opened).as("%s", order).isEqualTo(2);
            assertThat(report.bytesRead()).isEqualTo(40);
        }
    }

    @Test
    void unsortedSourceFindsItsRecordsInALargeBase() {
        InMemorySource database =
                Crm.database().with(InMemorySource.Setting.FINGERPRINTS).with(InMemorySource.Setting.UNSORTED);
        for (int i = 0; i < 6_000; i++) {
            Crm.contact(database, i, "contact " + i);
        }
        backup(database);
        long read = database.valuesRead();
        Crm.contact(database, 5, "changed");
        assertThat(backup(database).bytesChanged()).isLessThan(100);
        assertThat(database.valuesRead() - read).isEqualTo(1);
    }

    @Test
    void recordsOfAnotherSchemaAreReadAgain() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Row row = row("r" + i, new byte[i]);
            rows.add(new Row(row.key(), new byte[] {1}, row.values()));
        }
        BrokenSource before = new BrokenSource(ROW, Order.BY_KEY, rows);
        backup(before);
        backup(before);
        assertThat(before.valuesRead).isEqualTo(10);
        RecordSchema renamed = RecordSchema.builder()
                .field(new Field("id", FieldType.TEXT, "", Field.Presence.REQUIRED))
                .field("price", FieldType.BYTES)
                .field("more", FieldType.BYTES)
                .key("id")
                .build();
        BrokenSource after = new BrokenSource(renamed, Order.BY_KEY, rows);
        backup(after);
        assertThat(after.valuesRead).isEqualTo(10);
    }

    @Test
    void longKeysKeepTheirOrderAmongTheirNeighbours() throws Exception {
        List<String> ids = new ArrayList<>();
        Random random = new Random(1);
        for (int length :
                new int[] {1, 980, 985, 986, 987, 988, 989, 990, 991, 1000, 1015, 1020, 1021, 1022, 1100, 5000, 70_000
                }) {
            for (int i = 0; i < 6; i++) {
                ids.add("x".repeat(length) + (char) ('a' + i) + "y".repeat(random.nextInt(5)));
            }
        }
        for (Order order : Order.values()) {
            List<Row> rows = new ArrayList<>();
            for (String id : ids) {
                Row row = row(id, new byte[] {1, 2, 3});
                rows.add(new Row(row.key(), new byte[] {7}, row.values()));
            }
            if (order == Order.BY_KEY) {
                rows.sort(Comparator.comparing(Row::key));
            } else {
                Collections.shuffle(rows, random);
            }
            BrokenSource source = new BrokenSource(ROW, order, rows);
            BackupReport report = backup(source, BackupStrategy.full());
            assertThat(report.records()).isEqualTo(ids.size());
            assertThat(Contents.of(repository, report.snapshot(), "db")).isEqualTo(Contents.of(source));
            int read = source.valuesRead;
            assertThat(backup(source).bytesChanged()).isZero();
            assertThat(source.valuesRead).as("%s", order).isEqualTo(read);
        }
    }

    @Test
    void valueGivenAsBytesOrStreamIsTheSame() throws Exception {
        int[] lengths = {0, 1, 4094, 4095, 4096, 4097, 4098, 65_536, 3_000_000};
        List<Row> inMemory = new ArrayList<>();
        List<Row> streamed = new ArrayList<>();
        for (int length : lengths) {
            byte[] value = Crm.bytes(length, length);
            String id = String.format(Locale.ROOT, "%08d", length);
            Row row = row(id, value);
            inMemory.add(
                    new Row(row.key(), NONE, List.of(row.values().get(0), FieldValue.of(value), FieldValue.of(value))));
            FieldValue known = FieldValue.content(() -> new ByteArrayInputStream(value), length);
            FieldValue unknown = FieldValue.content(() -> new ByteArrayInputStream(value), -1);
            streamed.add(new Row(row.key(), NONE, List.of(row.values().get(0), known, unknown)));
        }
        BrokenSource source = new BrokenSource(ROW, Order.BY_KEY, inMemory);
        BackupReport first = backup(source);
        BackupReport second = backup(new BrokenSource(ROW, Order.BY_KEY, streamed), BackupStrategy.differential());
        assertThat(second.bytesChanged()).isZero();
        assertThat(second.bytesRead()).isEqualTo(first.bytesRead());
        assertThat(Contents.of(repository, second.snapshot(), "db")).isEqualTo(Contents.of(source));
        assertThat(first.bytesChanged())
                .isGreaterThan(2L * Arrays.stream(lengths).sum());
    }

    @Test
    void equalRowsWithoutKeyAreAllKept() throws Exception {
        InMemorySource database = Crm.database();
        Random random = new Random(3);
        for (int i = 0; i < 3000; i++) {
            database.put("event", FieldValue.text("e" + random.nextInt(40)));
        }
        BackupReport report = backup(database);
        assertThat(Contents.of(repository, report.snapshot(), "db")).isEqualTo(Contents.of(database));
        database.put("event", FieldValue.text("e1"));
        CollectionReport events = backup(database).collections().get(1);
        assertThat(List.of(events.added(), events.changed(), events.removed())).containsExactly(1L, 0L, 0L);
    }

    @Test
    void brokenPromisesFailAndNameCollectionAndKey() {
        List<Row> good = List.of(row("a", NONE), row("b", NONE), row("c", NONE));
        assertRefused("b", good.get(0), good.get(1), good.get(1));
        assertRefused("a", good.get(1), good.get(0));
        assertRefused("b", good.get(0), new Row(good.get(1).key(), NONE, List.of(FieldValue.text("b"))));
        assertRefused(
                "b",
                good.get(0),
                new Row(good.get(1).key(), NONE, List.of(FieldValue.NULL, FieldValue.NULL, FieldValue.NULL)));
        assertThatThrownBy(() -> backup(new BrokenSource(ROW, Order.UNSORTED, List.of(good.get(2), good.get(2)))))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("row")
                .hasMessageContaining("c");
        assertThat(repository.snapshots()).isEmpty();
    }

    private void assertRefused(String key, Row... rows) {
        assertThatThrownBy(() -> backup(new BrokenSource(ROW, Order.BY_KEY, List.of(rows))))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("collection row, " + key + ":");
    }

    @Test
    void recordOfAMomentThatCanNotBeReadFailsTheRunAndIsNamed() {
        InMemorySource database = Crm.database();
        Crm.contact(database, 41, "Ada");
        database.breakingOff("contact", Crm.id(41));
        assertThatThrownBy(() -> backup(database))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("collection contact, 41:");
        assertThat(repository.snapshots()).isEmpty();
    }

    @Test
    void recordThatKeepsChangingIsReadThreeTimesAndAgainNextTime() {
        InMemorySource files = Crm.files();
        Crm.file(files, "log", new byte[100]);
        Crm.file(files, "calm", new byte[100]);
        files.unstable("files", RecordKey.path("log"));
        BackupPlan plan =
                BackupPlan.named("p").source("db", files).tolerate("db", "log").build();
        assertThat(repository.backup(plan).bytesRead()).isEqualTo(400);
        files.heal();
        assertThat(repository.backup(plan).bytesRead()).isEqualTo(100);
        assertThat(repository.backup(plan).bytesRead()).isZero();
    }
}
