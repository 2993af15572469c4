package io.crmbackup.internal.snapshot;

import io.crmbackup.error.BackupException;
import io.crmbackup.error.CommitConflictException;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.log.CommitConflict;
import io.crmbackup.internal.log.IndexRef;
import io.crmbackup.internal.log.LogEntry;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.log.SnapshotSummary;
import io.crmbackup.internal.manifest.Manifest;
import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.store.StoreSession;
import io.crmbackup.internal.store.StoredRun;
import io.crmbackup.report.SnapshotId;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what a session stored a snapshot: packs and indexes, then the manifest, then the log entry, which alone decides. If others condemned
 * packs or expired the base meanwhile, what is affected is stored again under new names before the entry is tried again. Not thread-safe.
 */
public final class Commit {
    private static final Logger LOG = LoggerFactory.getLogger(Commit.class);

    private final Storage storage;
    private final StoreSession session;
    private final LogState.@Nullable Live base;
    private @Nullable Manifest manifest;
    private long manifestBytes;
    private StoredRun stored;

    public Commit(Storage storage, StoreSession session, LogState.@Nullable Live base) {
        this.storage = storage;
        this.session = session;
        this.base = base;
        this.stored = session.flush();
    }

    /** The bytes of all objects that were put, once the commit is done. */
    public long bytesStored() {
        return stored.bytesStored() + manifestBytes;
    }

    /** Commits the manifest that is made of what is stored; it is made anew, under a new id, if other packs hold that in the end. */
    public Manifest run(Function<StoredRun, Manifest> manifests) {
        put(manifests.apply(stored));
        IdSet parents = base == null ? IdSet.empty() : IdSet.of(base.summary().id());
        LogState after = storage.log()
                .commit(entry(parents), (rejected, conflict, state) -> repair(rejected, conflict, state, manifests));
        try {
            storage.load(after);
        } catch (BackupException e) {
            // The snapshot exists: nothing may make that look like a failure. The next operation loads what is missing.
            LOG.warn("the backup is committed, but its index could not be read back yet: {}", e.toString());
        }
        return current();
    }

    private LogEntry.Commit repair(
            LogEntry.Commit rejected,
            CommitConflict conflict,
            LogState state,
            Function<StoredRun, Manifest> manifests) {
        storage.load(state);
        try {
            if (!conflict.parents().isEmpty()) {
                keepAll(current());
            }
            stored = session.replace(new HashSet<>(conflict.condemned().stream().toList()));
        } catch (DamagedObjectException e) {
            throw new CommitConflictException(
                    "what the backup relies on expired and was pruned away while it ran; nothing was committed. Run it again",
                    e);
        }
        if (!current().packs().isEmpty()) {
            put(manifests.apply(stored));
        }
        return entry(rejected.parents().minus(conflict.parents()));
    }

    private Manifest current() {
        return Objects.requireNonNull(manifest, "the manifest is put before the entry");
    }

    private void put(Manifest made) {
        manifestBytes += storage.put(made);
        manifest = made;
    }

    private LogEntry.Commit entry(IdSet parents) {
        Manifest made = current();
        SnapshotId baseId = made.base();
        SnapshotSummary summary = new SnapshotSummary(
                Storage.id(made.id()),
                made.plan(),
                made.moment(),
                made.strategy(),
                made.state(),
                made.sizes(),
                baseId == null ? null : Storage.id(baseId));
        List<IndexRef> indexes = stored.indexes().entrySet().stream()
                .map(index -> new IndexRef(index.getKey(), IdSet.of(index.getValue())))
                .toList();
        return new LogEntry.Commit(summary, parents, indexes, IdSet.of(stored.relies()));
    }

    /** The base that unlooked-up chunks were shared with is gone: each chunk of the snapshot is looked up, or stored again. */
    private void keepAll(Manifest made) {
        Set<ChunkId> seen = new HashSet<>();
        new SnapshotWalk(storage.trees(), session, (id, type) -> {
                    Interruption.check();
                    if (type != ChunkType.DATA && !seen.add(id)) {
                        return false;
                    }
                    session.keep(id, type);
                    return true;
                })
                .walk(made);
    }
}
