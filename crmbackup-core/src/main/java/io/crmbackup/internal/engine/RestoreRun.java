package io.crmbackup.internal.engine;

import io.crmbackup.FileReferences;
import io.crmbackup.PreparedRestore;
import io.crmbackup.RestorePlan;
import io.crmbackup.Selection;
import io.crmbackup.error.RestoreRefusedException;
import io.crmbackup.error.TargetException;
import io.crmbackup.error.VerificationFailedException;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.manifest.Manifest;
import io.crmbackup.report.RestorePreview;
import io.crmbackup.report.RestoreReport;
import io.crmbackup.report.SnapshotState;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.Target;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One restore, thought through: what is written where, in which order. Files come before records, so that no record ever refers to a file that
 * is not there. Not thread-safe.
 */
final class RestoreRun implements PreparedRestore {
    private final Storage storage;
    private final RestorePlan plan;
    private final Manifest manifest;
    private final List<Part> parts = new ArrayList<>();
    private final RestorePreview preview;
    private boolean executed;

    /** One source of the restore. */
    private record Part(StoredSource source, Target target, List<SelectedRecords> collections, TargetSession session) {}

    private RestoreRun(Storage storage, RestorePlan plan, Manifest manifest) throws IOException {
        this.storage = storage;
        this.plan = plan;
        this.manifest = manifest;
        boolean prepared = false;
        try {
            Map<String, List<SelectedRecords>> selected = select();
            for (StoredSource source : inOrder()) {
                Target target = plan.targets().get(source.name());
                List<SelectedRecords> collections = selected.get(source.name());
                if (target != null && collections != null) {
                    List<RestoredCollection> given = new ArrayList<>(collections);
                    parts.add(new Part(source, target, collections, target.open(source.attributes(), given)));
                }
            }
            this.preview = ask();
            prepared = true;
        } finally {
            if (!prepared) {
                close();
            }
        }
    }

    static RestoreRun prepare(Storage storage, RestorePlan plan) {
        LogState state = storage.refresh();
        LogState.Live live = plan.snapshot()
                .map(id -> Snapshots.byId(state, id))
                .orElseGet(() -> plan.asOf().isPresent()
                        ? Snapshots.asOf(
                                state, plan.plan().orElseThrow(), plan.asOf().get())
                        : Snapshots.latestComplete(state, plan.plan().orElseThrow()));
        try {
            return new RestoreRun(storage, plan, storage.manifest(live.summary().id()));
        } catch (IOException e) {
            Interruption.check(e);
            throw new TargetException("the restore can't be prepared: " + e.getMessage(), e);
        }
    }

    /** Sources of files first. */
    private List<StoredSource> inOrder() {
        List<StoredSource> ordered = new ArrayList<>();
        List<StoredSource> others = new ArrayList<>();
        for (StoredSource source : storage.sources(manifest)) {
            boolean files = source.collections().stream()
                    .anyMatch(collection -> collection.schema().keyForm() == RecordSchema.KeyForm.PATH);
            (files ? ordered : others).add(source);
        }
        ordered.addAll(others);
        return ordered;
    }

    private Map<String, List<SelectedRecords>> select() {
        Map<String, StoredSource> sources = new LinkedHashMap<>();
        storage.sources(manifest).forEach(source -> sources.put(source.name(), source));
        for (String name : plan.targets().keySet()) {
            if (!sources.containsKey(name)) {
                throw new IllegalArgumentException("snapshot " + manifest.id().brief() + " of plan " + manifest.plan()
                        + " has no source \"" + name + "\": it has " + sources.keySet());
            }
        }
        Map<String, SelectionResolver> resolvers = new TreeMap<>();
        plan.selections().forEach((name, selections) -> {
            SelectionResolver resolver = new SelectionResolver(sources.get(name));
            selections.forEach(resolver::add);
            resolvers.put(name, resolver);
        });
        bringFiles(sources, resolvers);
        Map<String, List<SelectedRecords>> selected = new LinkedHashMap<>();
        for (String name : plan.targets().keySet()) {
            SelectionResolver resolver = resolvers.get(name);
            selected.put(
                    name,
                    resolver != null
                            ? resolver.result()
                            : sources.get(name).collections().stream()
                                    .map(SelectedRecords::all)
                                    .toList());
        }
        return selected;
    }

    private void bringFiles(Map<String, StoredSource> sources, Map<String, SelectionResolver> resolvers) {
        for (Map.Entry<String, List<Selection>> selections : plan.selections().entrySet()) {
            if (selections.getValue().stream().noneMatch(Selection::includesFiles)) {
                continue;
            }
            String name = selections.getKey();
            List<FileReferences> references = manifest.references().stream()
                    .filter(reference -> reference.source().equals(name))
                    .toList();
            if (references.isEmpty()) {
                throw new IllegalArgumentException("withFiles: the plan of snapshot "
                        + manifest.id().brief() + " does not say which records of " + name
                        + " refer to files; give the backup plan .references(...)");
            }
            for (FileReferences reference : references) {
                if (!plan.targets().containsKey(reference.files())) {
                    throw new IllegalArgumentException(
                            "withFiles needs a target for the files: .into(\"" + reference.files() + "\", target)");
                }
                List<RecordKey> keys = resolvers.get(name).files(reference);
                resolvers
                        .computeIfAbsent(reference.files(), files -> new SelectionResolver(sources.get(files)))
                        .addFiles(keys);
            }
        }
    }

    private RestorePreview ask() throws IOException {
        List<RestorePreview.Part> collections = new ArrayList<>();
        List<String> blockers = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        List<String> steps = new ArrayList<>();
        if (manifest.state() == SnapshotState.PARTIAL) {
            notes.add("the snapshot is PARTIAL: " + manifest.problemCount() + " problems were met when it was made");
        }
        for (Part part : parts) {
            for (SelectedRecords collection : part.collections) {
                collections.add(new RestorePreview.Part(
                        part.source.name(),
                        collection.name(),
                        collection.records(),
                        collection.extent() == RestoredCollection.Extent.WHOLE));
            }
            TargetPreview asked = part.session.preview();
            String prefix = part.source.name() + ": ";
            asked.blockers().forEach(text -> blockers.add(prefix + text));
            asked.notes().forEach(text -> notes.add(prefix + text));
            asked.steps().forEach(text -> steps.add(prefix + text));
        }
        return new RestorePreview(manifest.id(), collections, blockers, notes, steps);
    }

    @Override
    public RestorePreview preview() {
        return preview;
    }

    @Override
    public RestoreReport execute() {
        if (executed) {
            throw new IllegalStateException("a prepared restore can be executed once");
        }
        if (!preview.blockers().isEmpty()) {
            throw new RestoreRefusedException(
                    "the restore is refused, nothing was written: " + String.join("; ", preview.blockers()));
        }
        executed = true;
        Instant started = storage.clock().instant();
        Progress progress = new Progress(storage.listener());
        List<RestoreReport.Part> written = new ArrayList<>();
        for (Part part : parts) {
            try {
                write(part, progress, written);
            } catch (IOException e) {
                Interruption.check(e);
                throw new TargetException(
                        "restoring " + part.source.name() + " into " + part.target + " failed: " + e.getMessage(), e);
            }
        }
        boolean verified = plan.verifies() && verify(progress, written);
        return new RestoreReport(
                manifest.id(),
                written,
                verified,
                Duration.between(started, storage.clock().instant()));
    }

    private static void write(Part part, Progress progress, List<RestoreReport.Part> written) throws IOException {
        part.session.begin();
        for (SelectedRecords collection : part.collections) {
            Interruption.check();
            progress.during("restore " + part.source.name() + ": " + collection.name(), () -> {
                TargetSession.WriteResult result = part.session.write(new MeteredCollection(collection, progress));
                written.add(new RestoreReport.Part(
                        part.source.name(), collection.name(), result.written(), result.skipped()));
            });
        }
        part.session.finish();
        part.session.close();
    }

    private boolean verify(Progress progress, List<RestoreReport.Part> written) {
        boolean all = true;
        for (Part part : parts) {
            ReadBack readBack = new ReadBack(storage, part.source.name(), part.collections, progress, written);
            all &= readBack.compare(part.target);
        }
        if (!all) {
            throw new VerificationFailedException(
                    "a target can't be read back, so what was restored there is not verified");
        }
        return true;
    }

    @Override
    public void close() {
        for (Part part : parts) {
            try {
                part.session.close();
            } catch (IOException e) {
                throw new TargetException(
                        "the restore of " + part.source.name() + " can't be closed: " + e.getMessage(), e);
            }
        }
    }
}
