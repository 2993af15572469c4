package io.crmbackup.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupRepository;
import io.crmbackup.PreparedPrune;
import io.crmbackup.PruneOptions;
import io.crmbackup.Retention;
import io.crmbackup.error.BackupCancelledException;
import io.crmbackup.error.SinkException;
import io.crmbackup.report.PrunePreview;
import io.crmbackup.report.PruneReport;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.Sink;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a prune deletes, keeps and moves. */
class PruneTest extends PruneFixture {
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
}
