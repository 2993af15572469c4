package io.crmbackup.internal.prune;

import io.crmbackup.internal.log.LogEntry;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds out how long ago the log gave objects up. Reads the log backwards until all that is asked for is found; the time of an entry is the sink's, where it knows, otherwise the author's clock. Not thread-safe.
 */
final class Due {
    private final PruneContext context;
    private final Duration quarantine;
    private final Set<ObjectId> sought;
    private final List<Found> found = new ArrayList<>();
    private final Set<ObjectId> due = new HashSet<>();
    private final Map<ObjectId, Instant> until = new HashMap<>();

    /** Objects that one entry gave up. */
    private record Found(long number, Instant written, List<ObjectId> ids) {}

    private Due(PruneContext context, Duration quarantine, Set<ObjectId> sought) {
        this.context = context;
        this.quarantine = quarantine;
        this.sought = new HashSet<>(sought);
    }

    /** Looks for these packs, snapshots and indexes; what no entry gave up is neither due nor held. */
    static Due of(PruneContext context, LogState state, Duration quarantine, Set<ObjectId> ids) {
        Due due = new Due(context, quarantine, ids);
        if (!ids.isEmpty()) {
            context.log().history(state, due::see);
            due.judge();
        }
        return due;
    }

    private boolean see(long number, Instant written, LogEntry entry) {
        List<ObjectId> here = new ArrayList<>();
        for (ObjectId id : givenUp(entry)) {
            if (sought.remove(id)) {
                here.add(id);
            }
        }
        if (!here.isEmpty()) {
            found.add(new Found(number, written, here));
        }
        return !sought.isEmpty();
    }

    private static IdSet givenUp(LogEntry entry) {
        if (entry instanceof LogEntry.Condemn condemn) {
            return condemn.packs();
        } else if (entry instanceof LogEntry.Expire expire) {
            return expire.snapshots();
        } else if (entry instanceof LogEntry.Reindex reindex) {
            return reindex.drop();
        }
        return IdSet.empty();
    }

    private void judge() {
        Map<Long, Instant> times = new HashMap<>();
        if (!quarantine.isZero()) {
            found.forEach(one -> times.put(one.number(), one.written()));
            context.objects()
                    .list(
                            ObjectRole.LOG.prefix(),
                            object -> ObjectRole.LOG
                                    .number(object.name())
                                    .ifPresent(number -> times.computeIfPresent(
                                            number,
                                            (any, written) -> object.time() == null ? written : object.time())));
        }
        Instant now = context.clock().instant();
        for (Found one : found) {
            Instant end = times.getOrDefault(one.number(), Instant.MIN);
            end = quarantine.isZero() ? end : end.plus(quarantine);
            for (ObjectId id : one.ids()) {
                if (end.isAfter(now)) {
                    until.put(id, end);
                } else {
                    due.add(id);
                }
            }
        }
    }

    /** Whether an object's quarantine is over. */
    boolean is(ObjectId id) {
        return due.contains(id);
    }

    /** Until when objects are kept back. */
    Map<ObjectId, Instant> held() {
        return Map.copyOf(until);
    }
}
