package io.crmbackup;

import io.crmbackup.report.StrategyKind;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a backup reads, and what its change is measured against. With S(n) the state at backup n, the size of an incremental backup is what
 * differs between S(n) and S(n-1), the size of a differential one what differs between S(n) and the state at the last full backup. Whatever
 * the strategy, every backup makes a snapshot that restores by itself: there are no chains. Immutable.
 */
public final class BackupStrategy {
    private final StrategyKind kind;
    private final boolean selfContained;
    private final @Nullable Duration fullAtLeastEvery;

    private BackupStrategy(StrategyKind kind, boolean selfContained, @Nullable Duration fullAtLeastEvery) {
        this.kind = kind;
        this.selfContained = selfContained;
        this.fullAtLeastEvery = fullAtLeastEvery;
    }

    /** Reads every byte and row and trusts no sign of being unchanged. What is stored already is not stored again. */
    public static BackupStrategy full() {
        return new BackupStrategy(StrategyKind.FULL, false, null);
    }

    /** Reads what changed since the plan's latest snapshot. If there is none, runs as {@link #full()} and says so. */
    public static BackupStrategy incremental() {
        return new BackupStrategy(StrategyKind.INCREMENTAL, false, null);
    }

    /** Reads what changed since the plan's latest full snapshot. If there is none, runs as {@link #full()} and says so. */
    public static BackupStrategy differential() {
        return new BackupStrategy(StrategyKind.DIFFERENTIAL, false, null);
    }

    /**
     * A full backup that stores everything anew and shares nothing with older snapshots, so that damage to what they need can't harm it.
     * Throws {@link IllegalStateException} for other strategies, which share by definition.
     */
    public BackupStrategy selfContained() {
        if (kind != StrategyKind.FULL) {
            throw new IllegalStateException("only a full backup can be self-contained, not " + this);
        }
        return new BackupStrategy(kind, true, fullAtLeastEvery);
    }

    /** Runs as {@link #full()} when the plan's latest full snapshot is older than this. Throws {@link IllegalStateException} for a full. */
    public BackupStrategy fullAtLeastEvery(Duration age) {
        if (kind == StrategyKind.FULL) {
            throw new IllegalStateException(
                    "a full backup is full every time; fullAtLeastEvery is for the other strategies");
        }
        if (age.isNegative() || age.isZero()) {
            throw new IllegalArgumentException("the time between full backups must be positive, not " + age);
        }
        return new BackupStrategy(kind, false, age);
    }

    /** What kind of backup it asks for. */
    public StrategyKind kind() {
        return kind;
    }

    /** Whether everything is stored anew. */
    public boolean isSelfContained() {
        return selfContained;
    }

    /** How old the latest full snapshot may be; empty for any age. */
    public Optional<Duration> longestTimeBetweenFulls() {
        return Optional.ofNullable(fullAtLeastEvery);
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(java.util.Locale.ROOT)
                + (selfContained ? ", self-contained" : "")
                + (fullAtLeastEvery == null ? "" : ", full at least every " + fullAtLeastEvery);
    }
}
