package io.crmbackup.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupRepository;
import io.crmbackup.VerifyDepth;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.Sink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** Crashes backup, restore and verify at every operation of the sink, and lets two writers work at once. */
class CrashCampaignTest {
    @TempDir
    private Path directory;

    /** A snapshot is there; something is done; all that was promised must still be there. */
    private abstract static class Campaign implements Workload<List<SmallCrm.Kept>, SmallCrm.Kept> {
        final SmallCrm crm;

        Campaign(Path directory) throws IOException {
            this.crm = new SmallCrm(directory);
        }

        @Override
        public List<SmallCrm.Kept> prepare(Sink sink) throws Exception {
            try (BackupRepository repository = crm.on(sink).create()) {
                return List.of(crm.backup(repository, 1));
            }
        }

        @Override
        public void check(Sink sink, List<SmallCrm.Kept> prepared, List<SmallCrm.Kept> acknowledged) throws Exception {
            List<SmallCrm.Kept> kept = new ArrayList<>(prepared);
            kept.addAll(acknowledged);
            crm.check(sink, kept);
        }
    }

    private Campaign backups(int... states) throws IOException {
        return new Campaign(directory) {
            @Override
            public void run(Sink sink, List<SmallCrm.Kept> prepared, Consumer<SmallCrm.Kept> acknowledge)
                    throws Exception {
                try (BackupRepository repository = crm.on(sink).open()) {
                    for (int state : states) {
                        acknowledge.accept(crm.backup(repository, state));
                    }
                }
            }
        };
    }

    private Campaign restores() throws IOException {
        return new Campaign(directory) {
            @Override
            public void run(Sink sink, List<SmallCrm.Kept> prepared, Consumer<SmallCrm.Kept> acknowledge)
                    throws Exception {
                try (BackupRepository repository = crm.on(sink).open()) {
                    crm.expectRestored(repository, prepared.get(0));
                    repository.verify(VerifyDepth.allData());
                }
            }
        };
    }

    @Test
    void acknowledgedSnapshotsSurviveACrashAnywhere(TestReporter reporter) throws Exception {
        int wanted = Integer.getInteger("crmbackup.crashPoints", 250);
        int points = 0;
        for (int seed = 1; points < wanted; seed++) {
            points += crashes(backups(seed + 2), seed).run();
            if (seed % 20 == 1) {
                points += crashes(backups(seed + 2, seed + 3, seed + 2), seed).run();
                points += reads(backups(seed + 2), seed).run();
                points += reads(restores(), seed).run();
            }
        }
        reporter.publishEntry("crash points", Integer.toString(points));
        assertThat(points).isGreaterThanOrEqualTo(wanted);
    }

    private static CrashPoints<?, ?> crashes(Campaign campaign, int seed) {
        return CrashPoints.of(campaign)
                .seed(seed)
                .with(
                        CrashPoints.Outcome.CRASH_BEFORE,
                        CrashPoints.Outcome.CRASH_MIDWAY,
                        CrashPoints.Outcome.CRASH_AFTER);
    }

    private static CrashPoints<?, ?> reads(Campaign campaign, int seed) {
        return CrashPoints.of(campaign)
                .seed(seed)
                .at(operation -> !operation.mutates())
                .with(CrashPoints.Outcome.CRASH_BEFORE);
    }

    @Test
    void acknowledgedSnapshotsSurviveErrorsAndLostAnswersAndLatePuts() throws Exception {
        int points = CrashPoints.of(backups(3))
                .with(CrashPoints.Outcome.ERROR, CrashPoints.Outcome.LOST_ANSWER, CrashPoints.Outcome.LATE)
                .run();
        assertThat(points).isGreaterThanOrEqualTo(12);
    }

    @Test
    void twoWritersSurviveEveryOrderWithASwitch() throws Exception {
        assertThat(Interleavings.of(backups(3), backups(4)).exhaustive(1, 2000)).isBetween(20, 1999);
        Interleavings.of(backups(3), backups(4)).and(restores()).random(1, 20);
    }

    @Test
    void acknowledgementThatDoesNotLastIsFound() throws Exception {
        Campaign hasty = new Campaign(directory) {
            @Override
            public void run(Sink sink, List<SmallCrm.Kept> prepared, Consumer<SmallCrm.Kept> acknowledge)
                    throws Exception {
                SnapshotId guess =
                        SnapshotId.of("0".repeat(prepared.get(0).id().toString().length()));
                acknowledge.accept(new SmallCrm.Kept(guess, prepared.get(0).content()));
            }
        };
        assertThatThrownBy(() -> CrashPoints.of(hasty).run())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("not listed");
    }
}
