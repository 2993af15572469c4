package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupStrategy;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.prune.WrongPrune;
import io.crmbackup.tck.CrashPoints;
import io.crmbackup.tck.Interleavings;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Crashes programs with expires and prunes at every operation, and lets several clients do all of it at once; and shows that pruners that are wrong are caught in the act. */
class PruneCampaignTest {
    private static final int PROGRAMS_AT_ONCE = Integer.getInteger("crmbackup.programsAtOnce", 4);
    private static final int RUNS_TO_FIND_A_LOSS = 300;

    @TempDir
    private Path directory;

    private PruneCampaign random(long seed, int steps) throws IOException {
        return PruneCampaign.random(new TinyCrm(directory), seed, steps);
    }

    private PruneCampaign program(PruneCampaign.Program program) throws IOException {
        return new PruneCampaign(new TinyCrm(directory), program);
    }

    private PruneCampaign prunes(WrongPrune how) throws IOException {
        return program((campaign, repository, tell) -> campaign.prune(how, repository, WrongPrune.AT_ONCE));
    }

    private PruneCampaign backups(long... states) throws IOException {
        return program((campaign, repository, tell) -> {
            for (long state : states) {
                campaign.backup(repository, state, BackupStrategy.incremental(), tell);
            }
        });
    }

    @Test
    void nothingIsLostWhereverItCrashes(TestReporter reporter) throws Exception {
        int wanted = Integer.getInteger("crmbackup.crashPoints", 250);
        int points = 0;
        for (int seed = 1; points < wanted; seed++) {
            points += CrashPoints.of(random(seed, 3))
                    .seed(seed)
                    .with(
                            CrashPoints.Outcome.CRASH_BEFORE,
                            CrashPoints.Outcome.CRASH_MIDWAY,
                            CrashPoints.Outcome.CRASH_AFTER)
                    .run();
        }
        reporter.publishEntry("crash points", Integer.toString(points));
        assertThat(points).isGreaterThanOrEqualTo(wanted);
    }

    @Test
    void nothingIsLostByErrorsAndLostAnswersAndLateCalls() throws Exception {
        PruneCampaign all = program((campaign, repository, tell) -> {
            campaign.backup(repository, 5, BackupStrategy.incremental(), tell);
            campaign.prune(WrongPrune.NONE, repository, WrongPrune.AT_ONCE);
        });
        int points = CrashPoints.of(all)
                .with(CrashPoints.Outcome.ERROR, CrashPoints.Outcome.LOST_ANSWER, CrashPoints.Outcome.LATE)
                .run();
        assertThat(points).isGreaterThanOrEqualTo(30);
    }

    @Test
    void nothingIsLostWhenManyActAtOnce() throws Exception {
        for (int seed = 1; seed <= PROGRAMS_AT_ONCE; seed++) {
            Interleavings.of(random(seed, 3), random(seed + 100, 3))
                    .and(random(seed + 200, 2))
                    .random(seed, 20);
        }
    }

    @Test
    void nothingIsLostInAnyOrderOfABackupAndAPruneWithASwitch() throws Exception {
        // The first state is one whose packs nobody needs any more: the backup finds them again.
        assertThat(Interleavings.of(backups(3), prunes(WrongPrune.NONE)).exhaustive(1, 2000))
                .isBetween(50, 1999);
        assertThat(Interleavings.of(prunes(WrongPrune.NONE), prunes(WrongPrune.NONE))
                        .exhaustive(1, 2000))
                .isBetween(50, 1999);
    }

    @ParameterizedTest
    @EnumSource(
            value = WrongPrune.class,
            names = {"MARK_NOT_KEPT_UP", "DELETED_BEFORE_CONDEMNED", "UNNAMED_IS_DELETED"})
    void prunerThatIsWrongLosesSomethingInSomeOrder(WrongPrune wrong) throws Exception {
        assertThatThrownBy(
                        () -> Interleavings.of(backups(3, 2, 3), prunes(wrong)).random(1, RUNS_TO_FIND_A_LOSS))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("random(")
                .satisfies(PruneCampaignTest::expectLoss);
    }

    @Test
    void prunerThatIsRightLosesNothingInManyOrders() throws Exception {
        Interleavings.of(backups(3, 2, 3), prunes(WrongPrune.NONE))
                .random(1, Integer.getInteger("crmbackup.pruneOrders", 100));
    }

    @ParameterizedTest
    @EnumSource(
            value = WrongPrune.class,
            names = {"UNRESOLVED_PASSED_OVER", "MOVED_NOT_NAMED"})
    void prunerThatIsWrongLosesSomethingByItself(WrongPrune wrong) throws Exception {
        assertThatThrownBy(() -> alone(expiresAndPrunes(wrong))).satisfies(PruneCampaignTest::expectLoss);
        alone(expiresAndPrunes(WrongPrune.NONE));
    }

    private PruneCampaign expiresAndPrunes(WrongPrune how) throws IOException {
        return program((campaign, repository, tell) -> {
            campaign.expireOldest(repository, tell);
            campaign.prune(how, repository, WrongPrune.AT_ONCE.thoroughly());
        });
    }

    /** Runs a program without any fault. */
    private static void alone(PruneCampaign campaign) throws Exception {
        CrashPoints.of(campaign).at(operation -> false).run();
    }

    /** That it was the data that was missed, and not something about the test. */
    private static void expectLoss(Throwable failure) {
        assertThat(failure)
                .matches(
                        thrown -> {
                            for (Throwable one = thrown; one != null; one = one.getCause()) {
                                if (one instanceof DamagedObjectException
                                        || String.valueOf(one.getMessage()).startsWith("[damaged]")) {
                                    return true;
                                }
                            }
                            return false;
                        },
                        "tells of missing data");
    }
}
