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
    private final List<RecordReferences> recordReferences;
    private final @Nullable SnapshotId undone;
    private final boolean verify;
    private final @Nullable BackupPlan system;

    private RestorePlan(Builder builder) {
        snapshot = builder.snapshot;
        plan = builder.plan;
        asOf = builder.asOf;
        targets = Collections.unmodifiableMap(new LinkedHashMap<>(builder.targets));
        Map<String, List<Selection>> copy = new LinkedHashMap<>();
        builder.selections.forEach((source, list) -> copy.put(source, List.copyOf(list)));
        selections = Collections.unmodifiableMap(copy);
        recordReferences = List.copyOf(builder.recordReferences);
        undone = builder.undone;
        verify = builder.verify;
        system = builder.system;
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

    /** The snapshot with what is undone; empty if records are restored as they were, whatever they became. */
    public Optional<SnapshotId> undoing() {
        return Optional.ofNullable(undone);
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

    /** Which records refer to which others, besides what the snapshot tells. */
    public List<RecordReferences> recordReferences() {
        return recordReferences;
    }

    /** Whether what was restored is read back and compared. */
    public boolean verifies() {
        return verify;
    }

    /** The plan whose sources are rolled back in their places, if that was asked for. */
    public Optional<BackupPlan> system() {
        return Optional.ofNullable(system);
    }

    @Override
    public String toString() {
        return "restore "
                + (snapshot != null ? snapshot.brief() : asOf != null ? plan + " as of " + asOf : "latest " + plan)
                + (undone == null ? "" : ", undoing what changed until " + undone.brief())
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
        private final List<RecordReferences> recordReferences = new ArrayList<>();
        private @Nullable SnapshotId undone;
        private boolean verify;
        private @Nullable BackupPlan system;

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

        /**
         * Rolls a running system back: each source of a plan becomes, in its own place, what it was. Sources can have other targets: {@link #into}
         * comes before.
         *
         * <p>First those who write into databases are held out, as far as a source allows; then a snapshot of what is there is taken into the same
         * repository, as one of the plan's name followed by {@value BackupPlan#BEFORE_RESTORE}, so that the restore itself can be undone; then what
         * is restored into databases is written where nobody sees it, and compared with the backup; then files are written, each of them the old one
         * or the new one at any moment; then the databases change at once; and last, files are deleted that were not there then. Up to the first file
         * everything stays as it was, whatever fails. From there to the end a directory shows that it is unfinished, and the same restore, repeated,
         * completes it.
         *
         * @throws IllegalArgumentException if a source can't be restored in its place; it names all of them
         */
        public Builder intoSourcesOf(BackupPlan plan) {
            Map<String, Target> places = new LinkedHashMap<>();
            List<String> without = new ArrayList<>();
            plan.sources().forEach((name, source) -> {
                if (!targets.containsKey(name)) {
                    source.inPlace()
                            .ifPresentOrElse(
                                    target -> places.put(name, target), () -> without.add(name + " (" + source + ")"));
                }
            });
            if (!without.isEmpty()) {
                throw new IllegalArgumentException("these sources of plan " + plan.name()
                        + " can't be restored in their places: " + String.join(", ", without)
                        + "; give them a target with .into(\"source\", target) before");
            }
            targets.putAll(places);
            system = plan;
            return this;
        }

        /** Restores only a part of a source; several parts add up. */
        public Builder only(String source, Selection selection) {
            selections
                    .computeIfAbsent(BackupPlan.checkName("source", source), any -> new ArrayList<>())
                    .add(Objects.requireNonNull(selection, "selection"));
            return this;
        }

        /**
         * Says that records refer to records, besides what the snapshot's sources and its backup plan told: for snapshots that were made before the
         * plan said so. If the snapshot has no such collections or fields, the restore fails before it has any effect.
         */
        public Builder references(RecordReferences references) {
            recordReferences.add(Objects.requireNonNull(references, "references"));
            return this;
        }

        /**
         * Restores only what changed between the restore point and a later snapshot: records and fields that have still the later values go back, and what was
         * written since stays. What it costs follows what changed. Selections narrow it to some records, and {@link Selection#fields} to some
         * fields. Files come with records that go back, by {@link Selection#withFiles()}; else the target has to be one that can undo changes.
         *
         * <p>From a restore point that is partial no record is taken for added since, and so none is removed.
         *
         * @param after the snapshot with what is to be undone; it may be partial, then what it lacks counts as removed
         */
        public Builder undoing(SnapshotId after) {
            undone = Objects.requireNonNull(after, "after");
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
                if (Objects.requireNonNull(targets.get(source)).replaces()) {
                    throw new IllegalStateException("a part of source \"" + source
                            + "\" is selected, but its target replaces all that is there: merge the part instead");
                }
            }
            if (undone != null && verify) {
                throw new IllegalStateException("what is undone can't be verified by reading back, as what was written"
                        + " since stays: leave out .verify(); the report tells what was done");
            }
            if (undone == null
                    && selections.values().stream()
                            .flatMap(List::stream)
                            .anyMatch(selection -> !selection.fields().isEmpty())) {
                throw new IllegalStateException("single fields go back only where changes are undone:"
                        + " .undoing(the snapshot with the changes)");
            }
            return new RestorePlan(this);
        }
    }
}
