package io.crmbackup;

import io.crmbackup.report.BackupSizes;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.report.SnapshotState;
import io.crmbackup.report.StrategyKind;
import java.time.Instant;

/**
 * A restore point: the immutable result of one backup.
 *
 * @param id its id
 * @param plan the name of the plan that it was made by
 * @param moment the moment that it stands for: that of its first source with one moment, or else its begin
 * @param strategy what was run
 * @param state whether it is complete
 * @param sizes how much was read, changed and stored
 */
public record Snapshot(
        SnapshotId id, String plan, Instant moment, StrategyKind strategy, SnapshotState state, BackupSizes sizes) {}
