package io.crmbackup.internal.engine;

import io.crmbackup.BackupStrategy;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.report.SnapshotState;
import io.crmbackup.report.StrategyKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a backup runs as, and against which snapshot.
 *
 * @param kind what is run
 * @param base the snapshot that unchanged records are taken from and change is measured against, or null
 * @param reason why it is not what was asked for, or empty
 */
record StrategyChoice(StrategyKind kind, LogState.@Nullable Live base, String reason) {
    static StrategyChoice of(LogState state, String plan, BackupStrategy strategy, Instant now) {
        Optional<LogState.Live> latest = Snapshots.latest(state, plan, any -> true);
        Optional<LogState.Live> latestFull = Snapshots.latest(
                state,
                plan,
                one -> one.summary().strategy() == StrategyKind.FULL
                        && one.summary().state() == SnapshotState.COMPLETE);
        if (strategy.kind() == StrategyKind.FULL) {
            return new StrategyChoice(StrategyKind.FULL, null, "");
        }
        if (latestFull.isEmpty()) {
            return new StrategyChoice(StrategyKind.FULL, null, "the plan has no complete full snapshot yet");
        }
        Duration age = Duration.between(latestFull.get().summary().moment(), now);
        Optional<Duration> longest = strategy.longestTimeBetweenFulls();
        if (longest.isPresent() && age.compareTo(longest.get()) > 0) {
            return new StrategyChoice(
                    StrategyKind.FULL, null, "the latest full snapshot is older than " + longest.get());
        }
        LogState.Live base = strategy.kind() == StrategyKind.DIFFERENTIAL ? latestFull.get() : latest.orElseThrow();
        return new StrategyChoice(strategy.kind(), base, "");
    }
}
