package io.crmbackup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.report.BackupSizes;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.report.SnapshotState;
import io.crmbackup.report.StrategyKind;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetentionTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    /** Snapshots in the order of their commits; judged newest first. */
    private final List<Snapshot> history = new ArrayList<>();

    private Snapshot add(String moment, StrategyKind kind, SnapshotState state) {
        Snapshot one = new Snapshot(
                SnapshotId.of(String.format("%032x", history.size() + 1)),
                "crm",
                Instant.parse(moment),
                kind,
                state,
                new BackupSizes(0, 0, 0, 0));
        history.add(0, one);
        return one;
    }

    private Snapshot add(String moment) {
        return add(moment, StrategyKind.INCREMENTAL, SnapshotState.COMPLETE);
    }

    private List<String> reasons(Retention rule, Snapshot snapshot) {
        return rule.reasonsToKeep(history, NOW).getOrDefault(snapshot.id(), List.of());
    }

    @Test
    void lastKeepsTheNewestSnapshotsAndSaysWhich() {
        Snapshot first = add("2026-11-20T01:00:00Z");
        Snapshot second = add("2026-11-21T01:00:00Z");
        Snapshot third = add("2026-11-22T01:00:00Z");
        Retention rule = Retention.keep().last(2);
        assertThat(reasons(rule, third)).containsExactly("newest complete snapshot of the plan", "last 1");
        assertThat(reasons(rule, second)).containsExactly("last 2");
        assertThat(reasons(rule, first)).isEmpty();
    }

    @Test
    void periodsKeepTheLastSnapshotOfEachAndSkipThoseWithoutAny() {
        Snapshot old = add("2026-08-01T01:00:00Z");
        Snapshot early = add("2026-11-21T01:00:00Z");
        Snapshot late = add("2026-11-21T23:59:59Z");
        Snapshot today = add("2026-11-22T01:00:00Z");
        Retention rule = Retention.keep().daily(3).monthly(1);
        assertThat(reasons(rule, today)).contains("daily 2026-11-22", "monthly 2026-11");
        assertThat(reasons(rule, late)).containsExactly("daily 2026-11-21");
        assertThat(reasons(rule, early)).isEmpty();
        assertThat(reasons(rule, old)).containsExactly("daily 2026-08-01");
    }

    @Test
    void everyPeriodHasItsName() {
        add("2026-01-01T05:30:00Z");
        Snapshot one = history.get(0);
        Retention rule =
                Retention.keep().hourly(1).daily(1).weekly(1).monthly(1).yearly(1);
        assertThat(reasons(rule, one))
                .containsSubsequence(
                        "hourly 2026-01-01T05Z",
                        "daily 2026-01-01",
                        "weekly 2026-W01",
                        "monthly 2026-01",
                        "yearly 2026");
    }

    @Test
    void weeksAreThoseOfIso8601() {
        Snapshot sunday = add("2027-01-03T12:00:00Z");
        assertThat(Retention.keep()
                        .weekly(1)
                        .reasonsToKeep(history, sunday.moment())
                        .get(sunday.id()))
                .contains("weekly 2026-W53");
    }

    @Test
    void daysAreThoseOfTheZone() {
        Snapshot beforeMidnight = add("2026-11-20T22:30:00Z");
        Snapshot afterMidnight = add("2026-11-20T23:30:00Z");
        Retention rule = Retention.keep().daily(2);
        assertThat(reasons(rule, beforeMidnight)).isEmpty();
        Retention berlin = rule.inZone(ZoneId.of("Europe/Berlin"));
        assertThat(reasons(berlin, beforeMidnight)).containsExactly("daily 2026-11-20");
        assertThat(reasons(berlin, afterMidnight)).contains("daily 2026-11-21");
    }

    @Test
    void hourThatComesTwiceInANightIsTwoHours() {
        Snapshot summerTime = add("2026-10-25T00:30:00Z");
        Snapshot winterTime = add("2026-10-25T01:30:00Z");
        Retention rule = Retention.keep().hourly(2).inZone(ZoneId.of("Europe/Berlin"));
        assertThat(reasons(rule, winterTime)).contains("hourly 2026-10-25T02+01:00");
        assertThat(reasons(rule, summerTime)).containsExactly("hourly 2026-10-25T02+02:00");
    }

    @Test
    void withinCountsBackFromTheNewestSnapshot() {
        Snapshot outside = add("2025-01-01T00:00:00Z");
        Snapshot atTheEdge = add("2025-01-03T00:00:00Z");
        Snapshot newest = add("2025-01-10T00:00:00Z");
        Retention rule = Retention.keep().within(Duration.ofDays(7));
        assertThat(reasons(rule, newest)).contains("within PT168H");
        assertThat(reasons(rule, atTheEdge)).containsExactly("within PT168H");
        assertThat(reasons(rule, outside)).isEmpty();
    }

    @Test
    void newestFullStaysWhateverTheRules() {
        Snapshot olderFull = add("2026-01-01T00:00:00Z", StrategyKind.FULL, SnapshotState.COMPLETE);
        Snapshot full = add("2026-02-01T00:00:00Z", StrategyKind.FULL, SnapshotState.COMPLETE);
        add("2026-11-21T00:00:00Z", StrategyKind.DIFFERENTIAL, SnapshotState.COMPLETE);
        assertThat(reasons(Retention.keep().last(1), full)).containsExactly("newest full of the plan");
        assertThat(reasons(Retention.keep().last(1), olderFull)).isEmpty();
    }

    @Test
    void partialSnapshotsStayUntilANewerOneIsCompleteAndCountForNothing() {
        Snapshot before = add("2026-11-18T00:00:00Z", StrategyKind.INCREMENTAL, SnapshotState.PARTIAL);
        Snapshot complete = add("2026-11-19T00:00:00Z");
        Snapshot after = add("2026-11-20T00:00:00Z", StrategyKind.INCREMENTAL, SnapshotState.PARTIAL);
        Retention rule = Retention.keep().last(5).daily(5);
        assertThat(reasons(rule, before)).isEmpty();
        assertThat(reasons(rule, complete)).contains("last 1");
        assertThat(reasons(rule, after)).containsExactly("partial, and no newer one is complete");
    }

    @Test
    void snapshotsOfTheFutureStayAndDisplaceNoOthers() {
        Snapshot real = add("2026-11-21T00:00:00Z");
        Snapshot future = add("2126-01-01T00:00:00Z");
        add("2026-11-22T00:00:00Z");
        Retention rule = Retention.keep().last(2).within(Duration.ofDays(3));
        assertThat(reasons(rule, future)).containsExactly("its moment is in the future");
        assertThat(reasons(rule, real)).containsExactly("last 2", "within PT72H");
    }

    @Test
    void clockThatIsWrongExpiresNothingMore() {
        Random random = new Random(1);
        for (int i = 0; i < 40; i++) {
            add(NOW.minus(Duration.ofHours(random.nextInt(5000))).toString());
        }
        Retention rule = Retention.keep().last(3).daily(5).within(Duration.ofDays(10));
        Map<SnapshotId, List<String>> right = rule.reasonsToKeep(history, NOW);
        assertThat(rule.reasonsToKeep(history, NOW.plus(Duration.ofDays(40_000))))
                .isEqualTo(right);
        assertThat(rule.reasonsToKeep(history, Instant.EPOCH).keySet()).hasSize(40);
    }

    @Test
    void keepAllKeepsAll() {
        Snapshot first = add("2020-01-01T00:00:00Z");
        add("2026-01-01T00:00:00Z");
        assertThat(reasons(Retention.keepAll(), first)).containsExactly("everything is kept");
    }

    @Test
    void moreRulesNeverKeepLess() {
        for (int seed = 0; seed < 50; seed++) {
            history.clear();
            Random random = new Random(seed);
            for (int i = 0; i < 60; i++) {
                add(
                        NOW.minus(Duration.ofHours(random.nextInt(20_000))).toString(),
                        StrategyKind.values()[random.nextInt(3)],
                        SnapshotState.values()[random.nextInt(2)]);
            }
            Retention few = Retention.keep().daily(1 + random.nextInt(9));
            Retention more = few.last(1 + random.nextInt(9)).weekly(2).yearly(3);
            assertThat(more.reasonsToKeep(history, NOW).keySet())
                    .as("seed %d", seed)
                    .containsAll(few.reasonsToKeep(history, NOW).keySet());
        }
    }

    @Test
    void wrongNumbersAreRefusedAtOnce() {
        Retention rule = Retention.keep();
        assertThatThrownBy(() -> rule.last(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 1 snapshot, not 0");
        assertThatThrownBy(() -> rule.daily(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> rule.within(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Retention.keepAll().last(3)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void ruleThatKeepsNothingIsRefused() {
        assertThatThrownBy(() -> Retention.keep().reasonsToKeep(history, NOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("keeps nothing");
        assertThatThrownBy(() -> BackupPlan.named("crm").retention(Retention.keep()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void plansAreJudgedOneAtATime() {
        add("2026-11-22T00:00:00Z");
        Snapshot crm = history.get(0);
        history.add(new Snapshot(
                SnapshotId.of("f".repeat(32)), "other", crm.moment(), crm.strategy(), crm.state(), crm.sizes()));
        assertThatThrownBy(() -> Retention.keepAll().reasonsToKeep(history, NOW))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void rulesAreValues() {
        Retention one = Retention.keep().last(7).daily(30);
        assertThat(one).isEqualTo(Retention.keep().daily(30).last(7)).isNotEqualTo(one.last(8));
        assertThat(one).hasToString("keep last 7, daily 30, in UTC");
    }
}
