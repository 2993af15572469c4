package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.Encryption;
import io.crmbackup.RestorePlan;
import io.crmbackup.Snapshot;
import io.crmbackup.SnapshotSelection;
import io.crmbackup.VerifyDepth;
import io.crmbackup.error.BackupCancelledException;
import io.crmbackup.error.IncompleteBackupException;
import io.crmbackup.error.SnapshotNotFoundException;
import io.crmbackup.fs.DirectorySource;
import io.crmbackup.fs.DirectoryTarget;
import io.crmbackup.report.CopyReport;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.report.SnapshotState;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.tck.InMemoryTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots copied into another repository are the same there. */
class CopyTest extends CopyFixture {
    private static void expectAgree(Snapshot one, Snapshot copy) {
        assertThat(copy.plan()).isEqualTo(one.plan());
        assertThat(copy.moment()).isEqualTo(one.moment());
        assertThat(copy.strategy()).isEqualTo(one.strategy());
        assertThat(copy.state()).isEqualTo(one.state());
        assertThat(copy.sizes().bytesRead()).isEqualTo(one.sizes().bytesRead());
        assertThat(copy.sizes().bytesChanged()).isEqualTo(one.sizes().bytesChanged());
        assertThat(copy.sizes().bytesRemoved()).isEqualTo(one.sizes().bytesRemoved());
    }

    @Test
    void historyIsTheSameInTheOtherRepository() throws IOException {
        backup();
        edit(1);
        backup();
        edit(2);
        backup(BackupStrategy.differential());
        edit(3);
        backup(BackupStrategy.full().selfContained());
        edit(4);
        backup();
        CopyReport report = original.copyTo(other, ALL);
        assertThat(report.repository()).isEqualTo(other.id());
        assertThat(report.present()).isEmpty();
        assertThat(report.passedOver()).isEmpty();
        List<Snapshot> originals = original.snapshots();
        List<Snapshot> copies = other.snapshots();
        assertThat(report.copied())
                .hasSize(5)
                .extracting(CopyReport.Copied::original)
                .containsExactlyElementsOf(ids(originals));
        assertThat(report.copied()).extracting(CopyReport.Copied::copy).containsExactlyElementsOf(ids(copies));
        for (int i = 0; i < 5; i++) {
            expectAgree(originals.get(i), copies.get(i));
            assertThat(content(other, copies.get(i).id()))
                    .isEqualTo(content(original, originals.get(i).id()));
        }
        for (int i = 0; i < 4; i++) {
            List<String> changes = changes(
                    original, originals.get(i + 1).id(), originals.get(i).id());
            assertThat(changes(other, copies.get(i + 1).id(), copies.get(i).id()))
                    .isNotEmpty()
                    .isEqualTo(changes);
        }
        assertThat(other.verify(VerifyDepth.allData()).damages()).isEmpty();
    }

    /** Oldest first. */
    private static List<SnapshotId> ids(List<Snapshot> newestFirst) {
        List<SnapshotId> ids = new ArrayList<>();
        newestFirst.forEach(snapshot -> ids.add(0, snapshot.id()));
        return ids;
    }

    @Test
    void backupsGoOnFromACopy() {
        backup();
        original.copyTo(other, ALL);
        edit(1);
        long opened = files.contentsOpened();
        backup(other, BackupStrategy.incremental());
        // Once, not for each of the fifty files that did not change: their fingerprints were copied.
        assertThat(files.contentsOpened() - opened).isLessThan(10);
        assertThat(other.snapshots().get(0).sizes().bytesChanged()).isLessThan(800_000);
    }

    @Test
    void realDirectoryIsTheSame(@TempDir Path root) throws IOException {
        Path in = root.resolve("in");
        DirectoryTree.fill(in);
        BackupPlan plan =
                BackupPlan.named("dir").source("files", DirectorySource.of(in)).build();
        List<Map<String, String>> states = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            original.backup(plan);
            states.add(DirectoryTree.state(in));
            Files.write(in.resolve("a/large"), Crm.bytes(i, 200_000));
            Files.move(in.resolve(i == 0 ? "nothing" : "nothing " + i), in.resolve("nothing " + (i + 1)));
        }
        try (BackupRepository secret =
                on(new InMemorySink(), Encryption.passphrase(() -> "a passphrase".toCharArray()), true)) {
            CopyReport report = original.copyTo(secret, SnapshotSelection.of("dir"));
            for (int i = 0; i < 3; i++) {
                Path out = root.resolve("out " + i);
                secret.restore(RestorePlan.snapshot(report.copied().get(i).copy())
                        .into("files", DirectoryTarget.at(out))
                        .verify()
                        .build());
                assertThat(DirectoryTree.state(out)).isEqualTo(states.get(i));
            }
            assertThat(secret.verify(VerifyDepth.allData()).damages()).isEmpty();
        }
    }

    @Test
    void partialSnapshotStaysPartial() throws IOException {
        SnapshotId complete = backup();
        files.unreadable("files", RecordKey.path("folder/1"));
        Crm.file(files, "folder/1", Crm.bytes(77, 100));
        assertThatThrownBy(this::backup).isInstanceOf(IncompleteBackupException.class);
        original.copyTo(other, ALL);
        List<Snapshot> copies = other.snapshots();
        assertThat(copies.get(0).state()).isEqualTo(SnapshotState.PARTIAL);
        assertThat(content(other, copies.get(0).id()))
                .isEqualTo(content(original, original.snapshots().get(0).id()));
        InMemoryTarget latest = InMemoryTarget.empty();
        assertThat(other.restore(RestorePlan.latest("crm").into("files", latest).build())
                        .snapshot())
                .isEqualTo(copies.get(1).id());
        assertThat(copies.get(1).moment())
                .isEqualTo(original.snapshot(complete.hex()).moment());
    }

    @Test
    void latestOfEachPlanIsTheLatestCompleteOne() {
        backup();
        edit(1);
        SnapshotId latest = backup();
        files.unreadable("files", RecordKey.path("folder/1"));
        Crm.file(files, "folder/1", Crm.bytes(77, 100));
        assertThatThrownBy(this::backup).isInstanceOf(IncompleteBackupException.class);
        CopyReport report = original.copyTo(other, ALL.latest());
        assertThat(report.copied()).extracting(CopyReport.Copied::original).containsExactly(latest);
    }

    @Test
    void snapshotsOlderThanWhatIsThereArePassedOver() {
        SnapshotId first = backup();
        edit(1);
        SnapshotId second = backup();
        original.copyTo(other, SnapshotSelection.of("crm").latest());
        edit(2);
        SnapshotId third = backup();
        assertThatThrownBy(() -> original.copyTo(other, SnapshotSelection.of(first, third)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(first.brief())
                .hasMessageContaining("older");
        assertThat(other.snapshots()).hasSize(1);
        CopyReport report = original.copyTo(other, ALL);
        assertThat(report.passedOver()).containsExactly(first);
        assertThat(report.present()).containsExactly(second);
        assertThat(report.copied()).extracting(CopyReport.Copied::original).containsExactly(third);
    }

    @Test
    void snapshotsOlderThanOwnOnesArePassedOver() {
        SnapshotId first = backup();
        SnapshotId own = backup(other, BackupStrategy.full());
        SnapshotId later = backup();
        CopyReport report = original.copyTo(other, ALL);
        assertThat(report.passedOver()).containsExactly(first);
        assertThat(report.copied()).extracting(CopyReport.Copied::original).containsExactly(later);
        assertThat(other.snapshots())
                .extracting(Snapshot::id)
                .containsExactly(report.copied().get(0).copy(), own);
    }

    @Test
    void clockThatWentBackHindersNothing() {
        backup();
        now = now.minusSeconds(86_400);
        edit(1);
        backup();
        assertThat(original.copyTo(other, ALL).copied()).hasSize(2);
        assertThat(original.copyTo(other, ALL).present()).hasSize(2);
    }

    @Test
    void copyOfACopyCountsAsOneOfTheOriginal() throws IOException {
        SnapshotId first = backup();
        edit(1);
        backup();
        original.copyTo(other, ALL);
        try (BackupRepository third = on(new InMemorySink(), Encryption.none(), true)) {
            other.copyTo(third, ALL);
            assertThat(original.copyTo(third, ALL).present()).hasSize(2);
            assertThat(third.copyTo(original, ALL).present()).hasSize(2);
            edit(2);
            SnapshotId latest = backup();
            SnapshotId copy = original.copyTo(third, ALL).copied().get(0).copy();
            assertThat(content(third, copy)).isEqualTo(content(original, latest));
            assertThat(third.snapshot(third.snapshots().get(2).id().hex()).moment())
                    .isEqualTo(original.snapshot(first.hex()).moment());
        }
    }

    @Test
    void interruptedThreadCopiesNothing() {
        backup();
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> original.copyTo(other, ALL)).isInstanceOf(BackupCancelledException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(other.snapshots()).isEmpty();
    }

    @Test
    void wrongRequestsAreRefused() {
        backup();
        assertThatThrownBy(() -> original.copyTo(original, ALL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(original.id());
        try (BackupRepository sameAgain = on(here, Encryption.none(), false)) {
            assertThatThrownBy(() -> original.copyTo(sameAgain, ALL)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> original.copyTo(other, SnapshotSelection.of("crn")))
                .isInstanceOf(SnapshotNotFoundException.class)
                .hasMessageContaining("crn");
        SnapshotId unknown = SnapshotId.of("0".repeat(32));
        assertThatThrownBy(() -> original.copyTo(other, SnapshotSelection.of(unknown)))
                .isInstanceOf(SnapshotNotFoundException.class);
        other.close();
        assertThatThrownBy(() -> original.copyTo(other, ALL))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }
}
