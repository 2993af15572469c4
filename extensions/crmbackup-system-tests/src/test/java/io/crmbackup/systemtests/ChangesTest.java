package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.Limits;
import io.crmbackup.error.BackupCancelledException;
import io.crmbackup.error.IncompleteBackupException;
import io.crmbackup.error.SourceException;
import io.crmbackup.internal.manifest.CollectionManifest;
import io.crmbackup.internal.manifest.SourceManifest;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.internal.tree.TreeRoot;
import io.crmbackup.report.BackupReport;
import io.crmbackup.report.CollectionReading;
import io.crmbackup.report.CollectionReport;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.ChangeDetection;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FormerCapture;
import io.crmbackup.spi.MarkCursor;
import io.crmbackup.spi.RecordChanges;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Source;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.tck.InMemorySource;
import io.crmbackup.tck.InMemorySource.Setting;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources that tell what changed are read at the cost of the change, into the very tree that reading everything gives. */
class ChangesTest {
    private static final RecordSchema CONTACT = RecordSchema.builder()
            .field("id", FieldType.INTEGER)
            .field("name", FieldType.TEXT)
            .field("photo", FieldType.BYTES)
            .key("id")
            .build();
    private static final RecordSchema MEMBER = RecordSchema.builder()
            .field("role", FieldType.TEXT)
            .field("list", FieldType.TEXT)
            .field("contact", FieldType.INTEGER)
            .key("list", "contact")
            .build();
    private static final RecordSchema VISIT = RecordSchema.builder()
            .field("page", FieldType.TEXT)
            .field("at", FieldType.TEXT)
            .build();
    private static final String BY_VERSION = "changes: records put since change ";

    @TempDir
    private Path work;

    private final InMemorySink sink = new InMemorySink();
    private final InMemorySource system = new InMemorySource()
            .with(Setting.CHANGES)
            .collection("contact", CONTACT)
            .collection("member", MEMBER)
            .collection("visit", VISIT);
    private BackupRepository repository;

    @BeforeEach
    void create() {
        repository = Crm.on(sink, work).create();
        for (int i = 0; i < 3_000; i++) {
            contact(i, "name " + i);
        }
        for (int i = 0; i < 500; i++) {
            system.put("member", Lab.values("reader", "list " + i % 7, i));
            system.put("visit", Lab.values("page " + i % 13, i % 50));
        }
    }

    @AfterEach
    void close() {
        repository.close();
    }

    private void contact(long id, String name) {
        system.put("contact", Lab.values(id, name, id % 500 == 1 ? Crm.bytes(id, 9_000) : null));
    }

    private BackupReport backup(Source source, BackupStrategy strategy) {
        return repository.backup(BackupPlan.named("crm").source("db", source).build(), strategy);
    }

    private BackupReport backup() {
        return backup(system, BackupStrategy.incremental());
    }

    private static CollectionReport of(BackupReport report, String collection) {
        return report.collections().stream()
                .filter(one -> one.collection().equals(collection))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> readings(BackupReport report) {
        Map<String, String> readings = new TreeMap<>();
        report.collections()
                .forEach(one -> readings.put(one.collection(), one.reading().toString()));
        return readings;
    }

    private Map<String, TreeRoot> roots(SnapshotId snapshot) throws IOException {
        Map<String, TreeRoot> roots = new TreeMap<>();
        for (SourceManifest source : Inside.of(sink).manifest(snapshot).sources()) {
            for (CollectionManifest collection : source.collections()) {
                roots.put(collection.name(), collection.content());
            }
        }
        return roots;
    }

    /** The snapshot is, root for root, what reading everything gives now. */
    private void expectWhole(BackupReport report) throws IOException {
        BackupReport full = repository.backup(
                BackupPlan.named("control").source("db", system).build(), BackupStrategy.full());
        assertThat(roots(report.snapshot())).isEqualTo(roots(full.snapshot()));
    }

    private static RecordKey id(long id) {
        return Lab.intKey(id);
    }

    @Test
    void onlyWhatChangedIsReadAndTheTreeIsThatOfAFullBackup() throws IOException {
        assertThat(readings(backup())).containsValue("all: a full backup").hasSize(3);
        contact(7, "another");
        contact(10_000, "new");
        system.remove("contact", id(1_500));
        long before = system.valuesRead();
        BackupReport report = backup();
        assertThat(system.valuesRead() - before).isEqualTo(2);
        assertThat(readings(report).values()).allMatch(how -> how.startsWith(BY_VERSION));
        CollectionReport contacts = of(report, "contact");
        assertThat(List.of(contacts.added(), contacts.changed(), contacts.removed()))
                .containsExactly(1L, 1L, 1L);
        expectWhole(report);
    }

    @Test
    void differentialsTakeWhatChangedSinceTheFull() throws IOException {
        backup();
        contact(1, "one");
        backup();
        contact(2, "two");
        long before = system.valuesRead();
        BackupReport report = backup(system, BackupStrategy.differential());
        assertThat(system.valuesRead() - before).isEqualTo(2);
        assertThat(of(report, "contact").changed()).isEqualTo(2);
        expectWhole(report);
    }

    @Test
    void fullBackupAsksNothingAndLeavesMarks() throws IOException {
        backup();
        contact(1, "one");
        long before = system.valuesRead();
        BackupReport full = backup(system, BackupStrategy.full());
        assertThat(readings(full)).containsEntry("contact", "all: a full backup");
        assertThat(system.valuesRead() - before).isEqualTo(4_000);
        assertThat(readings(backup()).get("contact")).startsWith(BY_VERSION);
    }

    @Test
    void chainOfChangesStaysTheTreeOfAFullBackup() throws IOException {
        long seed = 11;
        Random random = new Random(seed);
        backup();
        for (int round = 0; round < 10; round++) {
            for (int i = random.nextInt(40); i > 0; i--) {
                contact(random.nextInt(4_000), "changed " + random.nextInt());
                system.remove("contact", id(random.nextInt(4_000)));
            }
            if (round % 4 == 3) {
                int from = random.nextInt(3_000);
                for (int i = 0; i < 800; i++) {
                    system.remove("contact", id(from + i));
                }
            }
            if (round % 3 == 0) {
                system.put("visit", Lab.values("page", random.nextInt(9)));
            }
            BackupReport report = backup();
            assertThat(of(report, "contact").reading().extent()).isEqualTo(CollectionReading.Extent.CHANGES);
            expectWhole(report);
        }
    }

    @Test
    void recordsWithoutKeysAreReadWhereAnyChanged() throws IOException {
        backup();
        assertThat(readings(backup()).get("visit")).startsWith(BY_VERSION);
        system.put("visit", Lab.values("another page", 1));
        BackupReport report = backup();
        assertThat(readings(report))
                .containsEntry("visit", "all: its records changed and have no key")
                .hasEntrySatisfying("contact", how -> assertThat(how).startsWith(BY_VERSION));
        expectWhole(report);
    }

    @Test
    void unsortedRecordsAreReadByTheirChangesToo() throws IOException {
        system.with(Setting.UNSORTED);
        backup();
        contact(7, "another");
        system.remove("contact", id(1_500)).remove("contact", id(0));
        BackupReport report = backup();
        assertThat(of(report, "contact").removed()).isEqualTo(2);
        assertThat(readings(report).get("contact")).startsWith(BY_VERSION);
        expectWhole(report);
    }

    @Test
    void whateverTheBaseCanNotTellIsReadAndTheReasonSaid() throws IOException {
        InMemorySource without = new InMemorySource().collection("contact", CONTACT);
        without.put("contact", Lab.values(1, "one", null));
        backup(without, BackupStrategy.incremental());
        assertThat(readings(backup(without, BackupStrategy.incremental())))
                .containsEntry("contact", "all: the base has nothing to recognise changes by");
        assertThat(readings(backup()))
                .containsEntry("contact", "all: the base has nothing to recognise changes by")
                .containsEntry("visit", "all: the base does not have it");
        InMemorySource other = new InMemorySource().with(Setting.CHANGES).collection("contact", CONTACT);
        other.put("contact", Lab.values(1, "one", null));
        assertThat(readings(backup(other, BackupStrategy.incremental())))
                .containsEntry("contact", "all: it is another system");
        InMemorySource changed = new InMemorySource().with(Setting.CHANGES).collection("contact", MEMBER);
        assertThat(readings(backup(changed, BackupStrategy.incremental())))
                .containsEntry("contact", "all: its schema changed");
        InMemorySource window =
                new InMemorySource().with(Setting.CHANGES).with(Setting.WINDOW).collection("contact", MEMBER);
        backup(window, BackupStrategy.incremental());
        assertThat(readings(backup(window, BackupStrategy.incremental())).get("contact"))
                .startsWith("all: the source shows a window of time");
    }

    @Test
    void sourceThatMiscountsIsReadInFull() throws IOException {
        backup();
        contact(7, "another");
        system.remove("contact", id(1_500));
        Source liar = new WrappedSource(system) {
            @Override
            RecordChanges wrap(RecordChanges changes) {
                return new WrappedChanges(changes) {
                    @Override
                    public long count() throws IOException {
                        return super.count() + 5;
                    }
                };
            }
        };
        BackupReport report = backup(liar, BackupStrategy.incremental());
        assertThat(readings(report).get("contact"))
                .isEqualTo("all: the source counted 3004 records now, where 3000 were and 0 were said to be new");
        expectWhole(report);
        contact(8, "and another");
        assertThat(readings(backup()).get("contact"))
                .as("marks are left all the same")
                .startsWith(BY_VERSION);
    }

    @Test
    void failureWhileChangesAreReadIsOneOfTheSource() throws IOException {
        SnapshotId first = backup().snapshot();
        contact(7, "another");
        system.breakingOff("contact", id(7));
        assertThatThrownBy(this::backup)
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("collection contact, 7");
        Source failing = new WrappedSource(system) {
            @Override
            RecordChanges wrap(RecordChanges changes) {
                return new WrappedChanges(changes) {
                    @Override
                    public long count() throws IOException {
                        throw new IOException("the connection is gone");
                    }
                };
            }
        };
        system.heal();
        assertThatThrownBy(() -> backup(failing, BackupStrategy.incremental()))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("the connection is gone");
        assertThat(repository.snapshots()).singleElement().extracting("id").isEqualTo(first);
    }

    @Test
    void backupThatIsCancelledWhileItsSourceCountsLeavesNothing() throws IOException {
        SnapshotId first = backup().snapshot();
        contact(7, "another");
        Thread runner = Thread.currentThread();
        AtomicBoolean ended = new AtomicBoolean();
        Source slow = new WrappedSource(system) {
            @Override
            RecordChanges wrap(RecordChanges changes) {
                return new WrappedChanges(changes) {
                    @Override
                    public long count() throws IOException {
                        runner.interrupt();
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                            ended.set(true);
                            throw new InterruptedIOException("no longer asked");
                        }
                        return super.count();
                    }
                };
            }
        };
        for (int cores = 1; cores <= 2; cores++) {
            BackupPlan plan = BackupPlan.named("crm")
                    .source("db", slow)
                    .limits(Limits.none().cores(cores))
                    .build();
            ended.set(false);
            assertThatThrownBy(() -> repository.backup(plan, BackupStrategy.incremental()))
                    .isInstanceOf(BackupCancelledException.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(ended).as("the source is not in use any more").isTrue();
        }
        assertThat(repository.snapshots()).singleElement().extracting("id").isEqualTo(first);
        BackupReport next = backup();
        assertThat(readings(next).get("contact")).startsWith(BY_VERSION);
        expectWhole(next);
    }

    @Test
    void nothingIsLeftToRecogniseChangesByWhereSomethingWasNotRead() throws IOException {
        system.unreadable("contact", id(9));
        assertThatThrownBy(this::backup).isInstanceOf(IncompleteBackupException.class);
        system.heal();
        BackupReport report = backup();
        assertThat(readings(report))
                .containsEntry("contact", "all: the base has nothing to recognise changes by")
                .hasEntrySatisfying("member", how -> assertThat(how).startsWith(BY_VERSION));
        expectWhole(report);
    }

    @Test
    void whatCanNotBeReadAmongTheChangesMakesAllBeRead() throws IOException {
        backup();
        contact(9, "changed");
        contact(10_000, "new");
        system.unreadable("contact", id(9)).unreadable("contact", id(10_000));
        assertThatThrownBy(this::backup).isInstanceOfSatisfying(IncompleteBackupException.class, e -> {
            assertThat(e.report().collections().get(0).records()).isEqualTo(2_999);
            assertThat(e.report().problemCount())
                    .as("problems, each counted once")
                    .isEqualTo(2);
            assertThat(readings(e.report()))
                    .containsEntry("contact", "all: something of what changed could not be read");
        });
    }

    @Test
    void marksOutOfOrderOrOfImpossibleLengthsAreRefused() {
        for (List<byte[]> keys : List.of(
                List.of(new byte[] {2}, new byte[] {1}),
                List.of(new byte[] {1}, new byte[] {1}),
                List.of(new byte[0]),
                List.of(new byte[513]))) {
            Source wrong = new WrappedSource(system) {
                @Override
                MarkCursor marks(MarkCursor real) {
                    return new Marks(keys);
                }
            };
            assertThatThrownBy(() -> backup(wrong, BackupStrategy.full()))
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("mark");
        }
    }

    @Test
    void manyMarksAreGivenBackInOrderAndByKey() throws IOException {
        List<byte[]> keys = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            keys.add(new byte[] {(byte) (i >> 8), (byte) i});
        }
        List<byte[]> seen = new ArrayList<>();
        Source marking = new WrappedSource(system) {
            @Override
            MarkCursor marks(MarkCursor real) {
                return new Marks(keys);
            }

            @Override
            ChangeDetection changes(String collection, FormerCapture former) throws IOException {
                if (collection.equals("contact")) {
                    assertThat(former.records()).isEqualTo(3_000);
                    assertThat(former.attributes()).containsEntry("product", "in memory");
                    assertThat(former.mark(keys.get(300))).hasValue(Marks.value(keys.get(300)));
                    assertThat(former.mark(new byte[] {1, 2, 3})).isEmpty();
                    try (MarkCursor marks = former.marks()) {
                        while (marks.next()) {
                            seen.add(marks.key());
                            assertThat(marks.value()).isEqualTo(Marks.value(marks.key()));
                        }
                    }
                }
                return ChangeDetection.readAll("the test wants it");
            }
        };
        backup(marking, BackupStrategy.incremental());
        assertThat(readings(backup(marking, BackupStrategy.incremental())))
                .containsEntry("contact", "all: the test wants it");
        assertThat(seen).usingElementComparator(Arrays::compareUnsigned).containsExactlyElementsOf(keys);
    }

    @Test
    void costIsThatOfTheChange() throws IOException {
        InMemorySource large = new InMemorySource().with(Setting.CHANGES).collection("contact", CONTACT);
        for (int i = 0; i < 100_000; i++) {
            large.put("contact", Lab.values(i, "contact number " + i + ", whose name is not short", null));
        }
        backup(large, BackupStrategy.incremental());
        Set<ChunkCopy> before = Inside.of(sink).copies();
        for (int i = 0; i < 10; i++) {
            large.put("contact", Lab.values(i * 9_001, "changed", null));
        }
        for (int i = 0; i < 5; i++) {
            large.remove("contact", id(7 + i * 17_003));
        }
        long values = large.valuesRead();
        BackupReport report = backup(large, BackupStrategy.incremental());
        assertThat(of(report, "contact").removed()).isEqualTo(5);
        assertThat(report.bytesRead()).isLessThan(200);
        assertThat(large.valuesRead() - values).isEqualTo(10);
        assertThat(large.keysRead()).isBetween(5L, 10_000L);
        Set<ChunkCopy> stored = new HashSet<>(Inside.of(sink).copies());
        stored.removeAll(before);
        assertThat(stored).hasSizeBetween(10, 40);
        assertThat(stored.stream().filter(copy -> copy.base() != null).count())
                .as("stored as what they differ in from the nodes whose place they take")
                .isGreaterThan(stored.size() / 2);
    }
}
