package io.crmbackup.internal.verify;

import io.crmbackup.VerifyDepth;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.codec.ChunkEncoder;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.log.IndexRef;
import io.crmbackup.internal.log.LogEntry;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.operation.Progress;
import io.crmbackup.internal.pack.BaseCopy;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.internal.snapshot.SnapshotWalk;
import io.crmbackup.internal.snapshot.Storage;
import io.crmbackup.internal.store.SessionOptions;
import io.crmbackup.internal.store.StoreSession;
import io.crmbackup.internal.store.StoredRun;
import io.crmbackup.report.RepairReport;
import io.crmbackup.report.VerifyReport;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes good what damaged packs held: stores anew what can still be read of it, there or from other copies, and then gives up those packs that
 * nothing needs any more. Two entries, each right by itself: a reindex that names what was stored, which takes nothing from anybody, and a
 * condemn, before which every chunk of every live snapshot was seen to have a good copy outside these packs. Nothing is deleted. Not thread-safe.
 */
public final class RepairRun {
    private static final Logger LOG = LoggerFactory.getLogger(RepairRun.class);

    /** Nodes that are not walked through again; 80 bytes each. Beyond, they are. */
    private static final int MOST_SEEN = 1_000_000;

    private final Storage storage;
    private final VerifyDepth depth;
    private final Progress progress;
    private final long startedNanos = System.nanoTime();

    public RepairRun(Storage storage, VerifyDepth depth) {
        this.storage = storage;
        this.depth = depth;
        this.progress = new Progress(storage.listener());
    }

    public RepairReport run() {
        Set<ObjectId> damaged = damaged();
        Set<ObjectId> givenUp = Set.of();
        long chunks = 0;
        long bytes = 0;
        if (!damaged.isEmpty()) {
            SessionOptions options =
                    new SessionOptions(SessionOptions.Reuse.OWN_SESSION, ChunkEncoder.Check.DECODE_AND_COMPARE, 1);
            try (StoreSession session = storage.chunks().session(options)) {
                session.giveUp(damaged);
                progress.during("store anew", () -> renew(session, damaged));
                StoredRun stored = session.flush();
                chunks = stored.chunksNew();
                bytes = stored.bytesStored();
                name(stored);
                givenUp = giveUp(session, damaged);
            }
        }
        VerifyReport rest = new VerifyRun(storage, VerifyDepth.structure()).run();
        return new RepairReport(
                names(damaged),
                names(givenUp),
                chunks,
                bytes,
                rest.damages(),
                Duration.ofNanos(System.nanoTime() - startedNanos));
    }

    private Set<ObjectId> damaged() {
        storage.chunks().forget();
        LogState state = storage.refresh();
        PackCheck packs =
                new PackCheck(storage.chunks(), state::isGood, depth.share(), storage.random()::nextDouble, progress);
        progress.during("verify packs", () -> packs.run(state.known().minus(state.condemned())));
        return Set.copyOf(packs.damaged().keySet());
    }

    /** Stores anew what damaged packs hold, and what can't be read without them, unless two copies are good: damaged packs may stay, and be met each time. */
    private void renew(StoreSession session, Set<ObjectId> damaged) {
        LogState state = storage.log().state();
        storage.chunks().forEachCopy(copy -> {
            if (state.isGood(copy.pack()) && needs(copy, damaged) && session.staying(copy.id(), copy.type()) < 2) {
                Interruption.check();
                progress.record();
                try {
                    session.keep(copy.id(), copy.type());
                } catch (DamagedObjectException e) {
                    LOG.warn("chunk {} can't be stored anew, as no copy of it is good: {}", copy.id(), e.getMessage());
                }
            }
        });
    }

    private static boolean needs(ChunkCopy copy, Set<ObjectId> packs) {
        BaseCopy base = copy.base();
        return packs.contains(copy.pack()) || base != null && packs.contains(base.pack());
    }

    private void name(StoredRun stored) {
        List<IndexRef> indexes = stored.indexes().entrySet().stream()
                .map(index -> new IndexRef(index.getKey(), IdSet.of(index.getValue())))
                .toList();
        if (!indexes.isEmpty()) {
            storage.load(storage.log().reindex(new LogEntry.Reindex(indexes, IdSet.empty())));
        }
    }

    private Set<ObjectId> giveUp(StoreSession session, Set<ObjectId> damaged) {
        try {
            LogState before = storage.log().state();
            LogState after = storage.log().condemn(state -> unneeded(session, damaged, state));
            Set<ObjectId> givenUp = new HashSet<>(damaged);
            givenUp.removeIf(pack ->
                    before.condemned().contains(pack) || !after.condemned().contains(pack));
            return givenUp;
        } catch (DamagedObjectException e) {
            LOG.warn("no damaged pack is given up, as it is not known what is needed: {}", e.getMessage());
            return Set.of();
        }
    }

    /** The damaged packs that no chunk of a live snapshot is left to. */
    private Optional<LogEntry.Condemn> unneeded(StoreSession session, Set<ObjectId> damaged, LogState state) {
        storage.load(state);
        Set<ObjectId> packs = new HashSet<>(damaged);
        packs.removeIf(pack -> !state.isGood(pack));
        Set<ObjectId> seen = new HashSet<>();
        SnapshotWalk walk = new SnapshotWalk(storage.trees(), storage.chunks(), (id, type) -> {
            Interruption.check();
            if (type.isNode() && seen.size() < MOST_SEEN && !seen.add(shortened(id))) {
                return false;
            }
            if (session.staying(id, type) == 0) {
                storage.chunks().copies(id).forEach(copy -> {
                    packs.remove(copy.pack());
                    BaseCopy base = copy.base();
                    if (base != null) {
                        packs.remove(base.pack());
                    }
                });
            }
            return true;
        });
        progress.during(
                "find what is needed",
                () -> state.snapshots()
                        .forEach(live ->
                                walk.walk(storage.manifest(live.summary().id()))));
        return packs.isEmpty() ? Optional.empty() : Optional.of(new LogEntry.Condemn(IdSet.of(packs), List.of()));
    }

    /** Half of an id: no more likely to be equal by chance than the ids of packs. */
    private static ObjectId shortened(ChunkId id) {
        ByteBuffer bytes = ByteBuffer.wrap(id.toBytes());
        return new ObjectId(bytes.getLong(), bytes.getLong());
    }

    private static List<String> names(Set<ObjectId> packs) {
        return packs.stream().map(ObjectRole.PACK::name).sorted().toList();
    }
}
