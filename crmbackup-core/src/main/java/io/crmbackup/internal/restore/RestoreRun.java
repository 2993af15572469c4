package io.crmbackup.internal.restore;

import io.crmbackup.BackupPlan;
import io.crmbackup.PreparedRestore;
import io.crmbackup.RestorePlan;
import io.crmbackup.error.RestoreRefusedException;
import io.crmbackup.error.TargetException;
import io.crmbackup.error.VerificationFailedException;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.manifest.Manifest;
import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.operation.Progress;
import io.crmbackup.internal.snapshot.Snapshots;
import io.crmbackup.internal.snapshot.Storage;
import io.crmbackup.internal.snapshot.StoredSource;
import io.crmbackup.report.BackupReport;
import io.crmbackup.report.RestorePreview;
import io.crmbackup.report.RestoreReport;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.report.SnapshotState;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.Source;
import io.crmbackup.spi.Target;
import io.crmbackup.spi.TargetChanges;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One restore, thought through: what is written where, in which order. All records are written before anything is finished, so that a failure
 * leaves every target as it was, or visibly unfinished; files are written and finished before records, so that no record ever refers to a file
 * that is not there. Not thread-safe.
 *
 * <p>Where targets replace what is there, others are first kept from writing, in databases before files, and a snapshot is taken. Then comes what
 * nobody sees before it is finished, records, and is compared with the backup; then files, each at once in its place; then records are finished, and
 * last those files, as that deletes what only the former records refer to. So nothing has changed before the first file, and from there on the
 * same restore completes what was begun.
 */
public final class RestoreRun implements PreparedRestore {
    private final Storage storage;
    private final RestorePlan plan;
    private final Manifest manifest;
    private final List<Part> parts = new ArrayList<>();
    private final SafetySnapshot safety;
    private final RestorePreview preview;
    private boolean executed;
    private boolean closed;

    /** One source of the restore. */
    private record Part(
            StoredSource stored, Target target, List<? extends RestoredPart> collections, TargetSession session) {
        String source() {
            return stored.name();
        }

        boolean isFiles() {
            return !stored.trees().isEmpty();
        }

        /** What has to be in the target, if that keeps it in terms of its own. */
        List<RestoredCollection> counterparts() {
            List<RestoredCollection> counterparts = new ArrayList<>();
            collections.forEach(collection -> session.counterpart(collection).ifPresent(counterparts::add));
            return counterparts;
        }
    }

    private RestoreRun(
            Storage storage,
            RestorePlan plan,
            UndoSelection.Point point,
            RestoreChoice choice,
            Function<BackupPlan, BackupReport> backups)
            throws IOException {
        this.storage = storage;
        this.plan = plan;
        this.manifest = point.manifest();
        this.safety = new SafetySnapshot(backups, manifest.plan(), plan.system());
        try {
            List<String> refusals = new ArrayList<>(choice.blockers());
            for (StoredSource source : filesFirst(point.sources())) {
                Target target = plan.targets().get(source.name());
                List<? extends RestoredPart> collections = choice.of(source.name());
                if (target == null || collections.isEmpty()) {
                    continue;
                }
                if (choice.isUndone(source.name()) && !target.undoes()) {
                    refusals.add(source.name() + ": " + target
                            + " can't undo changes: give a target that does, or leave" + " the source out");
                } else {
                    TargetSession session = target.open(source.attributes(), List.copyOf(collections));
                    parts.add(new Part(source, target, collections, session));
                }
            }
            this.preview = ask(choice.notes(), refusals);
        } catch (IOException | RuntimeException e) {
            closeAfter(e);
            throw e;
        }
    }

    /**
     * Prepares a restore.
     *
     * @param backups makes the snapshot of what the restore replaces
     */
    public static RestoreRun prepare(Storage storage, RestorePlan plan, Function<BackupPlan, BackupReport> backups) {
        LogState state = storage.refresh();
        try {
            UndoSelection.Point point = point(storage, snapshot(state, plan));
            RestoreChoice choice = plan.undoing().isEmpty()
                    ? new RestoreSelection(plan, point.manifest(), point.sources(), storage::sorter)
                    : new UndoSelection(
                            plan,
                            point,
                            point(storage, Snapshots.byId(state, plan.undoing().get())),
                            storage.trees(),
                            storage::sorter);
            return new RestoreRun(storage, plan, point, choice, backups);
        } catch (IOException e) {
            Interruption.check(e);
            throw new TargetException("the restore can't be prepared: " + e.getMessage(), e);
        }
    }

    private static UndoSelection.Point point(Storage storage, LogState.Live snapshot) {
        Manifest manifest = storage.manifest(snapshot.summary().id());
        return new UndoSelection.Point(manifest, storage.sources(manifest));
    }

    private static LogState.Live snapshot(LogState state, RestorePlan plan) {
        if (plan.snapshot().isPresent()) {
            return Snapshots.byId(state, plan.snapshot().get());
        }
        String name = plan.plan().orElseThrow();
        return plan.asOf()
                .map(instant -> Snapshots.asOf(state, name, instant))
                .orElseGet(() -> Snapshots.latestComplete(state, name));
    }

    private static List<StoredSource> filesFirst(List<StoredSource> sources) {
        List<StoredSource> ordered = new ArrayList<>();
        List<StoredSource> others = new ArrayList<>();
        for (StoredSource source : sources) {
            (source.trees().isEmpty() ? others : ordered).add(source);
        }
        ordered.addAll(others);
        return ordered;
    }

    private RestorePreview ask(List<String> selectionNotes, List<String> refusals) throws IOException {
        List<RestorePreview.Part> collections = new ArrayList<>();
        List<String> blockers = new ArrayList<>(refusals);
        List<String> notes = new ArrayList<>();
        List<String> steps = new ArrayList<>();
        Map<String, TargetChanges> changes = new LinkedHashMap<>();
        if (manifest.state() == SnapshotState.PARTIAL) {
            notes.add("the snapshot is PARTIAL: " + manifest.problemCount()
                    + (manifest.problemCount() == 1 ? " problem was" : " problems were") + " met when it was made");
        }
        notes.addAll(selectionNotes);
        if (parts.stream().anyMatch(part -> part.target.replaces())) {
            notes.add("before anything changes, a snapshot of what is there is taken, as one of plan " + safety.plan());
        }
        for (Part part : parts) {
            for (RestoredPart collection : part.collections) {
                collections.add(collection.preview(part.source()));
            }
            TargetPreview asked = part.session.preview();
            String prefix = part.source() + ": ";
            asked.blockers().forEach(text -> blockers.add(prefix + text));
            asked.notes().forEach(text -> notes.add(prefix + text));
            asked.steps().forEach(text -> steps.add(prefix + text));
            asked.changes().ifPresent(known -> changes.put(part.source(), known));
        }
        return new RestorePreview(manifest.id(), collections, blockers, notes, steps, changes);
    }

    @Override
    public RestorePreview preview() {
        return preview;
    }

    @Override
    public RestoreReport execute() {
        if (executed || closed) {
            throw new IllegalStateException(
                    executed
                            ? "a prepared restore can be executed once; prepare another"
                            : "the prepared restore is closed; prepare another");
        }
        if (!preview.blockers().isEmpty()) {
            throw new RestoreRefusedException(
                    "the restore is refused, nothing was written: " + String.join("; ", preview.blockers()));
        }
        executed = true;
        Instant started = storage.clock().instant();
        Progress progress = new Progress(storage.listener());
        List<RestoreReport.Part> written = new ArrayList<>();
        Map<String, TargetChanges> changes = new LinkedHashMap<>();
        List<String> notes = new ArrayList<>(preview.notes());
        List<Part> proved = new ArrayList<>();
        Map<String, List<RestoredCollection>> counterparts = new HashMap<>();
        SnapshotId before;
        try {
            before = keepWhatIsThere();
            for (Part part : toWrite()) {
                into(part, () -> write(part, progress, written));
                into(
                        part,
                        () -> part.session.staged().ifPresent(staged -> {
                            readBack(part, progress, written).compare(staged, part.target);
                            proved.add(part);
                        }));
            }
            for (Part part : toFinish()) {
                into(part, part.session::finish);
                counterparts.put(part.source(), part.counterparts());
                part.session.changes().ifPresent(known -> changes.put(part.source(), known));
                part.session.notes().forEach(note -> notes.add(part.source() + ": " + note));
            }
        } catch (RuntimeException e) {
            closeAfter(e);
            throw e;
        }
        close();
        List<Part> unproved =
                parts.stream().filter(part -> !proved.contains(part)).toList();
        boolean verified = unproved.isEmpty() || plan.verifies() && verify(unproved, counterparts, progress, written);
        return new RestoreReport(
                manifest.id(),
                written,
                changes,
                verified,
                notes,
                Duration.between(started, storage.clock().instant()),
                before);
    }

    /** Holds what is replaced as it is, records before files, and takes a snapshot of it; null if nothing is replaced. */
    private @Nullable SnapshotId keepWhatIsThere() {
        Map<String, Source> replaced = new LinkedHashMap<>();
        for (Part part : parts(part -> !part.isFiles(), Part::isFiles)) {
            if (part.target.replaces()) {
                into(part, () -> part.session.hold().ifPresent(source -> replaced.put(part.source(), source)));
            }
        }
        return replaced.isEmpty() ? null : safety.of(replaced);
    }

    private List<Part> toWrite() {
        return parts(part -> !part.isFiles() && part.target.replaces(), Part::isFiles, part -> true);
    }

    private List<Part> toFinish() {
        return parts(part -> part.isFiles() && !part.target.replaces(), part -> !part.isFiles(), part -> true);
    }

    /** All parts in an order: first those of which the first is true, and so on. */
    @SafeVarargs
    private List<Part> parts(Predicate<Part>... order) {
        Set<Part> ordered = new LinkedHashSet<>();
        for (Predicate<Part> next : order) {
            parts.stream().filter(next).forEach(ordered::add);
        }
        return List.copyOf(ordered);
    }

    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    private static void into(Part part, Step step) {
        try {
            step.run();
        } catch (IOException e) {
            Interruption.check(e);
            throw new TargetException(
                    "restoring " + part.source() + " into " + part.target + " failed: " + e.getMessage(), e);
        }
    }

    private static void write(Part part, Progress progress, List<RestoreReport.Part> written) throws IOException {
        part.session.begin();
        int threads = Math.min(part.session.writesAtOnce(), part.collections.size());
        if (threads > 1) {
            progress.during(
                    "restore " + part.source(),
                    () -> written.addAll(
                            new ParallelWrites(part.source(), part.session, progress).run(part.collections, threads)));
            return;
        }
        for (RestoredPart collection : part.collections) {
            Interruption.check();
            progress.during("restore " + part.source() + ": " + collection.name(), () -> {
                TargetSession.WriteResult result =
                        part.session.write(new MeteredCollection(part.source(), collection, progress));
                written.add(
                        new RestoreReport.Part(part.source(), collection.name(), result.written(), result.skipped()));
            });
        }
    }

    private ReadBack readBack(Part part, Progress progress, List<RestoreReport.Part> written) {
        List<SelectedRecords> selected =
                part.collections.stream().map(SelectedRecords.class::cast).toList();
        return new ReadBack(storage, part.source(), selected, progress, written);
    }

    private boolean verify(
            List<Part> unproved,
            Map<String, List<RestoredCollection>> counterparts,
            Progress progress,
            List<RestoreReport.Part> written) {
        List<String> unread = new ArrayList<>();
        for (Part part : unproved) {
            Map<String, String> attributes = part.stored.attributes();
            Optional<Source> restored = part.target.readBack(attributes);
            List<RestoredCollection> others = counterparts.getOrDefault(part.source(), List.of());
            if (restored.isEmpty()) {
                unread.add(part.source());
            } else if (others.isEmpty()) {
                readBack(part, progress, written).compare(restored.get(), part.target);
            } else {
                new PortableReadBack(part.source(), attributes, others, progress)
                        .compare(restored.get(), part.target, storage.workDirectory());
            }
        }
        if (!unread.isEmpty()) {
            throw new VerificationFailedException("everything was restored, but the targets of " + unread
                    + " can't be read back, so what was restored there is not verified");
        }
        return true;
    }

    private void closeAfter(Exception failure) {
        try {
            close();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        TargetException failure = null;
        for (Part part : parts) {
            try {
                part.session.close();
            } catch (IOException e) {
                TargetException one = new TargetException(
                        "the restore of " + part.source() + " can't be closed: " + e.getMessage(), e);
                if (failure == null) {
                    failure = one;
                } else {
                    failure.addSuppressed(one);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
