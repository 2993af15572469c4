package io.crmbackup.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.Snapshot;
import io.crmbackup.SnapshotSelection;
import io.crmbackup.VerifyDepth;
import io.crmbackup.report.CopyReport;
import io.crmbackup.report.Damage;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.Sink;
import io.crmbackup.spi.SinkContent;
import io.crmbackup.spi.SinkObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Crashes copies into another repository, and repairs, at every operation of the sink. */
class CopyCampaignTest {
    private static final int SNAPSHOTS = 2;

    @TempDir
    private Path directory;

    /** Snapshots are copied; what was reported must be there, and another copy must bring the rest. */
    private final class Copies implements Workload<List<SmallCrm.Kept>, SnapshotId> {
        private final SmallCrm crm = new SmallCrm(directory);
        private final InMemorySink source = new InMemorySink();

        Copies() throws IOException {}

        @Override
        public List<SmallCrm.Kept> prepare(Sink sink) throws Exception {
            crm.on(new Unclosed(sink)).create().close();
            List<SmallCrm.Kept> kept = new ArrayList<>();
            try (BackupRepository repository = crm.on(source.client()).create()) {
                for (int state = 1; state <= SNAPSHOTS; state++) {
                    kept.add(crm.backup(repository, state));
                }
            }
            return kept;
        }

        private CopyReport copy(Sink sink) throws Exception {
            try (BackupRepository from = crm.on(source.client()).open();
                    BackupRepository to = crm.on(sink).open()) {
                return from.copyTo(to, SnapshotSelection.all());
            }
        }

        @Override
        public void run(Sink sink, List<SmallCrm.Kept> prepared, Consumer<SnapshotId> acknowledge) throws Exception {
            copy(sink).copied().forEach(one -> acknowledge.accept(one.copy()));
        }

        @Override
        public void check(Sink sink, List<SmallCrm.Kept> prepared, List<SnapshotId> acknowledged) throws Exception {
            CopyReport rest = copy(new Unclosed(sink));
            assertThat(rest.present().size() + rest.copied().size()).isEqualTo(SNAPSHOTS);
            assertThat(rest.passedOver()).isEmpty();
            try (BackupRepository repository = crm.on(sink).open()) {
                assertThat(repository.snapshots()).hasSize(SNAPSHOTS);
                assertThat(repository.snapshots()).extracting(Snapshot::id).containsAll(acknowledged);
                for (int i = 0; i < SNAPSHOTS; i++) {
                    SnapshotId copy =
                            repository.snapshots().get(SNAPSHOTS - 1 - i).id();
                    crm.expectRestored(
                            repository, new SmallCrm.Kept(copy, prepared.get(i).content()));
                }
                assertThat(repository.verify(VerifyDepth.allData()).damages()).isEmpty();
            }
        }
    }

    /** A repository with two copies of everything, one of which is damaged, is repaired. */
    private final class Repairs implements Workload<List<SmallCrm.Kept>, Boolean> {
        private final SmallCrm crm = new SmallCrm(directory);

        Repairs() throws IOException {}

        @Override
        public List<SmallCrm.Kept> prepare(Sink sink) throws Exception {
            List<SmallCrm.Kept> kept = new ArrayList<>();
            try (BackupRepository repository = crm.on(new Unclosed(sink)).create()) {
                kept.add(crm.backup(repository, 1));
            }
            List<String> packs = new ArrayList<>();
            sink.list("packs/", pack -> packs.add(pack.name()));
            try (BackupRepository repository = crm.on(new Unclosed(sink)).open()) {
                kept.add(crm.backup(repository, 1, BackupStrategy.full().selfContained()));
            }
            for (String pack : packs) {
                sink.delete(pack);
            }
            return kept;
        }

        @Override
        public void run(Sink sink, List<SmallCrm.Kept> prepared, Consumer<Boolean> acknowledge) throws Exception {
            try (BackupRepository repository = crm.on(sink).open()) {
                acknowledge.accept(repository.repair(VerifyDepth.structure()).isSound());
            }
        }

        @Override
        public void check(Sink sink, List<SmallCrm.Kept> prepared, List<Boolean> acknowledged) throws Exception {
            try (BackupRepository repository = crm.on(sink).open()) {
                List<Damage> damages = repository.verify(VerifyDepth.allData()).damages();
                if (acknowledged.contains(true)) {
                    assertThat(damages).isEmpty();
                } else {
                    assertThat(damages).allMatch(damage -> damage.snapshots().isEmpty());
                }
                assertThat(repository.repair(VerifyDepth.allData()).isSound()).isTrue();
                for (SmallCrm.Kept one : prepared) {
                    crm.expectRestored(repository, one);
                }
                assertThat(repository.verify(VerifyDepth.allData()).damages()).isEmpty();
            }
        }
    }

    @Test
    void copiesSurviveEveryFault() throws Exception {
        int points = CrashPoints.of(new Copies())
                .with(CrashPoints.Outcome.CRASH_BEFORE, CrashPoints.Outcome.LOST_ANSWER, CrashPoints.Outcome.LATE)
                .run();
        assertThat(points).isGreaterThanOrEqualTo(27);
    }

    @Test
    void repairsSurviveEveryFault() throws Exception {
        assertThat(CrashPoints.of(new Repairs()).run()).isGreaterThan(20);
    }

    @Test
    void repairsAndBackupsBesideThemSurviveManyOrders() throws Exception {
        Repairs repairs = new Repairs();
        // The same records again: this backup relies on the packs that the repair gives up, or sees that it can't.
        Interleavings.of(repairs, (sink, prepared, acknowledge) -> {
                    try (BackupRepository repository = repairs.crm.on(sink).open()) {
                        repairs.crm.backup(repository, 1);
                    }
                })
                .random(1, Integer.getInteger("crmbackup.repairOrders", 15));
    }

    /** A sink that is opened several times. */
    private record Unclosed(Sink sink) implements Sink {
        @Override
        public void put(String name, SinkContent content) throws IOException {
            sink.put(name, content);
        }

        @Override
        public InputStream get(String name, long offset, long length) throws IOException {
            return sink.get(name, offset, length);
        }

        @Override
        public void list(String prefix, Consumer<SinkObject> visitor) throws IOException {
            sink.list(prefix, visitor);
        }

        @Override
        public void delete(String name) throws IOException {
            sink.delete(name);
        }

        @Override
        public void close() {}
    }
}
