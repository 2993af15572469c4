package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.Compression;
import io.crmbackup.Encryption;
import io.crmbackup.VerifyDepth;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.object.Envelope;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.tck.Operation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Copies that are cut off, and what is damaged on one side or the other. */
class CopyDamageTest extends CopyFixture {
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
}
