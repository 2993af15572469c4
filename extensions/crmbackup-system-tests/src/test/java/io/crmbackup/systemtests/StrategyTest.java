package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.RestorePlan;
import io.crmbackup.Snapshot;
import io.crmbackup.VerifyDepth;
import io.crmbackup.error.IncompleteBackupException;
import io.crmbackup.error.SnapshotNotFoundException;
import io.crmbackup.report.BackupReport;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.report.SnapshotState;
import io.crmbackup.report.StrategyKind;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.Problem;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.SinkObject;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.tck.InMemorySource;
import io.crmbackup.tck.InMemoryTarget;
import io.crmbackup.tck.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrategyTest {
    private static final BackupStrategy INCREMENTAL = BackupStrategy.incremental();

    @TempDir
    private Path work;

    private final InMemorySink sink = new InMemorySink();
    private final InMemorySource files = Crm.files();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private BackupRepository repository;
    private final BackupPlan plan =
            BackupPlan.named("crm").source("files", files).build();

    @BeforeEach
    void create() {
        repository = Crm.on(sink, work).clock(() -> now).create();
        for (int i = 0; i < 20; i++) {
            Crm.file(files, "f" + i, Crm.bytes(i, 10_000));
        }
    }

    @AfterEach
    void close() {
        repository.close();
    }

    @Test
    void firstRunIsFullAndSaysWhy() {
        for (BackupStrategy strategy : List.of(INCREMENTAL, BackupStrategy.differential())) {
            BackupPlan fresh = BackupPlan.named(strategy.kind().name().toLowerCase(Locale.ROOT))
                    .source("files", files)
                    .build();
            BackupReport first = repository.backup(fresh, strategy);
            assertThat(first.strategy()).isEqualTo(StrategyKind.FULL);
            assertThat(first.reason()).isEqualTo("the plan has no snapshot yet");
            assertThat(first.baseSnapshot()).isEmpty();
            BackupReport second = repository.backup(fresh, strategy);
            assertThat(second.strategy()).isEqualTo(strategy.kind());
            assertThat(second.reason()).isEmpty();
            assertThat(second.base()).isEqualTo(first.snapshot());
        }
        assertThat(repository.backup(plan, BackupStrategy.full()).reason()).isEmpty();
    }

    @Test
    void incrementalsFollowTheLatestAndDifferentialsTheLatestFull() {
        BackupReport full = repository.backup(plan);
        Crm.file(files, "f1", Crm.bytes(101, 10_000));
        BackupReport one = repository.backup(plan);
        Crm.file(files, "f2", Crm.bytes(102, 10_000));
        BackupReport two = repository.backup(plan);
        BackupReport differential = repository.backup(plan, BackupStrategy.differential());
        assertThat(one.base()).isEqualTo(full.snapshot());
        assertThat(two.base()).isEqualTo(one.snapshot());
        assertThat(differential.base()).isEqualTo(full.snapshot());
        assertThat(two.bytesRead()).isEqualTo(10_000);
        assertThat(differential.bytesRead()).isEqualTo(20_000);
        assertThat(two.collections().get(0).changed()).isEqualTo(1);
        assertThat(differential.collections().get(0).changed()).isEqualTo(2);
        assertThat(differential.bytesChanged()).isEqualTo(2 * two.bytesChanged());
    }

    @Test
    void fullComesWhenTheLatestIsOldEnough() {
        BackupStrategy weekly = INCREMENTAL.fullAtLeastEvery(Duration.ofDays(7));
        repository.backup(plan, weekly);
        List<StrategyKind> kinds = new ArrayList<>();
        for (int day = 1; day <= 16; day++) {
            now = now.plus(Duration.ofDays(1));
            BackupReport report = repository.backup(plan, weekly);
            kinds.add(report.strategy());
            if (report.strategy() == StrategyKind.FULL) {
                assertThat(report.reason()).isEqualTo("the latest full snapshot is older than PT168H");
            }
        }
        assertThat(kinds.indexOf(StrategyKind.FULL)).isEqualTo(7);
        assertThat(kinds.lastIndexOf(StrategyKind.FULL)).isEqualTo(15);
    }

    @Test
    void fullThatWasDatedFarAheadDoesNotPutOffTheNext() {
        BackupStrategy weekly = INCREMENTAL.fullAtLeastEvery(Duration.ofDays(7));
        Instant right = now;
        now = Instant.parse("2099-01-01T00:00:00Z");
        repository.backup(plan, weekly);
        now = right;
        assertThat(repository.backup(plan, weekly).strategy()).isEqualTo(StrategyKind.FULL);
        now = now.minusSeconds(5);
        assertThat(repository.backup(plan, weekly).strategy())
                .as("a clock that was set back a little costs nothing")
                .isEqualTo(StrategyKind.INCREMENTAL);
    }

    @Test
    void fullTrustsNoFingerprint() throws Exception {
        List<BrokenSource.Row> rows = new ArrayList<>(List.of(lie(Crm.bytes(1, 5_000))));
        BrokenSource lying = new BrokenSource(Crm.FILE, CapturedCollection.Order.BY_KEY, rows);
        BackupPlan plan = BackupPlan.named("lies").source("files", lying).build();
        repository.backup(plan);
        rows.set(0, lie(Crm.bytes(2, 5_000)));
        BackupReport incremental = repository.backup(plan);
        assertThat(incremental.bytesChanged()).isZero();
        assertThat(incremental.bytesRead()).isZero();
        BackupReport full = repository.backup(plan, BackupStrategy.full());
        assertThat(full.bytesRead()).isEqualTo(5_000);
        assertThat(Contents.of(repository, full.snapshot(), "files")).isEqualTo(Contents.of(lying));
        assertThat(Contents.of(repository, incremental.snapshot(), "files")).isNotEqualTo(Contents.of(lying));
    }

    /** A file whose fingerprint is the same whatever it holds. */
    private static BrokenSource.Row lie(byte[] content) {
        return new BrokenSource.Row(RecordKey.path("one"), new byte[] {1}, List.of(FieldValue.of(content)));
    }

    @Test
    void selfContainedFullRestoresWithoutOlderPacks() throws Exception {
        repository.backup(plan);
        List<String> older = packs();
        BackupReport full = repository.backup(plan, BackupStrategy.full().selfContained());
        assertThat(packs()).hasSizeGreaterThan(older.size());
        assertThat(full.bytesStored()).isGreaterThan(200_000);
        for (String pack : older) {
            sink.delete(pack);
        }
        repository.close();
        repository = Crm.on(sink.client(), work).open();
        assertThat(Contents.of(repository, full.snapshot(), "files")).isEqualTo(Contents.of(files));
    }

    @Test
    void fullStoresNothingThatIsStored() {
        repository.backup(plan);
        BackupReport full = repository.backup(plan, BackupStrategy.full());
        assertThat(full.bytesRead()).isEqualTo(200_000);
        assertThat(full.bytesChanged()).isGreaterThan(200_000);
        assertThat(full.bytesStored()).isLessThan(20_000);
    }

    @Test
    void fullDoesNotReadBackWhatItStores() {
        InMemorySource database = Crm.database();
        for (int i = 0; i < 20_000; i++) {
            Crm.contact(database, i, "name " + i);
        }
        long before = sink.count(Operation.Kind.GET);
        BackupReport full =
                repository.backup(BackupPlan.named("db").source("db", database).build());
        assertThat(sink.count(Operation.Kind.GET) - before).isLessThan(10);
        BackupReport none = repository.backup(
                BackupPlan.named("db").source("db", Crm.database()).build());
        assertThat(full.bytesChanged()).isEqualTo(none.sizes().bytesRemoved());
        assertThat(none.collections().get(0).removed()).isEqualTo(20_000);
    }

    @Test
    void storedBytesAreThoseOfTheNewObjects() throws Exception {
        for (int i = 0; i < 3; i++) {
            long before = sink.bytes();
            Crm.file(files, "new" + i, Crm.bytes(1000 + i, 50_000));
            BackupReport report = repository.backup(plan);
            long entry = sink.bytes() - before - report.bytesStored();
            assertThat(entry).as("the log's entry").isBetween(1L, 1000L);
        }
    }

    @Test
    void sourceThatLeavesThePlanCountsAsRemoved() {
        BackupPlan both = BackupPlan.named("both")
                .source("files", files)
                .source("more", files)
                .build();
        BackupReport first = repository.backup(both);
        BackupReport second = repository.backup(
                BackupPlan.named("both").source("files", files).build());
        assertThat(second.bytesChanged()).isZero();
        assertThat(2 * second.sizes().bytesRemoved()).isEqualTo(first.bytesChanged());
    }

    @Test
    void partialSnapshotsAreListedAndPassedOver() {
        BackupReport whole = repository.backup(plan);
        files.unreadable("files", RecordKey.path("f3"));
        now = now.plusSeconds(60);
        IncompleteBackupException failure =
                catchThrowableOfType(IncompleteBackupException.class, () -> repository.backup(plan));
        BackupReport report = failure.report();
        assertThat(report.state()).isEqualTo(SnapshotState.PARTIAL);
        assertThat(report.problemCount()).isEqualTo(1);
        assertThat(report.problems().get(0).kind()).isEqualTo(Problem.Kind.UNREADABLE);
        assertThat(report.records()).isEqualTo(19);
        assertThat(repository.snapshots("crm"))
                .extracting(Snapshot::state)
                .containsExactly(SnapshotState.PARTIAL, SnapshotState.COMPLETE);
        assertThat(repository
                        .restore(RestorePlan.latest("crm")
                                .into("files", InMemoryTarget.empty())
                                .build())
                        .snapshot())
                .isEqualTo(whole.snapshot());
        assertThat(repository
                        .restore(RestorePlan.asOf("crm", Instant.MAX)
                                .into("files", InMemoryTarget.empty())
                                .build())
                        .snapshot())
                .isEqualTo(whole.snapshot());
        assertThat(repository
                        .restore(RestorePlan.snapshot(report.snapshot())
                                .into("files", InMemoryTarget.empty())
                                .build())
                        .written())
                .isEqualTo(19);
    }

    @Test
    void whatCanNeverBeReadDoesNotMakeEveryRunFull() {
        files.unreadable("files", RecordKey.path("f3"));
        for (BackupStrategy strategy : List.of(INCREMENTAL, INCREMENTAL, BackupStrategy.differential())) {
            assertThatThrownBy(() -> repository.backup(plan, strategy)).isInstanceOf(IncompleteBackupException.class);
        }
        assertThat(repository.snapshots("crm"))
                .extracting(Snapshot::strategy)
                .containsExactly(StrategyKind.DIFFERENTIAL, StrategyKind.INCREMENTAL, StrategyKind.FULL);
        assertThatThrownBy(() -> repository.restore(RestorePlan.latest("crm")
                        .into("files", InMemoryTarget.empty())
                        .build()))
                .isInstanceOf(SnapshotNotFoundException.class);
        files.heal();
        BackupReport healed = repository.backup(plan);
        assertThat(healed.state()).isEqualTo(SnapshotState.COMPLETE);
        assertThat(healed.bytesRead()).as("only what was missing").isEqualTo(10_000);
    }

    @Test
    void toleratedProblemsLeaveTheSnapshotComplete() {
        Crm.file(files, "cache/a.tmp", new byte[10]);
        Crm.file(files, "cache/deep/b.tmp", new byte[10]);
        BackupPlan tolerant = BackupPlan.named("crm")
                .source("files", files)
                .tolerate("files", "**/*.tmp")
                .build();
        files.unstable("files", RecordKey.path("cache/a.tmp"));
        files.unstable("files", RecordKey.path("cache/deep/b.tmp"));
        BackupReport report = repository.backup(tolerant);
        assertThat(report.state()).isEqualTo(SnapshotState.COMPLETE);
        assertThat(report.problemCount()).isEqualTo(2);
        files.unstable("files", RecordKey.path("f1"));
        assertThatThrownBy(() -> repository.backup(tolerant, BackupStrategy.full()))
                .isInstanceOf(IncompleteBackupException.class);
    }

    private List<String> packs() throws IOException {
        List<String> names = new ArrayList<>();
        sink.list("packs/", object -> names.add(object.name()));
        return names;
    }

    /** What can be done to the objects of a snapshot. */
    private enum Harm {
        LOST {
            @Override
            void strike(InMemorySink sink, List<SinkObject> objects) throws IOException {
                for (SinkObject object : objects) {
                    sink.delete(object.name());
                }
            }
        },
        DAMAGED {
            /** Only the smallest one, which of packs is that with the nodes: what nobody reads, nobody finds damaged. */
            @Override
            void strike(InMemorySink sink, List<SinkObject> objects) {
                SinkObject smallest = objects.stream()
                        .min(Comparator.comparingLong(SinkObject::length))
                        .orElseThrow();
                for (long bit = 500; bit < 8 * smallest.length(); bit += 1000) {
                    sink.flip(smallest.name(), bit);
                }
            }
        };

        abstract void strike(InMemorySink sink, List<SinkObject> objects) throws IOException;
    }

    @ParameterizedTest
    @CsvSource({"LOST,packs/", "DAMAGED,packs/", "LOST,snap/", "DAMAGED,snap/"})
    void damageOfTheBaseMakesAFullBackupThatNeedsNothingOfIt(Harm harm, String what) throws IOException {
        SnapshotId base = repository.backup(plan).snapshot();
        List<SinkObject> objects = new ArrayList<>();
        sink.list(what, objects::add);
        harm.strike(sink, objects);
        // Another client, which remembers nothing.
        repository = Crm.on(sink, work).clock(() -> now).open();
        Crm.file(files, "f1", Crm.bytes(101, 10_000));
        BackupReport report = repository.backup(plan);
        assertThat(report.strategy()).isEqualTo(StrategyKind.FULL);
        assertThat(report.reason()).contains(base.hex()).contains("is damaged");
        InMemoryTarget target = InMemoryTarget.empty();
        repository.restore(RestorePlan.snapshot(report.snapshot())
                .into("files", target)
                .verify()
                .build());
        assertThat(repository.backup(plan).strategy()).isEqualTo(StrategyKind.INCREMENTAL);
    }

    @Test
    void fullBackupStoresWhatLostPacksHeld() throws IOException {
        repository.backup(plan);
        List<SinkObject> packs = new ArrayList<>();
        sink.list("packs/", packs::add);
        Harm.LOST.strike(sink, packs);
        repository = Crm.on(sink, work).clock(() -> now).open();
        repository.backup(plan, BackupStrategy.full());
        assertThat(repository.verify(VerifyDepth.allData()).damages())
                .allSatisfy(damage -> assertThat(damage.snapshots()).isEmpty());
    }
}
