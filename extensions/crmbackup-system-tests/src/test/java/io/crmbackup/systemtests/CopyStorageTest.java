package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.Compression;
import io.crmbackup.Encryption;
import io.crmbackup.SnapshotSelection;
import io.crmbackup.VerifyDepth;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.report.CopyReport;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.tck.Operation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Copies store what a backup there would have stored: what is new, as deltas where they help. */
class CopyStorageTest extends CopyFixture {
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
