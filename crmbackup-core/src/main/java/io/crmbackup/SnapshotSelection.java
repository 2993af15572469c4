package io.crmbackup;

import io.crmbackup.report.SnapshotId;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which snapshots of a repository are meant. Immutable. */
public final class SnapshotSelection {
    private final @Nullable String plan;
    private final Set<SnapshotId> ids;
    private final boolean latestOnly;

    private SnapshotSelection(@Nullable String plan, Set<SnapshotId> ids, boolean latestOnly) {
        this.plan = plan;
        this.ids = ids;
        this.latestOnly = latestOnly;
    }

    /** All snapshots of all plans, partial ones included. */
    public static SnapshotSelection all() {
        return new SnapshotSelection(null, Set.of(), false);
    }

    /** All snapshots of one plan, partial ones included. */
    public static SnapshotSelection of(String plan) {
        return new SnapshotSelection(Objects.requireNonNull(plan, "plan"), Set.of(), false);
    }

    /** The snapshots with these ids; at least one. */
    public static SnapshotSelection of(SnapshotId... ids) {
        if (ids.length == 0) {
            throw new IllegalArgumentException("name at least one snapshot");
        }
        return new SnapshotSelection(null, Collections.unmodifiableSet(new LinkedHashSet<>(List.of(ids))), false);
    }

    /** Of these, only the latest complete one of each plan. */
    public SnapshotSelection latest() {
        return new SnapshotSelection(plan, ids, true);
    }

    /** The one plan whose snapshots are meant; empty for any. */
    public Optional<String> plan() {
        return Optional.ofNullable(plan);
    }

    /** The ids of the snapshots that are meant; empty for any. */
    public Set<SnapshotId> ids() {
        return ids;
    }

    /** Whether only the latest complete one of each plan is meant. */
    public boolean isLatestOnly() {
        return latestOnly;
    }

    @Override
    public String toString() {
        String which = plan != null ? "plan " + plan : ids.isEmpty() ? "all" : ids.toString();
        return latestOnly ? which + ", the latest" : which;
    }
}
