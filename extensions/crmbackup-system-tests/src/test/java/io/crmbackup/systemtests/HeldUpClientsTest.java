package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.Encryption;
import io.crmbackup.PruneOptions;
import io.crmbackup.RestorePlan;
import io.crmbackup.Snapshot;
import io.crmbackup.VerifyDepth;
import io.crmbackup.error.BackupException;
import io.crmbackup.error.CommitConflictException;
import io.crmbackup.internal.prune.PruneContext;
import io.crmbackup.internal.repository.Inside;
import io.crmbackup.report.BackupReport;
import io.crmbackup.report.CollectionReading;
import io.crmbackup.report.PruneReport;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Sink;
import io.crmbackup.tck.Fault;
import io.crmbackup.tck.Faults;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.tck.InMemorySource;
import io.crmbackup.tck.InMemoryTarget;
import io.crmbackup.tck.Operation;
import io.crmbackup.tck.SimulatedSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that are held up at the worst moment while others expire and prune all that they may, or whose view of the store lags behind. */
class HeldUpClientsTest {
    private static final RecordSchema NOTE = RecordSchema.builder()
            .field("id", FieldType.INTEGER)
            .field("text", FieldType.TEXT)
            .key("id")
            .build();

    /** Deletes at once, but no packs that no entry names: the writer's own. */
    static final PruneOptions SPARING =
            PruneOptions.standard().quarantine(Duration.ZERO).grace(Duration.ofHours(1));

    private static final PruneOptions AT_ONCE = SPARING.grace(Duration.ZERO);
    private static final PruneOptions QUARANTINED = AT_ONCE.quarantine(Duration.ofHours(1));

    @TempDir
    private Path work;

    private Instant now = Instant.parse("2100-01-01T12:00:00Z");
    private final InMemorySink sink = new InMemorySink(() -> now);
    final InMemorySource system = new InMemorySource().collection("note", NOTE).collection("file", Lab.FILES);
    private final Map<SnapshotId, Map<String, Map<String, String>>> states = new HashMap<>();
    /** How the notes were read in the backups that succeeded. */
    final List<CollectionReading> readings = new ArrayList<>();

    BackupRepository others;

    interface Action {
        void run() throws IOException;
    }

    @BeforeEach
    void create() {
        others = BackupRepository.on(sink.client())
                .encryption(Encryption.none())
                .workDirectory(work)
                .clock(() -> now)
                .create();
        fill(1);
    }

    @AfterEach
    void close() {
        others.close();
    }

    private BackupRepository open(Sink on) {
        return BackupRepository.on(on)
                .encryption(Encryption.none())
                .workDirectory(work)
                .clock(() -> now)
                .open();
    }

    /** A client that stops before the first call of a kind, until others are done. */
    BackupRepository heldUp(Predicate<Operation> before, Action meanwhile) {
        boolean[] isReached = {false};
        return open(SimulatedSink.over(sink.client(), operation -> {
            if (!isReached[0] && before.test(operation)) {
                isReached[0] = true;
                try {
                    meanwhile.run();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return Fault.none();
        }));
    }

    static boolean isEntry(Operation operation) {
        return operation.mutates() && operation.name().startsWith("log/");
    }

    static boolean isIndex(Operation operation) {
        return operation.mutates() && operation.name().startsWith("index/");
    }

    void note(int id, String text) {
        system.put("note", FieldValue.number(id), FieldValue.text(text));
    }

    /** How many notes there are. */
    int notes() {
        return 500;
    }

    /** Other texts for all records, and another file, which have nothing in common with those before. */
    void fill(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < notes(); i++) {
            note(i, Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong()));
        }
        // Data, unlike nodes, is in no client's memory once it is stored.
        system.put("file", RecordKey.path("a"), Lab.values("600", Lab.random(6000, seed)));
    }

    SnapshotId backup(BackupRepository repository) throws IOException {
        Map<String, Map<String, String>> state = Lab.content(system);
        BackupReport report = repository.backup(
                BackupPlan.named("crm").source("db", system).build(),
                repository.snapshots().isEmpty() ? BackupStrategy.full() : BackupStrategy.incremental());
        states.put(report.snapshot(), state);
        readings.add(report.collections().get(1).reading());
        return report.snapshot();
    }

    /** Every snapshot that is live restores to what it was; the store holds nothing that another prune would still find. */
    void expectSound(SnapshotId... live) throws IOException {
        others.prune(AT_ONCE).commit();
        try (BackupRepository fresh = open(sink.client())) {
            assertThat(fresh.snapshots()).extracting(Snapshot::id).containsExactlyInAnyOrder(live);
            assertThat(fresh.verify(VerifyDepth.allData()).damages()).isEmpty();
            for (SnapshotId id : live) {
                InMemoryTarget target = InMemoryTarget.empty();
                fresh.restore(RestorePlan.snapshot(id).into("db", target).build());
                assertThat(Lab.content(target)).isEqualTo(states.get(id));
            }
        }
    }

    private Set<String> packs() throws IOException {
        Set<String> names = new TreeSet<>();
        sink.client().list("packs/", object -> names.add(object.name()));
        return names;
    }

    @Test
    void writerWhosePacksWereTakenForOrphansFailsAndCanBeRunAgain() throws Exception {
        SnapshotId first = backup(others);
        fill(2);
        try (BackupRepository writer = heldUp(HeldUpClientsTest::isEntry, () -> {
            PruneReport report = others.prune(AT_ONCE).commit();
            assertThat(report.packsDeleted()).isGreaterThanOrEqualTo(1);
        })) {
            assertThatThrownBy(() -> backup(writer))
                    .isInstanceOf(CommitConflictException.class)
                    .hasMessageContaining("nothing was committed");
            expectSound(first);
            expectSound(first, backup(writer));
        }
    }

    @Test
    void writerWhosePacksAreInQuarantineStoresThemAgain() throws Exception {
        SnapshotId first = backup(others);
        fill(2);
        Set<String> before = packs();
        try (BackupRepository writer = heldUp(HeldUpClientsTest::isEntry, () -> {
            before.addAll(packs());
            PruneReport report = others.prune(QUARANTINED).commit();
            assertThat(report.packsCondemned()).isPositive();
            assertThat(report.packsDeleted()).isZero();
        })) {
            SnapshotId second = backup(writer);
            assertThat(packs()).as("under new names").hasSizeGreaterThan(before.size());
            expectSound(first, second);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void writerThatFoundContentsOfAnExpiredSnapshotDoesNotRelyOnThemOnceTheyAreGivenUp(boolean isGone)
            throws Exception {
        SnapshotId first = backup(others);
        fill(2);
        SnapshotId going = backup(others);
        fill(3);
        SnapshotId last = backup(others);
        others.expire(List.of(going)).commit();
        fill(2);
        PruneOptions options = isGone ? SPARING : SPARING.quarantine(Duration.ofHours(1));
        try (BackupRepository writer = heldUp(
                HeldUpClientsTest::isEntry,
                () -> assertThat(others.prune(options).commit().packsCondemned())
                        .isPositive())) {
            if (isGone) {
                assertThatThrownBy(() -> backup(writer)).isInstanceOf(CommitConflictException.class);
                expectSound(first, last);
            } else {
                expectSound(first, last, backup(writer));
            }
        }
    }

    @Test
    void parentThatExpiresWhileTheWriterRunsIsNotNeeded() throws Exception {
        for (Predicate<Operation> moment :
                List.<Predicate<Operation>>of(HeldUpClientsTest::isIndex, HeldUpClientsTest::isEntry)) {
            fill(moment.hashCode());
            SnapshotId parent = backup(others);
            note(7, "changed " + moment.hashCode());
            try (BackupRepository writer =
                    heldUp(moment, () -> others.expire(List.of(parent)).commit())) {
                SnapshotId next = backup(writer);
                List<SnapshotId> live =
                        others.snapshots().stream().map(Snapshot::id).toList();
                assertThat(live).contains(next).doesNotContain(parent);
                expectSound(live.toArray(SnapshotId[]::new));
            }
        }
    }

    @Test
    void parentThatIsPrunedAwayWhileTheWriterRunsMakesItFail() throws Exception {
        SnapshotId parent = backup(others);
        note(7, "changed");
        try (BackupRepository writer = heldUp(HeldUpClientsTest::isEntry, () -> {
            others.expire(List.of(parent)).commit();
            assertThat(others.prune(SPARING).commit().packsDeleted()).isPositive();
        })) {
            assertThatThrownBy(() -> backup(writer)).isInstanceOf(CommitConflictException.class);
            assertThat(others.snapshots()).isEmpty();
            expectSound(backup(writer));
        }
    }

    /** The deltas that packs in use hold. */
    private static long deltas(BackupRepository repository) {
        PruneContext inside = Inside.of(repository);
        inside.load(inside.log().refresh());
        Set<Object> found = new HashSet<>();
        inside.chunks().forEachCopy(copy -> {
            if (copy.base() != null && inside.log().state().isGood(copy.pack())) {
                found.add(copy);
            }
        });
        return found.size();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void baseThatIsGivenUpWhileTheWriterRunsIsNotBuiltOn(boolean isGone) throws Exception {
        SnapshotId base = backup(others);
        note(7, "changed");
        try (BackupRepository control = open(sink.copy())) {
            backup(control);
            assertThat(deltas(control)).as("stored as a change of the base").isPositive();
        }
        Map<String, Map<String, String>> changed = Lab.content(system);
        SnapshotId[] other = new SnapshotId[1];
        PruneOptions options = isGone ? SPARING : SPARING.quarantine(Duration.ofHours(1));
        // Not before the entry, but while the writer still stores: its view of the log is the old one.
        try (BackupRepository writer = heldUp(HeldUpClientsTest::isIndex, () -> {
            InMemorySource another = new InMemorySource().collection("note", NOTE);
            another.put("note", FieldValue.number(1), FieldValue.text("something else"));
            other[0] = others.backup(
                            BackupPlan.named("crm").source("db", another).build(), BackupStrategy.full())
                    .snapshot();
            states.put(other[0], Lab.content(another));
            others.expire(List.of(base)).commit();
            assertThat(others.prune(options).commit().packsCondemned()).isPositive();
        })) {
            if (isGone) {
                assertThatThrownBy(() -> backup(writer)).isInstanceOf(CommitConflictException.class);
                expectSound(other[0]);
            }
            SnapshotId next = backup(writer);
            assertThat(states.get(next)).isEqualTo(changed);
            expectSound(other[0], next);
        }
    }

    /** So many backups of small changes that a prune stores them together anew. */
    private SnapshotId[] manySmallPacks() throws IOException {
        SnapshotId[] all = new SnapshotId[40];
        for (int i = 0; i < all.length; i++) {
            note(i, "change " + i);
            all[i] = backup(others);
        }
        return all;
    }

    @Test
    void prunerThatMovesChunksSparesWhatACommitReliesOnMeanwhileAndWhatAnExpireDrops() throws Exception {
        SnapshotId[] all = manySmallPacks();
        SnapshotId[] late = new SnapshotId[1];
        try (BackupRepository pruner = heldUp(HeldUpClientsTest::isEntry, () -> {
            // Relies on packs that the entry to come gives up.
            note(0, "change 0 again");
            late[0] = backup(others);
            others.expire(List.of(all[3], all[39])).commit();
        })) {
            PruneReport report = pruner.prune(SPARING).commit();
            assertThat(report.bytesRewritten()).isPositive();
        }
        List<SnapshotId> live = others.snapshots().stream().map(Snapshot::id).toList();
        assertThat(live).hasSize(39).contains(late[0]).doesNotContain(all[3], all[39]);
        expectSound(live.toArray(SnapshotId[]::new));
    }

    @Test
    void writerFindsWhatWasMovedWhileItRan() throws Exception {
        SnapshotId[] all = manySmallPacks();
        note(0, "one more");
        try (BackupRepository writer = heldUp(HeldUpClientsTest::isEntry, () -> {
            PruneReport report = others.prune(SPARING).commit();
            assertThat(report.packsDeleted()).isGreaterThan(30);
        })) {
            backup(writer);
        }
        assertThat(others.snapshots()).hasSize(all.length + 1);
        expectSound(others.snapshots().stream().map(Snapshot::id).toArray(SnapshotId[]::new));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 1000})
    void prunerWhoseViewLagsBehindKeepsTooMuchAndNeverTooLittle(int staleAnswers) throws Exception {
        SnapshotId first = backup(others);
        fill(2);
        SnapshotId going = backup(others);
        fill(3);
        StaleOnce stale = new StaleOnce(staleAnswers);
        try (BackupRepository late = open(SimulatedSink.over(sink.client(), stale))) {
            stale.isOpened = true;
            SnapshotId last = backup(others);
            others.expire(List.of(going)).commit();
            fill(4);
            SnapshotId newest = backup(others);
            try {
                late.prune(AT_ONCE).commit();
            } catch (BackupException e) {
                assertThat(e).as("it may say that it can't").hasMessageNotContaining("null");
            }
            expectSound(first, last, newest);
        }
    }

    /** Answers the first reads of each object, and the first listings of each kind, as if what came last had not been put yet. */
    private static final class StaleOnce implements Faults {
        private final int times;
        private final Map<String, Integer> seen = new HashMap<>();
        private volatile boolean isOpened;

        StaleOnce(int times) {
            this.times = times;
        }

        @Override
        public synchronized Fault decide(Operation operation) {
            // What it knew when it was opened, it knows.
            boolean isStale = isOpened
                    && (operation.kind() == Operation.Kind.LIST
                            || operation.kind() == Operation.Kind.GET
                                    && operation.name().startsWith("log/"))
                    && seen.merge(operation.name(), 1, Integer::sum) <= times;
            return isStale ? Fault.stale() : Fault.none();
        }
    }

    @Test
    void whatACrashedRunStoredIsNeitherAdoptedNorInTheWayAndGoesAfterTheGrace() throws Exception {
        SnapshotId first = backup(others);
        Set<String> before = packs();
        fill(2);
        SimulatedSink dying = SimulatedSink.over(
                sink.client(),
                Faults.at(HeldUpClientsTest::isEntry, Fault.notApplied().andCrash()));
        try (BackupRepository crashed = open(dying)) {
            assertThatThrownBy(() -> backup(crashed)).hasMessageContaining("dead");
        }
        Set<String> orphans = packs();
        orphans.removeAll(before);
        assertThat(orphans).isNotEmpty();
        // The same contents again, by another client.
        SnapshotId second = backup(others);
        assertThat(others.prune(SPARING).commit().packsCondemned()).isZero();
        assertThat(packs()).containsAll(orphans);
        now = now.plus(Duration.ofHours(1)).plusSeconds(1);
        assertThat(others.prune(SPARING).commit().packsDeleted()).isEqualTo(orphans.size());
        assertThat(packs()).doesNotContainAnyElementsOf(orphans);
        expectSound(first, second);
    }
}
