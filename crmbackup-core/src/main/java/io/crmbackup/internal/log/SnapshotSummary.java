package io.crmbackup.internal.log;

import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.report.BackupSizes;
import io.crmbackup.report.SnapshotState;
import io.crmbackup.report.StrategyKind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the log itself says about a snapshot, so that listing needs no manifest.
 *
 * @param id the snapshot's id, which is that of its manifest {@code snap/<id>}
 * @param plan name of the plan, at most 1,024 bytes of UTF-8
 * @param moment the moment that it stands for
 * @param strategy what was run
 * @param state whether it is complete
 * @param sizes how much was read, changed and stored
 * @param base the snapshot that the change was measured against, or null if there was none
 */
public record SnapshotSummary(
        ObjectId id,
        String plan,
        Instant moment,
        StrategyKind strategy,
        SnapshotState state,
        BackupSizes sizes,
        @Nullable ObjectId base) {
    static final int MAX_PLAN = 1024;

    /** Checks the values. */
    public SnapshotSummary {
        if (plan.getBytes(StandardCharsets.UTF_8).length > MAX_PLAN) {
            throw new IllegalArgumentException("the name of a plan has at most " + MAX_PLAN + " bytes: " + plan);
        }
        if (sizes.bytesRead() < 0 || sizes.bytesChanged() < 0 || sizes.bytesRemoved() < 0 || sizes.bytesStored() < 0) {
            throw new IllegalArgumentException("sizes can't be negative: " + sizes);
        }
    }
}
