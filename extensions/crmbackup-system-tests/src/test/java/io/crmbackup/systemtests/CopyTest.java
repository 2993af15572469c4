package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.Compression;
import io.crmbackup.Encryption;
import io.crmbackup.RestorePlan;
import io.crmbackup.Snapshot;
import io.crmbackup.SnapshotDiff;
import io.crmbackup.SnapshotSelection;
import io.crmbackup.VerifyDepth;
import io.crmbackup.error.BackupCancelledException;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.error.IncompleteBackupException;
import io.crmbackup.error.SnapshotNotFoundException;
import io.crmbackup.fs.DirectorySource;
import io.crmbackup.fs.DirectoryTarget;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.object.Envelope;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.report.CopyReport;
import io.crmbackup.report.RecordChange;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.report.SnapshotState;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.tck.InMemorySource;
import io.crmbackup.tck.InMemoryTarget;
import io.crmbackup.tck.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots copied into another repository are the same there, and cost what they changed. */
class CopyTest {
    private static final SnapshotSelection ALL = SnapshotSelection.all();

    @TempDir
    private Path work;

    private final InMemorySink here = new InMemorySink();
    private final InMemorySink there = new InMemorySink();
    private final InMemorySource files = Crm.files();
    private InMemorySource database = Crm.database();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private BackupRepository original;
    private BackupRepository other;

    @BeforeEach
    void create() throws IOException {
        Files.write(work.resolve("key"), Crm.bytes(1, 32));
        original = on(here, Encryption.none(), true);
        other = on(there, Encryption.keyFile(work.resolve("key")), true);
        for (int i = 0; i < 300; i++) {
            Crm.contact(database, i, "name " + i);
        }
        event("once");
        event("twice");
        event("twice");
        event("long " + "x".repeat(9_000));
        Crm.file(files, "large", Crm.bytes(1, 700_000));
        Crm.file(files, "deep/" + "d".repeat(1_100), Crm.bytes(2, 3_000));
        Crm.file(files, "empty", new byte[0]);
        Crm.directory(files, "folder");
        for (int i = 0; i < 50; i++) {
            Crm.file(files, "folder/" + i, Crm.bytes(i, 100 + i * 100));
        }
    }

    @AfterEach
    void close() {
        original.close();
        other.close();
    }

    private BackupRepository on(InMemorySink sink, Encryption encryption, boolean fresh) {
        var builder = BackupRepository.on(sink.client())
                .encryption(encryption)
                .workDirectory(work)
                .clock(() -> now);
        return fresh ? builder.create() : builder.open();
    }

    private void event(String what) {
        database.put("event", FieldValue.text(what));
    }

    private SnapshotId backup(BackupStrategy strategy) {
        return backup(original, strategy);
    }

    private SnapshotId backup(BackupRepository repository, BackupStrategy strategy) {
        now = now.plusSeconds(3600);
        return repository
                .backup(
                        BackupPlan.named("crm")
                                .source("db", database)
                                .source("files", files)
                                .build(),
                        strategy)
                .snapshot();
    }

    private SnapshotId backup() {
        return backup(BackupStrategy.incremental());
    }

    /** Other events, some contacts and files changed, added and removed. */
    private void edit(int round) {
        InMemorySource edited = Crm.database();
        for (int i = 0; i < 300 + round; i++) {
            if (i % 50 != round) {
                Crm.contact(edited, i, "name " + (i % 40 == round ? "edited " + round : i));
            }
        }
        database = edited;
        event("once");
        event(round % 2 == 0 ? "once" : "twice");
        event("long " + "x".repeat(9_000 + round % 2));
        event("round " + round);
        Crm.file(files, "folder/" + round, Crm.bytes(1000 + round, 5_000));
        Crm.file(files, "new " + round, Crm.bytes(2000 + round, 10_000));
        files.remove("files", RecordKey.path("folder/" + (20 + round)));
        byte[] large = Crm.bytes(1, 700_000);
        large[round * 50_000]++;
        Crm.file(files, "large", large);
    }

    private static Map<String, Object> content(BackupRepository repository, SnapshotId id) throws IOException {
        InMemoryTarget database = InMemoryTarget.empty();
        InMemoryTarget files = InMemoryTarget.empty();
        repository.restore(RestorePlan.snapshot(id)
                .into("db", database)
                .into("files", files)
                .verify()
                .build());
        return Map.of("db", Lab.content(database), "files", Lab.content(files));
    }

    private static List<String> changes(BackupRepository repository, SnapshotId older, SnapshotId newer) {
        List<String> found = new ArrayList<>();
        try (SnapshotDiff diff = repository.diff(older, newer)) {
            for (RecordChange change : diff) {
                found.add(change.kind() + " " + change.collection() + " " + change.key() + " " + change.fields());
            }
        }
        // Rows without keys are ordered by secrets.
        return found.stream().sorted().toList();
    }

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
    void copyIsWhatABackupThereWouldHaveStored() {
        backup();
        for (int round = 1; round < 5; round++) {
            edit(round);
            backup();
        }
        original.copyTo(other, ALL);
        long chunksBefore = other.verify(VerifyDepth.allData()).chunks();
        SnapshotId own = backup(other, BackupStrategy.full());
        assertThat(changes(other, other.snapshots().get(1).id(), own)).isEmpty();
        // The attributes of the sources are as they were too: every chunk was there.
        assertThat(other.verify(VerifyDepth.allData()).chunks()).isEqualTo(chunksBefore);
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
    void whatIsThereIsNotCopiedAgain() throws IOException {
        SnapshotId first = backup();
        original.copyTo(other, ALL);
        long puts = there.count(Operation.Kind.PUT);
        CopyReport again = original.copyTo(other, ALL);
        assertThat(again.copied()).isEmpty();
        assertThat(again.present()).containsExactly(first);
        assertThat(there.count(Operation.Kind.PUT)).isEqualTo(puts);
        edit(1);
        SnapshotId second = backup();
        long bytes = there.bytes();
        long gets = here.count(Operation.Kind.GET);
        CopyReport next = original.copyTo(other, ALL);
        assertThat(next.copied()).extracting(CopyReport.Copied::original).containsExactly(second);
        assertThat(next.copied().get(0).records()).isBetween(5L, 40L);
        assertThat(there.bytes() - bytes).isLessThan(300_000);
        assertThat(next.bytesStored()).isBetween(10_000L, there.bytes() - bytes);
        assertThat(here.count(Operation.Kind.GET) - gets).isLessThan(60);
        assertThat(content(other, next.copied().get(0).copy())).isEqualTo(content(original, second));
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
    void selfContainedSnapshotIsSelfContainedThere() throws IOException {
        backup();
        SnapshotId id = backup(BackupStrategy.full().selfContained());
        CopyReport report = original.copyTo(other, ALL);
        SnapshotId copy = report.copied().get(1).copy();
        assertThat(report.copied().get(1).bytesStored())
                .isGreaterThan(report.copied().get(0).bytesStored() * 9 / 10);
        // All that the first copy stored may be lost.
        List<String> packs = new ArrayList<>();
        there.list("packs/", pack -> packs.add(pack.name()));
        InMemorySink onlyFirst = new InMemorySink();
        try (BackupRepository third = on(onlyFirst, Encryption.none(), true)) {
            original.copyTo(third, SnapshotSelection.of(id));
        }
        List<String> needed = new ArrayList<>();
        onlyFirst.list("packs/", pack -> needed.add(pack.name()));
        assertThat(packs).hasSizeGreaterThanOrEqualTo(2 * needed.size());
        assertThat(content(other, copy)).isEqualTo(content(original, id));
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
    void copyThatWasCutOffGoesOn() throws IOException {
        backup();
        edit(1);
        SnapshotId second = backup();
        InMemorySink target = new InMemorySink();
        on(target, Encryption.none(), true).close();
        int[] commits = {0};
        WatchedSink broken = new WatchedSink(target, (kind, name) -> {
            if (kind == Operation.Kind.PUT && name.startsWith("log/") && commits[0]++ == 1) {
                throw new IOException("pulled the plug");
            }
        });
        try (BackupRepository cutOff = BackupRepository.on(broken)
                .encryption(Encryption.none())
                .workDirectory(work)
                .open()) {
            try {
                original.copyTo(cutOff, ALL);
            } catch (RuntimeException expected) {
                assertThat(expected).hasStackTraceContaining("pulled the plug");
            }
        }
        try (BackupRepository again = on(target, Encryption.none(), false)) {
            original.copyTo(again, ALL);
            assertThat(again.snapshots()).hasSize(2);
            assertThat(content(again, again.snapshots().get(0).id())).isEqualTo(content(original, second));
            assertThat(again.verify(VerifyDepth.allData()).damages()).isEmpty();
        }
    }

    @Test
    void damagedSnapshotEndsTheCopyAfterThoseBeforeIt() throws IOException {
        backup();
        original.copyTo(other, ALL);
        List<String> before = new ArrayList<>();
        here.list("packs/", pack -> before.add(pack.name()));
        edit(1);
        backup();
        List<String> after = new ArrayList<>();
        here.list("packs/", pack -> after.add(pack.name()));
        after.removeAll(before);
        for (String pack : after) {
            here.delete(pack);
        }
        original.close();
        original = on(here, Encryption.none(), false);
        assertThatThrownBy(() -> original.copyTo(other, ALL)).isInstanceOf(DamagedObjectException.class);
        assertThat(other.snapshots()).hasSize(1);
        assertThat(other.verify(VerifyDepth.allData()).damages()).isEmpty();
    }

    /** Damages the leaves that are there now. */
    private static void flipLeaves(InMemorySink sink) throws IOException {
        for (ChunkCopy copy : StoredCopies.of(sink)) {
            if (copy.type() == ChunkType.LEAF) {
                sink.flip(ObjectRole.PACK.name(copy.pack()), (Envelope.LENGTH + copy.offset() + 80) * Byte.SIZE);
            }
        }
    }

    /** All is read, and no new leaf needs an old one. */
    private SnapshotId isolatedBackup() {
        now = now.plusSeconds(3600);
        BackupPlan plan = BackupPlan.named("crm")
                .source("db", database)
                .source("files", files)
                .compression("db", Compression.isolated())
                .compression("files", Compression.isolated())
                .build();
        return original.backup(plan, BackupStrategy.full()).snapshot();
    }

    @Test
    void earlierSnapshotThatIsDamagedHindersNoLaterOne() throws IOException {
        isolatedBackup();
        original.copyTo(other, ALL);
        flipLeaves(here);
        original.close();
        original = on(here, Encryption.none(), false);
        edit(1);
        SnapshotId second = isolatedBackup();
        SnapshotId copy = original.copyTo(other, ALL).copied().get(0).copy();
        assertThat(content(other, copy)).isEqualTo(content(original, second));
        assertThat(other.verify(VerifyDepth.allData()).damages()).isEmpty();
    }

    @Test
    void copyThatIsDamagedThereHindersNoLaterOne() throws IOException {
        InMemorySink sink = new InMemorySink();
        on(sink, Encryption.none(), true).close();
        isolatedBackup();
        try (BackupRepository plain = on(sink, Encryption.none(), false)) {
            original.copyTo(plain, ALL);
        }
        flipLeaves(sink);
        edit(1);
        SnapshotId second = isolatedBackup();
        try (BackupRepository plain = on(sink, Encryption.none(), false)) {
            SnapshotId copy = original.copyTo(plain, ALL).copied().get(0).copy();
            assertThat(content(plain, copy)).isEqualTo(content(original, second));
        }
    }

    @Test
    void damageIsSaidToBeHereOrThere() throws IOException {
        SnapshotId first = backup();
        flipLeaves(here);
        original.close();
        original = on(here, Encryption.none(), false);
        assertThatThrownBy(() -> original.copyTo(other, ALL))
                .isInstanceOf(DamagedObjectException.class)
                .hasMessageContaining("packs/")
                .hasMessageContaining(first.brief())
                .hasMessageContaining("in repository " + original.id());
    }

    @Test
    void copyThatIsStoredWronglyIsNotCommitted() throws IOException {
        backup();
        InMemorySink target = new InMemorySink();
        on(target, Encryption.none(), true).close();
        WatchedSink careless = new WatchedSink(target, (kind, name) -> {
            if (kind == Operation.Kind.PUT && name.startsWith("index/")) {
                List<String> packs = new ArrayList<>();
                target.list("packs/", pack -> packs.add(pack.name()));
                packs.forEach(pack -> target.flip(pack, 300 * Byte.SIZE));
            }
        });
        try (BackupRepository second = BackupRepository.on(careless)
                .encryption(Encryption.none())
                .workDirectory(work)
                .open()) {
            assertThatThrownBy(() -> original.copyTo(second, ALL))
                    .isInstanceOf(DamagedObjectException.class)
                    .hasMessageContaining("in repository " + second.id());
            assertThat(second.snapshots()).isEmpty();
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

    private Set<ChunkCopy> stored(BackupRepository plain, InMemorySink sink) throws IOException {
        Set<ChunkCopy> before = StoredCopies.of(sink);
        original.copyTo(plain, ALL);
        Set<ChunkCopy> after = new HashSet<>(StoredCopies.of(sink));
        after.removeAll(before);
        return after;
    }

    @Test
    void changesAreDeltasThereToo() throws IOException {
        InMemorySink sink = new InMemorySink();
        try (BackupRepository plain = on(sink, Encryption.none(), true)) {
            backup();
            assertThat(stored(plain, sink)).noneMatch(copy -> copy.base() != null);
            edit(1);
            backup();
            Set<ChunkCopy> copies = stored(plain, sink);
            for (ChunkType type : List.of(ChunkType.LEAF, ChunkType.DATA)) {
                assertThat(copies).anyMatch(copy -> copy.type() == type && copy.base() != null);
            }
            assertThat(plain.verify(VerifyDepth.allData()).damages()).isEmpty();
        }
    }

    @Test
    void isolatedCollectionsAreIsolatedThereToo() throws IOException {
        InMemorySink sink = new InMemorySink();
        try (BackupRepository plain = on(sink, Encryption.none(), true)) {
            for (int round = 0; round < 3; round++) {
                edit(round);
                now = now.plusSeconds(3600);
                original.backup(BackupPlan.named("crm")
                        .source("db", database)
                        .source("files", files)
                        .compression("db", Compression.isolated())
                        .compression("files", "files", Compression.isolated())
                        .build());
                assertThat(stored(plain, sink)).isNotEmpty().allMatch(copy -> copy.base() == null);
            }
        }
    }
}
