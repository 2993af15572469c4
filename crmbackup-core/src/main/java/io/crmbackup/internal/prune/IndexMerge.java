package io.crmbackup.internal.prune;

import io.crmbackup.internal.log.IndexRef;
import io.crmbackup.internal.log.LogEntry;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.store.MergedIndexes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Replaces index objects that are small, or speak of condemned packs, by fewer ones. Every client reads all of them when it opens the repository. Not thread-safe. */
final class IndexMerge {
    private static final long SMALL = 1 << 19;
    private static final int MANY_SMALL = 8;

    /** One of so many packs condemned is worth writing an index anew. */
    private static final int WASTE = 4;

    private final PruneContext context;
    private final LogState state;

    IndexMerge(PruneContext context, LogState state) {
        this.context = context;
        this.state = state;
    }

    /** The indexes to replace. */
    Set<ObjectId> chosen() {
        Set<ObjectId> small = new HashSet<>();
        context.objects()
                .list(
                        ObjectRole.INDEX.prefix(),
                        object -> ObjectRole.INDEX
                                .id(object.name())
                                .filter(id -> state.indexes().containsKey(id) && object.length() < SMALL)
                                .ifPresent(small::add));
        Set<ObjectId> chosen = new HashSet<>();
        state.indexes().forEach((id, packs) -> {
            int condemned = packs.intersect(state.condemned()).size();
            if (condemned > 0 && condemned * WASTE >= packs.size()) {
                chosen.add(id);
            }
        });
        if (!chosen.isEmpty() || small.size() >= MANY_SMALL) {
            chosen.addAll(small);
        }
        return chosen;
    }

    /** Replaces them; returns how many were. */
    long run() {
        Set<ObjectId> chosen = chosen();
        if (chosen.isEmpty()) {
            return 0;
        }
        MergedIndexes merged = context.chunks().merge(chosen, state.condemned()::contains);
        List<IndexRef> add = merged.put().stream()
                .map(index -> new IndexRef(index.id(), IdSet.of(index.packs())))
                .toList();
        IdSet drop = IdSet.of(merged.read());
        if (drop.isEmpty()) {
            return 0;
        }
        LogState after = context.log().reindex(new LogEntry.Reindex(add, drop));
        context.load(after);
        return after.dropped().containsAll(drop) ? drop.size() : 0;
    }
}
