package io.crmbackup.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.PreparedPrune;
import io.crmbackup.PreparedRestore;
import io.crmbackup.PruneOptions;
import io.crmbackup.RestorePlan;
import io.crmbackup.Retention;
import io.crmbackup.VerifyDepth;
import io.crmbackup.error.BackupCancelledException;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.error.SinkException;
import io.crmbackup.error.SnapshotNotFoundException;
import io.crmbackup.report.PrunePreview;
import io.crmbackup.report.PruneReport;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.Sink;
import io.crmbackup.spi.SinkContent;
import io.crmbackup.spi.SinkObject;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PruneTest {
    private static final PruneOptions AT_ONCE =
            PruneOptions.standard().quarantine(Duration.ZERO).grace(Duration.ZERO);

    @TempDir
    private Path directory;

    /** After all captures, which the system clock dates. */
    private Instant now = Instant.parse("2100-01-01T12:00:00Z");

    private final InMemorySink sink = new InMemorySink(() -> now);
    private SmallCrm crm;
    private BackupRepository repository;

    @BeforeEach
    void create() throws Exception {
        crm = new SmallCrm(directory);
        repository = crm.on(sink.client()).clock(() -> now).create();
    }

    @AfterEach
    void close() {
        repository.close();
    }

    private TreeMap<String, Long> objects(String prefix) throws IOException {
        TreeMap<String, Long> names = new TreeMap<>();
        sink.client().list(prefix, object -> names.put(object.name(), object.length()));
        return names;
    }

    private void expireAllButNewest() {
        repository.expire(SmallCrm.PLAN, Retention.keep().last(1)).commit();
    }

    private PruneReport prune(PruneOptions options) {
        return repository.prune(options).commit();
    }

    private void expectSound(SmallCrm.Kept... kept) throws IOException {
        assertThat(repository.verify(VerifyDepth.allData()).damages()).isEmpty();
        for (SmallCrm.Kept one : kept) {
            crm.expectRestored(repository, one);
        }
        try (BackupRepository another = crm.on(sink.client()).open()) {
            assertThat(another.verify(VerifyDepth.allData()).damages()).isEmpty();
            for (SmallCrm.Kept one : kept) {
                crm.expectRestored(another, one);
            }
        }
    }

    @Test
    void whatLiveSnapshotsNeedStays() throws Exception {
        SmallCrm.Kept first = crm.backup(repository, 1);
        SmallCrm.Kept second = crm.backup(repository, 2);
        TreeMap<String, Long> before = objects("");
        PruneReport report = prune(AT_ONCE);
        assertThat(report.packsCondemned()).isZero();
        assertThat(report.packsDeleted()).isZero();
        assertThat(objects("")).isEqualTo(before);
        expectSound(first, second);
    }

    @Test
    void whatOnlyExpiredSnapshotsNeededIsDeleted() throws Exception {
        SmallCrm.Kept full = crm.backup(repository, 1);
        for (int state = 2; state < 8; state++) {
            crm.backup(repository, state);
        }
        SmallCrm.Kept newest = crm.backup(repository, 8);
        expireAllButNewest();
        TreeMap<String, Long> before = objects("packs/");
        PrunePreview preview;
        try (PreparedPrune prepared = repository.prune(AT_ONCE)) {
            preview = prepared.preview();
        }
        assertThat(objects("packs/")).as("a preview changes nothing").isEqualTo(before);
        PruneReport report = prune(AT_ONCE);
        assertThat(report.packsCondemned()).isEqualTo(preview.packsToCondemn()).isGreaterThanOrEqualTo(10);
        assertThat(report.packsDeleted()).isEqualTo(report.packsCondemned());
        assertThat(preview.packsToDelete()).isEqualTo(report.packsDeleted());
        assertThat(report.bytesDeleted()).isEqualTo(preview.bytesToDelete());
        assertThat(report.manifestsDeleted()).isEqualTo(6);
        assertThat(bytes(before) - bytes(objects("packs/"))).isEqualTo(report.bytesDeleted() - rewritten(before));
        assertThat(objects("snap/")).hasSize(2);
        expectSound(full, newest);
    }

    private static long bytes(TreeMap<String, Long> objects) {
        return objects.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Length of the packs that were not there before. */
    private long rewritten(TreeMap<String, Long> before) throws IOException {
        TreeMap<String, Long> now = objects("packs/");
        now.keySet().removeAll(before.keySet());
        return bytes(now);
    }

    @Test
    void nothingIsLeftToDoForASecondPrune() throws Exception {
        for (int state = 1; state < 12; state++) {
            crm.backup(repository, state);
        }
        expireAllButNewest();
        prune(AT_ONCE);
        // What the first left for want of a second look: indexes that were replaced in it.
        prune(AT_ONCE);
        TreeMap<String, Long> before = objects("");
        PruneReport third = prune(AT_ONCE);
        assertThat(third.packsCondemned() + third.packsDeleted() + third.indexesDeleted() + third.indexesMerged())
                .isZero();
        assertThat(third.bytesRewritten()).isZero();
        assertThat(objects("")).isEqualTo(before);
    }

    @Test
    void quarantineKeepsObjectsThatNobodyNeedsForSoLong() throws Exception {
        crm.backup(repository, 1);
        crm.backup(repository, 2);
        SmallCrm.Kept newest = crm.backup(repository, 3);
        expireAllButNewest();
        PruneOptions options = PruneOptions.standard().quarantine(Duration.ofHours(5));
        TreeMap<String, Long> before = objects("packs/");
        PruneReport first = prune(options);
        assertThat(first.packsCondemned()).isPositive();
        assertThat(first.packsDeleted()).isZero();
        assertThat(first.manifestsDeleted()).isZero();
        assertThat(first.notes()).singleElement().asString().contains("2100-01-01T17:00:00Z");
        assertThat(objects("packs/").keySet()).containsAll(before.keySet());
        now = now.plus(Duration.ofHours(5)).minusSeconds(1);
        assertThat(prune(options).packsDeleted()).isZero();
        now = now.plusSeconds(1);
        PrunePreview preview;
        try (PreparedPrune prepared = repository.prune(options)) {
            preview = prepared.preview();
        }
        assertThat(preview.packsToDelete()).isEqualTo(first.packsCondemned());
        PruneReport last = prune(options);
        assertThat(last.packsDeleted()).isEqualTo(first.packsCondemned());
        assertThat(last.manifestsDeleted()).isEqualTo(1);
        assertThat(last.notes()).isEmpty();
        expectSound(newest);
    }

    @Test
    void packsOfARunThatDidNotEndAreReclaimedAfterTheGrace() throws Exception {
        SmallCrm.Kept kept = crm.backup(repository, 1);
        TreeMap<String, Long> before = objects("packs/");
        SimulatedSink broken = SimulatedSink.over(
                sink.client(),
                Faults.at(
                        operation -> operation.mutates() && operation.name().startsWith("snap/"),
                        Fault.notApplied().andCrash()));
        try (BackupRepository dying = crm.on(broken).clock(() -> now).open()) {
            assertThatThrownBy(() -> crm.backup(dying, 2)).hasMessageContaining("dead");
        }
        assertThat(objects("packs/").size()).isGreaterThan(before.size());
        PruneOptions options = PruneOptions.standard().quarantine(Duration.ZERO).grace(Duration.ofHours(1));
        now = now.plus(Duration.ofMinutes(59));
        assertThat(prune(options).packsDeleted()).isZero();
        now = now.plus(Duration.ofMinutes(2));
        assertThat(prune(options).packsDeleted()).isPositive();
        assertThat(objects("packs/")).isEqualTo(before);
        prune(options);
        assertThat(objects("index/")).as("nor the index of the lost run").hasSize(1);
        expectSound(kept);
    }

    @Test
    void packThatComesBackIsDeletedAgain() throws Exception {
        crm.backup(repository, 1);
        crm.backup(repository, 2);
        SmallCrm.Kept newest = crm.backup(repository, 3);
        InMemorySink copy = sink.copy();
        expireAllButNewest();
        TreeMap<String, Long> before = objects("packs/");
        prune(AT_ONCE);
        before.keySet().removeAll(objects("packs/").keySet());
        String zombie = before.firstKey();
        sink.put(zombie, SinkContent.of(SinkScratch.read(copy, zombie)));
        assertThat(prune(AT_ONCE).packsDeleted()).isEqualTo(1);
        assertThat(objects("packs/")).doesNotContainKey(zombie);
        expectSound(newest);
    }

    @Test
    void manifestThatNoEntryNamedIsLeftForACommitThatComesLate() throws Exception {
        crm.backup(repository, 1);
        sink.put("snap/" + "ab".repeat(16), SinkContent.of(new byte[] {1}));
        prune(AT_ONCE);
        assertThat(objects("snap/")).containsKey("snap/" + "ab".repeat(16));
    }

    @Test
    void manySmallPacksBecomeFew() throws Exception {
        List<SmallCrm.Kept> kept = new ArrayList<>();
        for (int state = 1; state <= 20; state++) {
            kept.add(crm.backup(repository, state));
        }
        int before = objects("packs/").size();
        PruneReport report = prune(AT_ONCE);
        assertThat(before).isGreaterThanOrEqualTo(32);
        assertThat(objects("packs/").size()).isLessThanOrEqualTo(4);
        assertThat(report.indexesMerged()).isGreaterThan(8);
        prune(AT_ONCE);
        assertThat(objects("index/").size()).isLessThanOrEqualTo(2);
        expectSound(kept.toArray(SmallCrm.Kept[]::new));
    }

    @Test
    void chunkThatCannotBeFoundStopsEverything() throws Exception {
        crm.backup(repository, 1);
        crm.backup(repository, 2);
        crm.backup(repository, 3);
        expireAllButNewest();
        TreeMap<String, Long> log = objects("log/");
        // Every pack in turn: some are needed.
        int stopped = 0;
        for (String pack : objects("packs/").keySet()) {
            InMemorySink damaged = sink.copy();
            damaged.delete(pack);
            TreeMap<String, Long> before = new TreeMap<>();
            damaged.client().list("", object -> before.put(object.name(), object.length()));
            try (BackupRepository one = crm.on(damaged.client()).open()) {
                one.prune(AT_ONCE).commit();
            } catch (DamagedObjectException e) {
                stopped++;
                assertThat(e).hasMessageContaining("snapshot ").hasMessageContaining("plan crm");
                TreeMap<String, Long> after = new TreeMap<>();
                damaged.client().list("", object -> after.put(object.name(), object.length()));
                assertThat(after).isEqualTo(before);
            }
        }
        assertThat(stopped).isEqualTo(4);
        assertThat(objects("log/")).isEqualTo(log);
    }

    @Test
    void copyThatIsLostIsNotCountedOn() throws Exception {
        SnapshotId first = full(false);
        TreeMap<String, Long> original = objects("packs/");
        SnapshotId second = full(true);
        // The first snapshot's packs are lost; the second one has another copy of everything.
        for (String pack : original.keySet()) {
            sink.delete(pack);
        }
        repository.expire(List.of(second)).commit();
        prune(AT_ONCE);
        try (BackupRepository another = crm.on(sink.client()).open()) {
            assertThat(crm.restored(another, first)).isEqualTo(crm.content(SmallCrm.system(5)));
        }
    }

    /** Who prunes does not know what another process found damaged. */
    @Test
    void copyThatWasStoredSinceAnotherWasFoundDamagedStays() throws Exception {
        SnapshotId first = full(false);
        int healed = 0;
        for (String pack : objects("packs/").keySet()) {
            for (int part = 1; part < 8; part++) {
                InMemorySink damaged = sink.copy();
                damaged.flip(pack, objects("packs/").get(pack) * part);
                now = now.plus(Duration.ofDays(1));
                try (BackupRepository one = crm.on(damaged.client()).open()) {
                    if (one.verify(VerifyDepth.allData()).damages().isEmpty()) {
                        continue;
                    }
                    one.backup(
                            BackupPlan.named(SmallCrm.PLAN)
                                    .source("db", SmallCrm.system(5))
                                    .build(),
                            BackupStrategy.full());
                }
                try (BackupRepository another = crm.on(damaged.client()).open()) {
                    another.prune(AT_ONCE).commit();
                    assertThat(crm.restored(another, first))
                            .as("%s, part %d", pack, part)
                            .isEqualTo(crm.content(SmallCrm.system(5)));
                }
                healed++;
            }
        }
        assertThat(healed).isPositive();
    }

    @Test
    void copyThatWasStoredSinceAnotherWasFoundDamagedIsMovedAsItIs() throws Exception {
        InMemorySource large = SmallCrm.system(5);
        large.put("file", SupportTickets.file(2), FieldValue.of(SinkScratch.bytes(3 << 20, 7)));
        BackupPlan plan = BackupPlan.named(SmallCrm.PLAN).source("db", large).build();
        SnapshotId first = repository.backup(plan, BackupStrategy.full()).snapshot();
        String pack = objects("packs/").entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
        sink.flip(pack, objects("packs/").get(pack) * 4);
        now = now.plus(Duration.ofDays(1));
        try (BackupRepository one = crm.on(sink.client()).open()) {
            assertThat(one.verify(VerifyDepth.allData()).damages()).isNotEmpty();
            one.backup(plan, BackupStrategy.full());
        }
        for (int state = 10; state < 30; state++) {
            crm.backup(repository, state);
        }
        try (BackupRepository another = crm.on(sink.client()).open()) {
            assertThat(another.prune(AT_ONCE).commit().packsDeleted()).isGreaterThan(32);
            assertThat(objects("packs/")).containsKey(pack);
            assertThat(crm.restored(another, first)).isEqualTo(crm.content(large));
        }
    }

    private SnapshotId full(boolean selfContained) throws IOException {
        BackupPlan plan =
                BackupPlan.named(SmallCrm.PLAN).source("db", SmallCrm.system(5)).build();
        return repository
                .backup(plan, selfContained ? BackupStrategy.full().selfContained() : BackupStrategy.full())
                .snapshot();
    }

    @Test
    void selfContainedSnapshotKeepsItsPacksAndTheOthersTheirs() throws Exception {
        full(false);
        TreeMap<String, Long> shared = objects("packs/");
        SnapshotId own = full(true);
        TreeMap<String, Long> all = objects("packs/");
        for (int state = 10; state < 45; state++) {
            crm.backup(repository, state);
        }
        repository.expire(SmallCrm.PLAN, Retention.keep().last(40)).commit();
        prune(AT_ONCE.thoroughly());
        all.keySet().removeAll(shared.keySet());
        assertThat(objects("packs/").keySet()).containsAll(all.keySet());
        // Without any pack of the others it still restores.
        for (String pack : objects("packs/").keySet()) {
            if (!all.containsKey(pack)) {
                sink.delete(pack);
            }
        }
        try (BackupRepository another = crm.on(sink.client()).open()) {
            assertThat(crm.restored(another, own)).isEqualTo(crm.content(SmallCrm.system(5)));
        }
    }

    @Test
    void restoreThatBeganBeforeAPruneGoesOnWhereTheDataIsNow() throws Exception {
        List<SmallCrm.Kept> kept = new ArrayList<>();
        for (int state = 1; state <= 20; state++) {
            kept.add(crm.backup(repository, state));
        }
        SmallCrm.Kept one = kept.get(10);
        try (BackupRepository reader = crm.on(sink.client()).open()) {
            InMemoryTarget target = InMemoryTarget.empty();
            try (PreparedRestore restore = reader.prepare(
                    RestorePlan.snapshot(one.id()).into("db", target).build())) {
                assertThat(prune(AT_ONCE).packsDeleted()).isGreaterThan(30);
                restore.execute();
            }
            assertThat(crm.content(target.system())).isEqualTo(one.content());
        }
    }

    @Test
    void restoreOfASnapshotThatExpiredMeanwhileSaysSo() throws Exception {
        crm.backup(repository, 1);
        SmallCrm.Kept going = crm.backup(repository, 2);
        crm.backup(repository, 3);
        try (BackupRepository reader = crm.on(sink.client()).open();
                PreparedRestore restore = reader.prepare(RestorePlan.snapshot(going.id())
                        .into("db", InMemoryTarget.empty())
                        .build())) {
            expireAllButNewest();
            prune(AT_ONCE);
            assertThatThrownBy(restore::execute)
                    .isInstanceOf(SnapshotNotFoundException.class)
                    .hasMessageContaining("expired while it was read");
        }
    }

    @Test
    void sinkThatDoesNotAllowDeletesIsTold() throws Exception {
        crm.backup(repository, 1);
        crm.backup(repository, 2);
        SmallCrm.Kept newest = crm.backup(repository, 3);
        expireAllButNewest();
        Sink locked = new ForwardingSink(sink.client()) {
            @Override
            public void delete(String name) throws IOException {
                throw new AccessDeniedException(name);
            }
        };
        try (BackupRepository one = crm.on(locked).open()) {
            PreparedPrune prune = one.prune(AT_ONCE);
            assertThatThrownBy(prune::commit)
                    .isInstanceOf(SinkException.class)
                    .hasMessageContaining("could not delete packs/");
            assertThatThrownBy(prune::commit).isInstanceOf(IllegalStateException.class);
        }
        assertThat(prune(AT_ONCE).packsDeleted()).as("who may, goes on").isPositive();
        expectSound(newest);
    }

    @Test
    void listingThatShowsNothingDeletesNothingThatIsNeeded() throws Exception {
        List<SmallCrm.Kept> kept = new ArrayList<>();
        for (int state = 1; state <= 4; state++) {
            kept.add(crm.backup(repository, state));
        }
        expireAllButNewest();
        Sink blind = new ForwardingSink(sink.client()) {
            @Override
            public void list(String prefix, Consumer<SinkObject> visitor) throws IOException {
                if (!prefix.equals("packs/")) {
                    super.list(prefix, visitor);
                }
            }
        };
        try (BackupRepository one = crm.on(blind).open()) {
            one.prune(AT_ONCE).commit();
        }
        expectSound(kept.get(0), kept.get(3));
    }

    @Test
    void interruptedPruneStopsAndTheNextOneGoesOn() throws Exception {
        crm.backup(repository, 1);
        crm.backup(repository, 2);
        SmallCrm.Kept newest = crm.backup(repository, 3);
        expireAllButNewest();
        PreparedPrune prepared = repository.prune(AT_ONCE);
        Thread.currentThread().interrupt();
        assertThatThrownBy(prepared::commit).isInstanceOf(BackupCancelledException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(prune(AT_ONCE).packsDeleted()).isPositive();
        expectSound(newest);
    }

    @Test
    void negativeTimesAreRefused() {
        assertThatThrownBy(() -> PruneOptions.standard().quarantine(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("quarantine");
        assertThatThrownBy(() -> PruneOptions.standard().grace(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void clientThatOpenedBeforeAPruneGoesOnAfterIt() throws Exception {
        for (int state = 1; state <= 10; state++) {
            crm.backup(repository, state);
        }
        try (BackupRepository old = crm.on(sink.client()).open()) {
            expireAllButNewest();
            prune(AT_ONCE);
            prune(AT_ONCE);
            SmallCrm.Kept next = crm.backup(old, 99);
            crm.expectRestored(old, next);
            expectSound(next);
        }
    }
}
