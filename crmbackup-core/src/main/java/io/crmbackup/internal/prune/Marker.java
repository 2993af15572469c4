package io.crmbackup.internal.prune;

import io.crmbackup.PruneOptions;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.index.ChunkIndex;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.log.SnapshotSummary;
import io.crmbackup.internal.manifest.Manifest;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.pack.BaseCopy;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.internal.snapshot.SnapshotWalk;
import io.crmbackup.internal.sort.ExternalSorter;
import io.crmbackup.internal.sort.SortedRecords;
import io.crmbackup.internal.store.ChunkReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds for every chunk of every live snapshot a copy that can be relied on. Newest snapshot first, so that of the chunks that are stored as changes of one base the newest comes first; what was met before is not met again, which makes many
 * snapshots that share most of their trees cost little more than one. Self-contained snapshots come last and keep their packs whole: the others do without these if they can, so that each stays sound when the other is damaged.
 *
 * <p>Not thread-safe. Memory is bounded: what is kept lies in an index on disk.
 */
class Marker {
    private final PruneContext context;
    private final PruneOptions options;
    private final LogState state;
    private final PackUses packs;
    private final Copies copies;
    private final ChunkIndex kept;

    /** The deltas that are kept: by base, then in the order in which they were met. */
    private final ExternalSorter deltas;

    /** The dictionaries that live snapshots name, or that what is kept is compressed with: a few for each collection. */
    private final Set<ChunkId> dictionaries = new HashSet<>();

    private long met;

    Marker(PruneContext context, PruneOptions options, LogState state) {
        this.context = context;
        this.options = options;
        this.state = state;
        this.packs = PackUses.of(context.objects(), state);
        this.copies = new Copies(context.chunks(), state, packs);
        this.kept = new ChunkIndex(context.workDirectory());
        this.deltas = context.sorters().get();
    }

    /**
     * Marks.
     *
     * @throws DamagedObjectException if a chunk has no copy that can be relied on
     */
    Mark mark() {
        ExternalSorter released = context.sorters().get();
        Mark mark = new Mark(state, packs, kept, released);
        try {
            List<LogState.Live> newestFirst = new ArrayList<>(state.snapshots());
            newestFirst.sort(Comparator.comparingLong(LogState.Live::number).reversed());
            List<LogState.Live> selfContained = new ArrayList<>();
            for (LogState.Live live : newestFirst) {
                List<ObjectId> own = manifest(live).packs();
                own.forEach(pack -> packs.of(pack).fix());
                if (!own.isEmpty()) {
                    selfContained.add(live);
                }
            }
            newestFirst.removeAll(selfContained);
            newestFirst.addAll(selfContained);
            newestFirst.forEach(live -> walk(live.summary(), manifest(live)));
            settle(mark);
            return mark;
        } catch (RuntimeException e) {
            mark.close();
            throw e;
        } finally {
            deltas.close();
        }
    }

    private Manifest manifest(LogState.Live live) {
        return context.manifests().apply(live.summary().id());
    }

    private void walk(SnapshotSummary snapshot, Manifest manifest) {
        Set<ObjectId> own = Set.copyOf(manifest.packs());
        ChunkReader reader = own.isEmpty() ? context.chunks() : context.chunks().preferring(own);
        try {
            new SnapshotWalk(context.trees(), reader, (id, type) -> enter(id, type, own)).walk(manifest);
        } catch (DamagedObjectException e) {
            throw new DamagedObjectException(
                    e.object(),
                    e.what() + "; snapshot " + snapshot.id() + " of plan " + snapshot.plan()
                            + " needs it. Nothing was given up; verify tells what is damaged",
                    e);
        }
    }

    private boolean enter(ChunkId id, ChunkType type, Set<ObjectId> own) {
        context.course().step();
        if (!kept.copies(id).isEmpty()) {
            return false;
        }
        if (type == ChunkType.DICTIONARY) {
            dictionaries.add(id);
        }
        List<ChunkCopy> usable = usable(id, type);
        if (usable.isEmpty()) {
            unresolved(id);
            return true;
        }
        keep(usable.stream().min(preference(own)).orElseThrow());
        return true;
    }

    /** The copies that a chunk may be kept by. */
    List<ChunkCopy> usable(ChunkId id, ChunkType type) {
        return copies.of(id, type);
    }

    void unresolved(ChunkId id) {
        throw new DamagedObjectException("chunk " + id, "has no copy that can be relied on");
    }

    /**
     * What is not damaged, as far as is known; own packs first, then those that are nobody's own; then what was written last: a chunk that is there is
     * stored again where another process found its copy damaged, which this one does not know. Then full copies before deltas; packs that are needed
     * anyway.
     */
    private Comparator<ChunkCopy> preference(Set<ObjectId> own) {
        return Comparator.<ChunkCopy>comparingInt(copy -> context.chunks().isDamaged(copy) ? 1 : 0)
                .thenComparingInt(copy -> own.contains(copy.pack()) ? 0 : 1)
                .thenComparingInt(copy -> packs.of(copy.pack()).isFixed() ? 1 : 0)
                .thenComparing(copy -> packs.of(copy.pack()).written(), Comparator.reverseOrder())
                .thenComparingInt(copy -> copy.base() == null ? 0 : 1)
                .thenComparingInt(copy -> packs.of(copy.pack()).liveBytes() > 0 ? 0 : 1)
                .thenComparing(ChunkCopy::pack)
                .thenComparingLong(ChunkCopy::offset);
    }

    private void keep(ChunkCopy copy) {
        count(copy);
        BaseCopy base = copy.base();
        if (base != null) {
            deltas.add(
                    ByteBuffer.allocate(BaseCopy.LENGTH + Long.BYTES)
                            .put(base.pack().toBytes())
                            .putLong(base.offset())
                            .put(base.id().toBytes())
                            .putLong(met++)
                            .array(),
                    ChunkName.of(copy).toBytes());
        }
    }

    private void count(ChunkCopy copy) {
        kept.add(copy);
        packs.of(copy.pack()).add(copy.length());
        needsDictionary(copy);
    }

    private void needsDictionary(ChunkCopy copy) {
        ChunkId dictionary = copy.dictionary();
        if (dictionary != null) {
            dictionaries.add(dictionary);
        }
    }

    /** Keeps the base of a delta where it is. */
    private void keepBase(ChunkCopy delta) {
        copies.base(delta).ifPresent(base -> {
            packs.of(base.pack()).holdsBases();
            needsDictionary(base);
        });
    }

    /**
     * Says of every base whether it stays. One that no snapshot has keeps contents that were dropped, so the chunks that are stored against it are to be stored again, but for those that have another copy by now. That takes as much space
     * as the base: so where its pack would stay all the same, it is put off until that goes as well, unless the prune is a thorough one.
     */
    private void settle(Mark mark) {
        mark.releaseBasesOf(
                packs.where(use -> options.isThorough() || use.isSparse()).collect(Collectors.toSet()));
        SortedRecords sorted = deltas.sorted();
        byte[] last = {};
        boolean stays = false;
        boolean isSeen = false;
        long bases = 0;
        while (sorted.next()) {
            byte[] base = Arrays.copyOf(sorted.key(), BaseCopy.LENGTH);
            if (!Arrays.equals(last, base)) {
                last = base;
                stays = !mark.base(base(base));
                isSeen = false;
            }
            ChunkName chunk = ChunkName.at(sorted.value());
            if (stays) {
                if (!isSeen) {
                    kept.copies(chunk.id()).forEach(this::keepBase);
                    isSeen = true;
                }
                continue;
            }
            kept.copies(chunk.id()).forEach(old -> packs.of(old.pack()).remove(old.length()));
            Optional<ChunkCopy> other = copies.of(chunk.id(), chunk.type()).stream()
                    .filter(copy -> copy.base() == null || !mark.base(copy.base()))
                    .min(preference(Set.of()));
            if (other.isPresent()) {
                count(other.get());
                keepBase(other.get());
            } else {
                mark.released().add(sorted.key(), sorted.value());
                bases += isSeen ? 0 : 1;
                isSeen = true;
            }
        }
        mark.releases(bases);
        keepDictionaries(mark);
    }

    /** Keeps one copy of each dictionary; what is compressed with it names it by id, so that it may be moved. */
    private void keepDictionaries(Mark mark) {
        for (ChunkId id : dictionaries) {
            if (kept.copies(id).isEmpty()) {
                copies.dictionaries(id).min(preference(Set.of())).ifPresent(this::count);
            }
        }
        mark.needs(dictionaries);
    }

    private static BaseCopy base(byte[] bytes) {
        return new BaseCopy(
                ObjectId.at(bytes, 0),
                ByteBuffer.wrap(bytes).getLong(ObjectId.LENGTH),
                ChunkId.at(bytes, ObjectId.LENGTH + Long.BYTES));
    }
}
