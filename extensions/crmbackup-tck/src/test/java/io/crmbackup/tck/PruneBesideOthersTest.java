package io.crmbackup.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupRepository;
import io.crmbackup.PreparedPrune;
import io.crmbackup.PreparedRestore;
import io.crmbackup.PruneOptions;
import io.crmbackup.RestorePlan;
import io.crmbackup.error.SnapshotNotFoundException;
import io.crmbackup.report.PrunePreview;
import io.crmbackup.report.PruneReport;
import io.crmbackup.spi.SinkContent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Prunes while others back up and restore, have done so, or have died of it. */
class PruneBesideOthersTest extends PruneFixture {
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
