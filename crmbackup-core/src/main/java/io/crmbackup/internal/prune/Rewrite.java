package io.crmbackup.internal.prune;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.log.IndexRef;
import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.pack.BaseCopy;
import io.crmbackup.internal.sort.ExternalSorter;
import io.crmbackup.internal.sort.SortedRecords;
import io.crmbackup.internal.store.Likeness;
import io.crmbackup.internal.store.SessionOptions;
import io.crmbackup.internal.store.StoreSession;
import io.crmbackup.internal.store.StoredRun;
import java.util.Arrays;
import java.util.List;

/**
 * Stores again what is needed of packs that are given up, and what is stored against bases that are. Of the chunks of such a base the newest becomes the base of the others, so that the next expiry does not make the same work once more. Not thread-safe.
 */
final class Rewrite {
    private final PruneContext context;
    private final Mark mark;

    Rewrite(PruneContext context, Mark mark) {
        this.context = context;
        this.mark = mark;
    }

    /**
     * What was stored.
     *
     * @param indexes the indexes that list it
     * @param bytes length of all objects that were put
     */
    record Moved(List<IndexRef> indexes, long bytes) {
        static final Moved NOTHING = new Moved(List.of(), 0);
    }

    /** Stores. Everything is confirmed by the sink when it returns, and part of the repository once an entry names it. */
    Moved run() {
        if (mark.basesReleased() == 0 && mark.rewritten().isEmpty()) {
            return Moved.NOTHING;
        }
        try (StoreSession session = context.chunks().session(SessionOptions.standard(), mark)) {
            // First, as what is compressed with one stays only if it does.
            mark.dictionaries().stream()
                    .filter(id -> mark.kept().copies(id).stream().anyMatch(mark::leaves))
                    .forEach(id -> session.keep(id, ChunkType.DICTIONARY));
            if (mark.basesReleased() > 0) {
                moveReleased(session);
            }
            mark.kept().forEach(copy -> {
                if (mark.leaves(copy)) {
                    context.course().step();
                    BaseCopy base = copy.base();
                    session.keep(copy.id(), copy.type(), base == null ? Likeness.NONE : base::id);
                }
            });
            StoredRun stored = session.flush();
            List<IndexRef> indexes = stored.indexes().entrySet().stream()
                    .map(index -> new IndexRef(index.getKey(), IdSet.of(index.getValue())))
                    .toList();
            return new Moved(indexes, stored.bytesStored());
        }
    }

    private void moveReleased(StoreSession session) {
        try (ExternalSorter others = context.sorters().get()) {
            SortedRecords released = mark.released().sorted();
            byte[] base = {};
            byte[] newest = {};
            while (released.next()) {
                ChunkName chunk = ChunkName.at(released.value());
                byte[] its = Arrays.copyOf(released.key(), BaseCopy.LENGTH);
                if (Arrays.equals(base, its)) {
                    others.add(released.key(), concat(released.value(), newest));
                } else {
                    base = its;
                    newest = chunk.id().toBytes();
                    context.course().step();
                    session.keep(chunk.id(), chunk.type());
                }
            }
            // Only what has been put can be a base.
            session.flush();
            SortedRecords rest = others.sorted();
            while (rest.next()) {
                context.course().step();
                ChunkName chunk = ChunkName.at(rest.value());
                ChunkId like = ChunkId.at(rest.value(), ChunkName.LENGTH);
                session.keep(chunk.id(), chunk.type(), () -> like);
            }
        }
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }
}
