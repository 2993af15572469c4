package io.crmbackup.internal.backup;

import io.crmbackup.BackupStrategy;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.snapshot.Snapshots;
import io.crmbackup.report.StrategyKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a backup runs as, and against which snapshot. Partial snapshots are bases like others: what they lack has no fingerprint in them and is
 * read again. If they were not, one file that can never be read would make every run a full one.
 *
 * @param kind what is run
 * @param base the snapshot that unchanged records are taken from and change is measured against, or null
 * @param reason why it is not what was asked for, or empty
 */
record StrategyChoice(StrategyKind kind, LogState.@Nullable Live base, String reason) {
    static StrategyChoice of(LogState state, String plan, BackupStrategy strategy, Instant now) {
        if (strategy.kind() == StrategyKind.FULL) {
            return full("");
        }
        Optional<LogState.Live> latest = Snapshots.latest(state, plan, any -> true);
        if (latest.isEmpty()) {
            return full("the plan has no snapshot yet");
        }
        Optional<LogState.Live> latestFull =
                Snapshots.latest(state, plan, one -> one.summary().strategy() == StrategyKind.FULL);
        boolean needsFull = strategy.kind() == StrategyKind.DIFFERENTIAL
                || strategy.longestTimeBetweenFulls().isPresent();
        if (latestFull.isEmpty() && needsFull) {
            return full("the plan has no full snapshot any more");
        }
        Optional<Duration> longest = strategy.longestTimeBetweenFulls();
        if (longest.isPresent() && isFurtherAway(latestFull.orElseThrow().written(), now, longest.get())) {
            return full("the latest full snapshot is older than " + longest.get());
        }
        return new StrategyChoice(
                strategy.kind(), strategy.kind() == StrategyKind.DIFFERENTIAL ? latestFull.get() : latest.get(), "");
    }

    /** In either direction: a clock that was wrong once and noted a time far in the future must not put off full backups until then. */
    private static boolean isFurtherAway(Instant written, Instant now, Duration longest) {
        return Duration.between(written, now).abs().compareTo(longest) > 0;
    }

    /** Everything is read and nothing is taken from an older snapshot, for this reason. */
    static StrategyChoice full(String reason) {
        return new StrategyChoice(StrategyKind.FULL, null, reason);
    }
}
