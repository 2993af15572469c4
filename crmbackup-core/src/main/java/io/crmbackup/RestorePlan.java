package io.crmbackup;

import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is restored, from which restore point, and where to. Does no I/O. Immutable and thread-safe. */
public final class RestorePlan {
    private final @Nullable SnapshotId snapshot;
    private final @Nullable String plan;
    private final @Nullable Instant asOf;
    private final Map<String, Target> targets;
    private final Map<String, List<Selection>> selections;
    private final boolean verify;

    private RestorePlan(Builder builder) {
        snapshot = builder.snapshot;
        plan = builder.plan;
        asOf = builder.asOf;
        targets = Collections.unmodifiableMap(new LinkedHashMap<>(builder.targets));
        Map<String, List<Selection>> copy = new LinkedHashMap<>();
        builder.selections.forEach((source, list) -> copy.put(source, List.copyOf(list)));
        selections = Collections.unmodifiableMap(copy);
        verify = builder.verify;
    }

    /** From a plan's latest complete snapshot. */
    public static Builder latest(String plan) {
        return new Builder(null, BackupPlan.checkName("plan", plan), null);
    }

    /** From a given snapshot, complete or not. */
    public static Builder snapshot(SnapshotId id) {
        return new Builder(Objects.requireNonNull(id, "id"), null, null);
    }

    /** From the latest complete snapshot of a plan whose moment is at or before an instant. */
    public static Builder asOf(String plan, Instant instant) {
        return new Builder(null, BackupPlan.checkName("plan", plan), Objects.requireNonNull(instant, "instant"));
    }

    /** The snapshot asked for by its id. */
    public Optional<SnapshotId> snapshot() {
        return Optional.ofNullable(snapshot);
    }

    /** The plan whose snapshot is asked for. */
    public Optional<String> plan() {
        return Optional.ofNullable(plan);
    }

    /** The instant at or before which the snapshot's moment must lie. */
    public Optional<Instant> asOf() {
        return Optional.ofNullable(asOf);
    }

    /** The targets by source. */
    public Map<String, Target> targets() {
        return targets;
    }

    /**
     * What is restored of each source. A source that is not here is restored whole, unless another's selection brings files of it: then only
     * these are.
     */
    public Map<String, List<Selection>> selections() {
        return selections;
    }

    /** Whether what was restored is read back and compared. */
    public boolean verifies() {
        return verify;
    }

    @Override
    public String toString() {
        return "restore "
                + (snapshot != null ? snapshot.brief() : asOf != null ? plan + " as of " + asOf : "latest " + plan)
                + " into " + targets
                + (selections.isEmpty() ? "" : " only " + selections);
    }

    /** Collects a restore. Not thread-safe. */
    public static final class Builder {
        private final @Nullable SnapshotId snapshot;
        private final @Nullable String plan;
        private final @Nullable Instant asOf;
        private final Map<String, Target> targets = new LinkedHashMap<>();
        private final Map<String, List<Selection>> selections = new LinkedHashMap<>();
        private boolean verify;

        private Builder(@Nullable SnapshotId snapshot, @Nullable String plan, @Nullable Instant asOf) {
            this.snapshot = snapshot;
            this.plan = plan;
            this.asOf = asOf;
        }

        /** Restores a source, by its name in the backup plan, into a target. At least one is needed. */
        public Builder into(String source, Target target) {
            BackupPlan.checkName("source", source);
            if (targets.putIfAbsent(source, Objects.requireNonNull(target, "target")) != null) {
                throw new IllegalArgumentException("source \"" + source + "\" has a target already");
            }
            return this;
        }

        /** Restores only a part of a source; several parts add up. */
        public Builder only(String source, Selection selection) {
            selections
                    .computeIfAbsent(BackupPlan.checkName("source", source), any -> new ArrayList<>())
                    .add(Objects.requireNonNull(selection, "selection"));
            return this;
        }

        /** Reads back what was restored and fails if it is not what was backed up. */
        public Builder verify() {
            verify = true;
            return this;
        }

        /** The plan; throws {@link IllegalStateException} if its parts don't fit together. */
        public RestorePlan build() {
            if (targets.isEmpty()) {
                throw new IllegalStateException("say where to restore to with .into(\"source\", target)");
            }
            for (String source : selections.keySet()) {
                if (!targets.containsKey(source)) {
                    throw new IllegalStateException("a part of source \"" + source
                            + "\" is selected, but there is no target for it: .into(\"" + source + "\", target)");
                }
            }
            return new RestorePlan(this);
        }
    }
}
