package io.crmbackup.internal.log;

import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.ObjectId;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the first entries of the log amount to: a pure function of them. Immutable. */
public final class LogState {
    /**
     * A snapshot that was committed and not expired.
     *
     * @param summary what it is
     * @param number the entry that committed it; later snapshots have higher ones
     * @param written the writer's clock at the commit
     */
    public record Live(SnapshotSummary summary, long number, Instant written) {}

    static final LogState START = new LogState(
            new LogPosition(0, LogPosition.NONE),
            new LinkedHashMap<>(),
            new LinkedHashMap<>(),
            IdSet.empty(),
            IdSet.empty(),
            IdSet.empty());

    private final LogPosition position;
    private final Map<ObjectId, Live> live;
    private final Map<ObjectId, IdSet> indexes;
    private final IdSet dropped;
    private final IdSet condemned;
    private final IdSet swept;
    private final IdSet known;

    LogState(
            LogPosition position,
            Map<ObjectId, Live> live,
            Map<ObjectId, IdSet> indexes,
            IdSet dropped,
            IdSet condemned,
            IdSet swept) {
        this.position = position;
        this.live = Collections.unmodifiableMap(live);
        this.indexes = Collections.unmodifiableMap(indexes);
        this.dropped = dropped;
        this.condemned = condemned;
        this.swept = swept;
        this.known = Fold.packs(indexes.values());
    }

    /** How far the log was read. */
    public LogPosition position() {
        return position;
    }

    /** Number of entries that were read. */
    public long next() {
        return position.next();
    }

    /** The live snapshots in the order of their commits. */
    public Collection<Live> snapshots() {
        return live.values();
    }

    /** A snapshot, if it is live. */
    public Optional<Live> snapshot(ObjectId id) {
        return Optional.ofNullable(live.get(id));
    }

    /** Whether a snapshot is live. */
    public boolean isLive(ObjectId id) {
        return live.containsKey(id);
    }

    /** The indexes that count, each with its packs. */
    public Map<ObjectId, IdSet> indexes() {
        return indexes;
    }

    /** Indexes that others took the place of. Never shrinks. */
    public IdSet dropped() {
        return dropped;
    }

    /** Packs that some index that counts lists, condemned ones included. */
    public IdSet known() {
        return known;
    }

    /** Packs that nothing may rely on. Never shrinks. */
    public IdSet condemned() {
        return condemned;
    }

    /** Condemned packs that are not known to be deleted yet. */
    public IdSet toBeDeleted() {
        return condemned.minus(swept);
    }

    IdSet swept() {
        return swept;
    }

    /** Whether a copy in this pack may be relied on, as far as the pack itself is concerned. */
    public boolean isGood(ObjectId pack) {
        return known.contains(pack) && !condemned.contains(pack);
    }

    List<IndexRef> indexRefs() {
        return indexes.entrySet().stream()
                .map(index -> new IndexRef(index.getKey(), index.getValue()))
                .toList();
    }
}
