package io.crmbackup.internal.restore;

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
import io.crmbackup.report.RestorePreview;
import io.crmbackup.report.RestoreReport;
import io.crmbackup.report.SnapshotState;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.Target;
import io.crmbackup.spi.TargetChanges;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One restore, thought through: what is written where, in which order. All records are written before anything is finished, so that a failure
 * leaves every target as it was, or visibly unfinished; files are written and finished before records, so that no record ever refers to a file
 * that is not there. Not thread-safe.
 */
public final class RestoreRun implements PreparedRestore {
    private final Storage storage;
    private final RestorePlan plan;
    private final Manifest manifest;
    private final List<Part> parts = new ArrayList<>();
    private final RestorePreview preview;
    private boolean executed;
    private boolean closed;

    /** One source of the restore. */
    private record Part(StoredSource stored, Target target, List<SelectedRecords> collections, TargetSession session) {
        String source() {
            return stored.name();
        }
    }

    private RestoreRun(Storage storage, RestorePlan plan, Manifest manifest) throws IOException {
        this.storage = storage;
        this.plan = plan;
        this.manifest = manifest;
        try {
            List<StoredSource> sources = storage.sources(manifest);
            RestoreSelection selection = new RestoreSelection(plan, manifest, sources, storage::sorter);
            for (StoredSource source : filesFirst(sources)) {
                Target target = plan.targets().get(source.name());
                List<SelectedRecords> collections = selection.of(source.name());
                if (target != null && !collections.isEmpty()) {
                    TargetSession session = target.open(source.attributes(), List.copyOf(collections));
                    parts.add(new Part(source, target, collections, session));
                }
            }
            this.preview = ask(selection.notes());
        } catch (IOException | RuntimeException e) {
            closeAfter(e);
            throw e;
        }
    }

    public static RestoreRun prepare(Storage storage, RestorePlan plan) {
        LogState state = storage.refresh();
        try {
            return new RestoreRun(
                    storage,
                    plan,
                    storage.manifest(snapshot(state, plan).summary().id()));
        } catch (IOException e) {
            Interruption.check(e);
            throw new TargetException("the restore can't be prepared: " + e.getMessage(), e);
        }
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

    private RestorePreview ask(List<String> selectionNotes) throws IOException {
        List<RestorePreview.Part> collections = new ArrayList<>();
        List<String> blockers = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        List<String> steps = new ArrayList<>();
        Map<String, TargetChanges> changes = new LinkedHashMap<>();
        if (manifest.state() == SnapshotState.PARTIAL) {
            notes.add("the snapshot is PARTIAL: " + manifest.problemCount()
                    + (manifest.problemCount() == 1 ? " problem was" : " problems were") + " met when it was made");
        }
        notes.addAll(selectionNotes);
        for (Part part : parts) {
            for (SelectedRecords collection : part.collections) {
                collections.add(new RestorePreview.Part(
                        part.source(),
                        collection.name(),
                        collection.records(),
                        collection.extent() == RestoredCollection.Extent.WHOLE));
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
        try {
            for (Part part : parts) {
                into(part, () -> write(part, progress, written));
            }
            for (Part part : parts) {
                into(part, part.session::finish);
                part.session.changes().ifPresent(known -> changes.put(part.source(), known));
                part.session.notes().forEach(note -> notes.add(part.source() + ": " + note));
            }
        } catch (RuntimeException e) {
            closeAfter(e);
            throw e;
        }
        close();
        boolean verified = plan.verifies() && verify(progress, written);
        return new RestoreReport(
                manifest.id(),
                written,
                changes,
                verified,
                notes,
                Duration.between(started, storage.clock().instant()));
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
        for (SelectedRecords collection : part.collections) {
            Interruption.check();
            progress.during("restore " + part.source() + ": " + collection.name(), () -> {
                TargetSession.WriteResult result =
                        part.session.write(new MeteredCollection(part.source(), collection, progress));
                written.add(
                        new RestoreReport.Part(part.source(), collection.name(), result.written(), result.skipped()));
            });
        }
    }

    private boolean verify(Progress progress, List<RestoreReport.Part> written) {
        List<String> unread = new ArrayList<>();
        for (Part part : parts) {
            ReadBack readBack = new ReadBack(storage, part.source(), part.collections, progress, written);
            if (!readBack.compare(part.target, part.stored.attributes())) {
                unread.add(part.source());
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
