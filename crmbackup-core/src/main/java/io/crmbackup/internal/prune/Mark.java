package io.crmbackup.internal.prune;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.index.ChunkIndex;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.pack.BaseCopy;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.internal.sort.ExternalSorter;
import io.crmbackup.internal.store.Leaving;
import java.util.List;
import java.util.Set;

/**
 * What live snapshots need, as of one state of the log: for each of their chunks a copy that can be relied on, in an index on disk; and what follows from it for the packs. Close it in any case. Reads are thread-safe.
 */
final class Mark implements Leaving, AutoCloseable {
    private final LogState state;
    private final PackUses packs;
    private final ChunkIndex kept;
    private final ExternalSorter released;
    private Set<ChunkId> dictionaries = Set.of();
    private long basesReleased;
    private Set<ObjectId> withoutBases = Set.of();
    private Set<ObjectId> rewritten = Set.of();
    private IdSet doomed = IdSet.empty();
    private IdSet orphans = IdSet.empty();
    private long bytesToMove;

    Mark(LogState state, PackUses packs, ChunkIndex kept, ExternalSorter released) {
        this.state = state;
        this.packs = packs;
        this.kept = kept;
        this.released = released;
    }

    LogState state() {
        return state;
    }

    PackUses packs() {
        return packs;
    }

    /** A copy of each chunk that a live snapshot needs, of some two. */
    ChunkIndex kept() {
        return kept;
    }

    /** Whether a live snapshot needs a chunk. */
    boolean isReached(ChunkId id) {
        return !kept.copies(id).isEmpty();
    }

    /** The chunks that are stored as deltas on bases that no snapshot has: by base, then in the order in which they were met. */
    ExternalSorter released() {
        return released;
    }

    /** Says which dictionaries are kept. */
    void needs(Set<ChunkId> chosen) {
        dictionaries = Set.copyOf(chosen);
    }

    /** The dictionaries that are kept. */
    Set<ChunkId> dictionaries() {
        return dictionaries;
    }

    /** Says which packs shall hold no base that no snapshot has. */
    void releaseBasesOf(Set<ObjectId> chosen) {
        withoutBases = Set.copyOf(chosen);
    }

    void releases(long bases) {
        basesReleased = bases;
    }

    long basesReleased() {
        return basesReleased;
    }

    /** Says which packs are rewritten. */
    void rewrite(Set<ObjectId> chosen) {
        rewritten = Set.copyOf(chosen);
    }

    Set<ObjectId> rewritten() {
        return rewritten;
    }

    /** Says which packs nothing needs once all that leaves has been stored again. */
    void condemn(IdSet known, IdSet unknown, long bytes) {
        doomed = known;
        orphans = unknown;
        bytesToMove = bytes;
    }

    /** What is to be condemned. */
    IdSet condemned() {
        return doomed.union(orphans);
    }

    /** About how many bytes have to be stored again. */
    long bytesToMove() {
        return bytesToMove;
    }

    /** Whether a kept copy is given up, so that its chunk has to be stored again unless there is another. */
    boolean leaves(ChunkCopy copy) {
        BaseCopy base = copy.base();
        return rewritten.contains(copy.pack()) || base != null && (rewritten.contains(base.pack()) || base(base));
    }

    @Override
    public boolean pack(ObjectId pack) {
        return doomed.contains(pack) || packs.isLost(pack);
    }

    @Override
    public boolean copy(ChunkCopy copy) {
        List<ChunkCopy> chosen = kept.copies(copy.id());
        return !chosen.isEmpty() && !chosen.contains(copy);
    }

    @Override
    public boolean base(BaseCopy base) {
        return withoutBases.contains(base.pack()) && !isReached(base.id());
    }

    @Override
    public void close() {
        kept.close();
        released.close();
    }
}
