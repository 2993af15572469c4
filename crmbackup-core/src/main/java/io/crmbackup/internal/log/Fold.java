package io.crmbackup.internal.log;

import com.google.common.hash.HashCode;
import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.ObjectId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds entries to a state. Total: it never judges an entry, since what has been written stands; the preconditions
 * were its
 * author's business. Not thread-safe.
 */
final class Fold {
    private LogPosition position;
    private final Map<ObjectId, LogState.Live> live;
    private final Map<ObjectId, IdSet> indexes;
    private final List<ObjectId> dropped = new ArrayList<>();
    private final IdSet droppedBefore;
    private IdSet condemned;
    private IdSet swept;

    Fold(LogState state) {
        position = state.position();
        live = new LinkedHashMap<>();
        state.snapshots().forEach(snapshot -> live.put(snapshot.summary().id(), snapshot));
        indexes = new LinkedHashMap<>(state.indexes());
        droppedBefore = state.dropped();
        condemned = state.condemned();
        swept = state.swept();
    }

    LogPosition position() {
        return position;
    }

    void add(LogRecord record, HashCode stored) {
        LogEntry entry = record.entry();
        if (entry instanceof LogEntry.Commit commit) {
            SnapshotSummary summary = commit.snapshot();
            live.put(summary.id(), new LogState.Live(summary, position.next(), record.written()));
        } else if (entry instanceof LogEntry.Expire expire) {
            expire.snapshots().forEach(live::remove);
        } else if (entry instanceof LogEntry.Condemn condemn) {
            condemned = condemned.union(condemn.packs());
        } else if (entry instanceof LogEntry.Swept done) {
            swept = swept.union(done.packs());
        } else if (entry instanceof LogEntry.Reindex reindex) {
            for (ObjectId index : reindex.drop()) {
                indexes.remove(index);
                dropped.add(index);
            }
        }
        for (IndexRef index : entry.named()) {
            indexes.put(index.id(), index.packs());
        }
        position = new LogPosition(position.next() + 1, stored);
    }

    LogState state() {
        return new LogState(
                position,
                new LinkedHashMap<>(live),
                new LinkedHashMap<>(indexes),
                droppedBefore.union(IdSet.of(dropped)),
                condemned,
                swept);
    }

    static IdSet packs(Collection<IdSet> sets) {
        List<ObjectId> all = new ArrayList<>();
        sets.forEach(packs -> packs.forEach(all::add));
        return IdSet.of(all);
    }
}
