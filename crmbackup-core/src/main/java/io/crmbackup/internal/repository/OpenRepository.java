package io.crmbackup.internal.repository;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.Limits;
import io.crmbackup.PreparedExpire;
import io.crmbackup.PreparedPrune;
import io.crmbackup.PreparedRestore;
import io.crmbackup.PruneOptions;
import io.crmbackup.RestorePlan;
import io.crmbackup.Retention;
import io.crmbackup.Snapshot;
import io.crmbackup.SnapshotDiff;
import io.crmbackup.SnapshotSelection;
import io.crmbackup.VerifyDepth;
import io.crmbackup.error.SinkException;
import io.crmbackup.internal.backup.BackupRun;
import io.crmbackup.internal.copy.CopyRun;
import io.crmbackup.internal.diff.DiffRun;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.operation.Progress;
import io.crmbackup.internal.portable.PortableRun;
import io.crmbackup.internal.prune.ExpireRun;
import io.crmbackup.internal.prune.PruneContext;
import io.crmbackup.internal.prune.PruneRun;
import io.crmbackup.internal.restore.RestoreRun;
import io.crmbackup.internal.snapshot.Names;
import io.crmbackup.internal.snapshot.Snapshots;
import io.crmbackup.internal.snapshot.Storage;
import io.crmbackup.internal.snapshot.StoredSource;
import io.crmbackup.internal.verify.RepairRun;
import io.crmbackup.internal.verify.VerifyRun;
import io.crmbackup.report.BackupReport;
import io.crmbackup.report.CopyReport;
import io.crmbackup.report.PortableDigest;
import io.crmbackup.report.RepairReport;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.report.VerifyReport;
import io.crmbackup.spi.Sink;
import io.crmbackup.spi.Source;
import io.crmbackup.spi.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** An open repository: starts each operation with what it needs. Thread-safe. */
final class OpenRepository implements BackupRepository {
    private final String id;
    private final Sink sink;
    private final Storage storage;
    private final WorkDirectory work;
    private final AtomicBoolean closed = new AtomicBoolean();

    OpenRepository(String id, Sink sink, Storage storage, WorkDirectory work) {
        this.id = id;
        this.sink = sink;
        this.storage = storage;
        this.work = work;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String checkpoint() {
        requireOpen();
        return new ExpectedRepository(id, storage.log().state().position()).toString();
    }

    @Override
    public BackupReport backup(BackupPlan plan, BackupStrategy strategy) {
        requireOpen();
        Objects.requireNonNull(strategy, "strategy");
        plan.sources().forEach((name, source) -> requireApart("source " + name, source.directory()));
        return new BackupRun(storage, plan, strategy).run();
    }

    @Override
    public List<Snapshot> snapshots(String plan) {
        requireOpen();
        return Snapshots.list(storage.log().refresh(), summary -> summary.plan().equals(plan));
    }

    @Override
    public List<Snapshot> snapshots() {
        requireOpen();
        return Snapshots.list(storage.log().refresh(), any -> true);
    }

    @Override
    public Snapshot snapshot(String idPrefix) {
        requireOpen();
        return Snapshots.of(Snapshots.byPrefix(storage.log().refresh(), idPrefix));
    }

    @Override
    public PreparedRestore prepare(RestorePlan plan) {
        requireOpen();
        plan.targets().forEach((name, target) -> requireApart("target " + name, target.directory()));
        requireApartFromEachOther(plan.targets());
        return RestoreRun.prepare(storage, plan, before -> backup(before, before.strategy()));
    }

    @Override
    public SnapshotDiff diff(SnapshotId older, SnapshotId newer) {
        requireOpen();
        LogState state = storage.refresh();
        return new DiffRun(sources(state, older), sources(state, newer), storage.trees());
    }

    @Override
    public List<PortableDigest> portableDigests(SnapshotId snapshot) {
        requireOpen();
        PortableRun run = new PortableRun(storage.listener());
        return sources(storage.refresh(), snapshot).stream()
                .flatMap(source -> run.stored(source).stream())
                .toList();
    }

    @Override
    public PortableDigest portableDigest(SnapshotId snapshot, String source, String collection) {
        requireOpen();
        StoredSource found =
                Names.find("the snapshot", "source", source, sources(storage.refresh(), snapshot), StoredSource::name);
        return new PortableRun(storage.listener()).stored(found, found.named(collection));
    }

    @Override
    public List<PortableDigest> portableDigests(String name, Source source) {
        requireOpen();
        Objects.requireNonNull(name, "name");
        return new PortableRun(storage.listener()).live(name, source, storage.workDirectory());
    }

    private List<StoredSource> sources(LogState state, SnapshotId snapshot) {
        return storage.sources(
                storage.manifest(Snapshots.byId(state, snapshot).summary().id()));
    }

    @Override
    public VerifyReport verify(VerifyDepth depth) {
        requireOpen();
        return new VerifyRun(storage, Objects.requireNonNull(depth, "depth")).run();
    }

    @Override
    public PreparedExpire expire(String plan, Retention retention) {
        requireOpen();
        return ExpireRun.byRule(storage, Objects.requireNonNull(plan, "plan"), retention);
    }

    @Override
    public PreparedExpire expire(Collection<SnapshotId> snapshots) {
        requireOpen();
        return ExpireRun.of(storage, Set.copyOf(snapshots));
    }

    @Override
    public RepairReport repair(VerifyDepth depth) {
        requireOpen();
        return new RepairRun(storage, Objects.requireNonNull(depth, "depth")).run();
    }

    @Override
    public CopyReport copyTo(BackupRepository other, SnapshotSelection selection, Limits limits) {
        requireOpen();
        Objects.requireNonNull(selection, "selection");
        Objects.requireNonNull(limits, "limits");
        if (!(Objects.requireNonNull(other, "other") instanceof OpenRepository destination)) {
            throw new IllegalArgumentException(
                    "snapshots can only be copied to a repository that BackupRepository.on(...) opened, not to "
                            + other);
        }
        destination.requireOpen();
        if (destination.id.equals(id)) {
            throw new IllegalArgumentException(
                    "repository " + id + " can't be copied to itself; copy it to one with another id");
        }
        return new CopyRun(
                        new CopyRun.Side(id, storage),
                        new CopyRun.Side(destination.id, destination.storage),
                        selection,
                        limits)
                .run();
    }

    @Override
    public PreparedPrune prune(PruneOptions options) {
        requireOpen();
        return PruneRun.prepare(forPrune(), Objects.requireNonNull(options, "options"));
    }

    /** What a prune works with. */
    PruneContext forPrune() {
        return PruneContext.of(storage, new Progress(storage.listener()));
    }

    /** A repository inside what it backs up would back up itself; a restore around it would overwrite it. */
    private void requireApart(String what, Optional<Path> directory) {
        Optional<Path> own = sink.directory();
        if (own.isPresent() && directory.isPresent()) {
            Path here = real(own.get());
            Path there = real(directory.get());
            if (overlap(here, there)) {
                throw new IllegalArgumentException("the repository " + here + " and " + what + " " + there
                        + " lie within each other; keep them apart");
            }
        }
    }

    /** A path without links, as far as it is there. */
    private static Path real(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        for (Path there = absolute; there != null; there = there.getParent()) {
            try {
                return there.toRealPath().resolve(there.relativize(absolute)).normalize();
            } catch (IOException e) {
                // What is not there, or can't be looked at, has no other name that could be found.
            }
        }
        return absolute;
    }

    private static void requireApartFromEachOther(Map<String, Target> targets) {
        Map<String, Path> directories = new LinkedHashMap<>();
        targets.forEach((name, target) -> target.directory()
                .map(OpenRepository::real)
                .ifPresent(there -> {
                    directories.forEach((other, here) -> {
                        if (overlap(here, there)) {
                            throw new IllegalArgumentException("the targets " + other + " and " + name
                                    + " lie within each other: " + here + ", " + there + "; keep them apart");
                        }
                    });
                    directories.put(name, there);
                }));
    }

    private static boolean overlap(Path one, Path other) {
        return one.startsWith(other) || other.startsWith(one);
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException("the repository is closed");
        }
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try (sink;
                work) {
            storage.chunks().close();
        } catch (IOException e) {
            throw new SinkException("the sink can't be closed: " + e.getMessage(), e);
        }
    }
}
