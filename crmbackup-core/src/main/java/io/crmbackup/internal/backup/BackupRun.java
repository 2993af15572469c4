package io.crmbackup.internal.backup;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupStrategy;
import io.crmbackup.error.CommitConflictException;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.error.IncompleteBackupException;
import io.crmbackup.internal.capture.RunContext;
import io.crmbackup.internal.codec.ChunkEncoder;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.manifest.Manifest;
import io.crmbackup.internal.manifest.SchemaDocuments;
import io.crmbackup.internal.manifest.SourceManifest;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.operation.Progress;
import io.crmbackup.internal.operation.ReadMeter;
import io.crmbackup.internal.snapshot.Commit;
import io.crmbackup.internal.snapshot.Storage;
import io.crmbackup.internal.snapshot.StoredSource;
import io.crmbackup.internal.store.MissingPacks;
import io.crmbackup.internal.store.SessionOptions;
import io.crmbackup.internal.store.StoreSession;
import io.crmbackup.report.BackupReport;
import io.crmbackup.report.BackupSizes;
import io.crmbackup.report.CollectionReport;
import io.crmbackup.report.ReferenceReport;
import io.crmbackup.report.SnapshotState;
import io.crmbackup.report.SourceReport;
import io.crmbackup.spi.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One backup, from plan to report. Not thread-safe. */
public final class BackupRun {
    private static final Logger LOG = LoggerFactory.getLogger(BackupRun.class);

    private final Storage storage;
    private final BackupPlan plan;
    private final BackupStrategy strategy;
    private final Instant started;
    private final long startedNanos = System.nanoTime();
    private final Progress progress;
    private final Problems problems;
    private final ReadMeter meter;

    public BackupRun(Storage storage, BackupPlan plan, BackupStrategy strategy) {
        this.storage = storage;
        this.plan = plan;
        this.strategy = strategy;
        this.started = storage.clock().instant();
        this.progress = new Progress(storage.listener());
        this.problems = new Problems(plan, progress);
        this.meter = new ReadMeter(plan.limits(), progress);
    }

    public BackupReport run() {
        LogState state = storage.refresh();
        StrategyChoice choice = StrategyChoice.of(state, plan.name(), strategy, started);
        try {
            return run(state, choice);
        } catch (DamagedObjectException e) {
            if (ObjectRole.PACK
                    .id(e.object())
                    .filter(storage.log().refresh().condemned().minus(state.condemned())::contains)
                    .isPresent()) {
                throw new CommitConflictException(
                        "what the backup builds on expired and was pruned away while it ran; nothing was committed. Run it again",
                        e);
            }
            LogState.Live base = choice.base();
            if (base == null) {
                throw e;
            }
            // The system is there and can be read, so damage to older snapshots must not keep it from being backed up.
            String reason = "snapshot " + base.summary().id() + " is damaged: " + e.getMessage();
            LOG.warn("{}; backing up all of plan {}", reason, plan.name());
            ObjectRole.PACK.id(e.object()).ifPresent(storage.chunks()::distrust);
            return new BackupRun(storage, plan, strategy).run(storage.refresh(), StrategyChoice.full(reason));
        }
    }

    private BackupReport run(LogState state, StrategyChoice choice) {
        LogState.Live base = choice.base();
        if (base == null) {
            // What is read in full is stored in full: not as a part of packs that somebody has lost.
            MissingPacks.among(state.known().minus(state.condemned()), storage.objects())
                    .forEach(storage.chunks()::distrust);
        }
        List<StoredSource> baseSources = base == null
                ? List.of()
                : storage.sources(storage.manifest(base.summary().id()));
        SessionOptions options = new SessionOptions(
                strategy.isSelfContained() ? SessionOptions.Reuse.OWN_SESSION : SessionOptions.Reuse.REPOSITORY,
                ChunkEncoder.Check.DECODE_AND_COMPARE,
                plan.limits().cores() - 1);
        try (StoreSession session = storage.chunks().session(options)) {
            RunContext context = new RunContext(
                    storage.trees(),
                    storage.chunker(),
                    storage.rowKey(),
                    storage::sorter,
                    session,
                    session,
                    progress,
                    session::runAhead,
                    plan.limits().cores());
            PlainBytes plainBytes = new PlainBytes();
            CountedChanges counted = new CountedChanges();
            Readings readings = new Readings();
            PlanCapture capture = new PlanCapture(
                    plan,
                    new CaptureRun(
                            context,
                            session,
                            strategy.isSelfContained()
                                    ? FormerSnapshot.NONE
                                    : FormerSnapshot.of(storage, state, plan.name(), base, baseSources),
                            plan,
                            meter,
                            plainBytes,
                            counted,
                            readings,
                            choice.kind(),
                            new SchemaDocuments(),
                            storage.workDirectory(),
                            storage.clock()),
                    problems);
            Map<String, StoredSource> captured = capture.capture(baseSources);
            FirstWalk firstWalk = capture.firstWalk();
            List<ReferenceReport> references =
                    new FileChecks(context, captured, firstWalk, problems).run(plan.references());
            RunChanges changes = new RunChanges(storage.trees(), plainBytes, counted, firstWalk, readings);
            changes.count(baseSources, captured.values());
            Commit commit = new Commit(storage, session, base);
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
                    plan.recordReferences(),
                    problems.named(),
                    problems.count(),
                    strategy.isSelfContained()
                            ? stored.ownPacks().stream().sorted().toList()
                            : List.of(),
                    null));
            return finished(manifest, commit.bytesStored(), captured, changes.reports(), references);
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
                Duration.ofNanos(System.nanoTime() - startedNanos),
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

    private static Instant moment(Map<String, StoredSource> captured) {
        SourceManifest first = captured.values().iterator().next().manifest();
        return captured.values().stream()
                .map(StoredSource::manifest)
                .filter(source -> source.consistency() == Source.Consistency.MOMENT)
                .findFirst()
                .orElse(first)
                .from();
    }
}
