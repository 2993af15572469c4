package io.crmbackup.report;

/** What a backup reads, and what its change is measured against. Each makes a snapshot that restores by itself. */
public enum StrategyKind {
    /** Reads everything and trusts no sign of being unchanged. */
    FULL,
    /** Reads what changed since the plan's latest snapshot. */
    INCREMENTAL,
    /** Reads what changed since the plan's latest full snapshot. */
    DIFFERENTIAL
}
