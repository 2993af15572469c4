package io.crmbackup.internal.engine;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupStrategy;
import io.crmbackup.FileReferences;
import io.crmbackup.error.IncompleteBackupException;
import io.crmbackup.internal.codec.ChunkEncoder;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.manifest.CollectionManifest;
import io.crmbackup.internal.manifest.Manifest;
import io.crmbackup.internal.manifest.SchemaDocuments;
import io.crmbackup.internal.manifest.SourceManifest;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.sort.ExternalSorter;
import io.crmbackup.internal.store.SessionOptions;
import io.crmbackup.internal.store.StoreSession;
import io.crmbackup.internal.tree.TreeEdit;
import io.crmbackup.internal.tree.TreeEditor;
import io.crmbackup.internal.tree.TreeRoot;
import io.crmbackup.report.BackupReport;
import io.crmbackup.report.BackupSizes;
import io.crmbackup.report.CollectionReport;
import io.crmbackup.report.ReferenceReport;
import io.crmbackup.report.SnapshotState;
import io.crmbackup.report.SourceReport;
import io.crmbackup.spi.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One backup, from plan to report. Where a plan has sources of one moment and sources that are a window, as a database and a directory, the
 * window is walked twice: once before the moment, and once, reading only what changed, right after it. Every file that a record of that
 * moment refers to was then seen before the record or after it. Not thread-safe.
 */
final class BackupRun {
    private final Storage storage;
    private final BackupPlan plan;
    private final BackupStrategy strategy;
    private final Instant started;
    private final Progress progress;
    private final Problems problems;
    private final ReadMeter meter;
    private final SchemaDocuments documents = new SchemaDocuments();

    BackupRun(Storage storage, BackupPlan plan, BackupStrategy strategy) {
        this.storage = storage;
        this.plan = plan;
        this.strategy = strategy;
        this.started = storage.clock().instant();
        this.progress = new Progress(storage.listener());
        this.problems = new Problems(plan, progress);
        this.meter = new ReadMeter(plan.limits(), progress);
    }

    BackupReport run() {
        LogState state = storage.refresh();
        StrategyChoice choice = StrategyChoice.of(state, plan.name(), strategy, started);
        LogState.Live base = choice.base();
        List<StoredSource> baseSources = base == null
                ? List.of()
                : storage.sources(storage.manifest(base.summary().id()));
        SessionOptions options = new SessionOptions(
                strategy.isSelfContained() ? SessionOptions.Reuse.OWN_SESSION : SessionOptions.Reuse.REPOSITORY,
                ChunkEncoder.Check.DECODE_AND_COMPARE,
                plan.limits().cores() - 1);
        try (StoreSession session = storage.chunks().session(options)) {
            RunContext context = new RunContext(
                    storage.trees(), storage.chunker(), storage.rowKey(), storage::sorter, session, session, progress);
            Map<String, StoredSource> walkedFirst = new LinkedHashMap<>();
            Map<String, StoredSource> captured = capture(context, baseSources, walkedFirst);
            List<ReferenceReport> references = checkReferences(context, captured, walkedFirst);
            List<CollectionReport> collections = new ArrayList<>();
            BackupSizes changes = countChanges(baseSources, captured, collections);
            Commit commit = new Commit(storage, session, choice.base());
            Manifest manifest = commit.run(stored -> new Manifest(
                    Storage.id(ObjectId.random(storage.random())),
                    plan.name(),
                    moment(captured),
                    started,
                    choice.kind(),
                    strategy.isSelfContained(),
                    choice.reason(),
                    base == null ? null : Storage.id(base.summary().id()),
                    problems.isComplete() ? SnapshotState.COMPLETE : SnapshotState.PARTIAL,
                    new BackupSizes(
                            meter.bytesRead(), changes.bytesChanged(), changes.bytesRemoved(), stored.bytesStored()),
                    captured.values().stream().map(StoredSource::manifest).toList(),
                    plan.references(),
                    problems.named(),
                    problems.count(),
                    strategy.isSelfContained()
                            ? stored.ownPacks().stream().sorted().toList()
                            : List.of()));
            return finished(manifest, commit.bytesStored(), captured, collections, references);
        }
    }

    private BackupReport finished(
            Manifest manifest,
            long bytesStored,
            Map<String, StoredSource> captured,
            List<CollectionReport> collections,
            List<ReferenceReport> references) {
        BackupSizes sizes = manifest.sizes();
        BackupReport report = new BackupReport(
                manifest.id(),
                plan.name(),
                manifest.strategy(),
                manifest.reason(),
                manifest.base(),
                manifest.state(),
                manifest.moment(),
                started,
                Duration.between(started, storage.clock().instant()),
                new BackupSizes(sizes.bytesRead(), sizes.bytesChanged(), sizes.bytesRemoved(), bytesStored),
                captured.values().stream().map(BackupRun::report).toList(),
                collections,
                references,
                problems.named(),
                problems.count());
        if (report.state() == SnapshotState.PARTIAL) {
            throw new IncompleteBackupException(report);
        }
        return report;
    }

    private static SourceReport report(StoredSource source) {
        SourceManifest manifest = source.manifest();
        return new SourceReport(
                manifest.name(),
                manifest.consistency(),
                manifest.from(),
                manifest.to(),
                manifest.position(),
                source.attributes());
    }

    /** Captures all sources, in the plan's order; first walks are put where the caller says. */
    private Map<String, StoredSource> capture(
            RunContext context, List<StoredSource> base, Map<String, StoredSource> walkedFirst) {
        Map<String, StoredSource> captured = new LinkedHashMap<>();
        plan.sources().keySet().forEach(name -> captured.put(name, null));
        boolean walkTwice = plan.sources().values().stream().anyMatch(BackupRun::isMoment)
                && !plan.sources().values().stream().allMatch(BackupRun::isMoment);
        Problems.State before = problems.state();
        if (walkTwice) {
            plan.sources().forEach((name, source) -> {
                if (!isMoment(source)) {
                    walkedFirst.put(name, capture(context, name, source, find(base, name)));
                }
            });
            problems.resetTo(before);
        }
        Map<String, SourceCapture> open = new LinkedHashMap<>();
        try (OpenCaptures captures = new OpenCaptures(open)) {
            plan.sources().forEach((name, source) -> {
                if (isMoment(source)) {
                    open.put(name, open(context, name, source));
                }
            });
            plan.sources().forEach((name, source) -> {
                if (!isMoment(source)) {
                    StoredSource unchanged = walkTwice ? walkedFirst.get(name) : find(base, name);
                    captured.put(name, capture(context, name, source, unchanged));
                }
            });
            open.forEach((name, capture) ->
                    captured.put(name, capture.read(find(base, name), meter, documents, storage.clock())));
            captures.finish();
        }
        return captured;
    }

    private StoredSource capture(RunContext context, String name, Source source, @Nullable StoredSource base) {
        try (SourceCapture capture = open(context, name, source)) {
            return capture.read(base, meter, documents, storage.clock());
        }
    }

    private SourceCapture open(RunContext context, String name, Source source) {
        return SourceCapture.open(
                name, source, context, storage.workDirectory(), problem -> problems.add(name, problem));
    }

    private List<ReferenceReport> checkReferences(
            RunContext context, Map<String, StoredSource> captured, Map<String, StoredSource> walkedFirst) {
        List<ReferenceReport> reports = new ArrayList<>();
        for (FileReferences references : plan.references()) {
            StoredCollection records = captured.get(references.source()).named(references.collection());
            StoredSource files = captured.get(references.files());
            StoredCollection tree = ReferenceCheck.fileTree(files);
            StoredSource first = walkedFirst.get(references.files());
            ReferenceCheck check = new ReferenceCheck(
                    references,
                    records,
                    tree,
                    first == null ? null : first.collection(tree.name()).orElse(null));
            try (ExternalSorter sorter = storage.sorter()) {
                reports.add(check.run(sorter));
            }
            if (!check.rescued().isEmpty()) {
                captured.put(references.files(), withRescued(context, files, tree, check.rescued()));
            }
        }
        return reports;
    }

    /** A file of the first walk has no fingerprint, so that the next backup reads what is there then. */
    private StoredSource withRescued(
            RunContext context, StoredSource files, StoredCollection tree, List<TreeEdit> rescued) {
        TreeEditor editor = new TreeEditor(storage.trees(), context.reader(), context.writer());
        CollectionManifest before = tree.manifest();
        TreeRoot content = editor.apply(before.content(), rescued.iterator());
        TreeRoot fingerprints = editor.apply(
                before.fingerprints(),
                rescued.stream().map(edit -> TreeEdit.remove(edit.key())).iterator());
        return files.with(tree.with(new CollectionManifest(before.name(), before.schema(), content, fingerprints)));
    }

    private BackupSizes countChanges(
            List<StoredSource> base, Map<String, StoredSource> captured, List<CollectionReport> reports) {
        long changed = 0;
        long removed = 0;
        for (StoredSource source : captured.values()) {
            StoredSource before = find(base, source.name());
            for (StoredCollection collection : source.collections()) {
                StoredCollection then = before == null
                        ? null
                        : before.collection(collection.name()).orElse(null);
                ChangeCount count = ChangeCount.of(storage.trees(), then, collection);
                TreeRoot content = collection.manifest().content();
                reports.add(new CollectionReport(
                        source.name(),
                        collection.name(),
                        content.records(),
                        content.bytes(),
                        count.added(),
                        count.changed(),
                        count.removed()));
                changed += count.bytesChanged();
                removed += count.bytesRemoved();
            }
            if (before != null) {
                for (StoredCollection gone : before.collections()) {
                    if (source.collection(gone.name()).isEmpty()) {
                        removed += ChangeCount.of(storage.trees(), null, gone).bytesChanged();
                    }
                }
            }
        }
        return new BackupSizes(0, changed, removed, 0);
    }

    private static Instant moment(Map<String, StoredSource> captured) {
        SourceManifest first = captured.values().iterator().next().manifest();
        return captured.values().stream()
                .map(StoredSource::manifest)
                .filter(source -> source.consistency() == Source.Consistency.MOMENT)
                .findFirst()
                .orElse(first)
                .from();
    }

    private static boolean isMoment(Source source) {
        return source.consistency() == Source.Consistency.MOMENT;
    }

    private static @Nullable StoredSource find(List<StoredSource> sources, String name) {
        return sources.stream()
                .filter(source -> source.name().equals(name))
                .findFirst()
                .orElse(null);
    }
}
