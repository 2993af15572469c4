package io.crmbackup.internal.prune;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the log has given up and what can be deleted of it now. Anyone may delete these, at any time and several times over: nobody can come to need them. Not thread-safe.
 *
 * <ul>
 *   <li>Packs that are condemned: those not known to be deleted, and those that are listed all the same, as an upload that arrived late may bring one back.
 *   <li>Manifests of expired snapshots. One that no entry ever named is left: it may be about to be committed.
 *   <li>Indexes that others took the place of; and those that were never named, once all their packs are condemned, so that nobody will name them.
 * </ul>
 */
class Sweep {
    private static final int BATCH = 1000;

    private final PruneContext context;
    private final LogState state;
    private final Map<ObjectId, Long> packs = new HashMap<>();
    private final List<ObjectId> manifests = new ArrayList<>();
    private final List<ObjectId> indexes = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    Sweep(PruneContext context, LogState state) {
        this.context = context;
        this.state = state;
    }

    /** Looks what is there. */
    Sweep look(Duration quarantine) {
        Map<ObjectId, Long> gone = new HashMap<>();
        state.toBeDeleted().forEach(pack -> gone.put(pack, 0L));
        context.objects()
                .list(
                        ObjectRole.PACK.prefix(),
                        object -> ObjectRole.PACK
                                .id(object.name())
                                .filter(state.condemned()::contains)
                                .ifPresent(pack -> gone.put(pack, object.length())));
        Set<ObjectId> notLive = listed(ObjectRole.SNAPSHOT);
        notLive.removeIf(state::isLive);
        Set<ObjectId> unnamed = listed(ObjectRole.INDEX);
        unnamed.removeIf(state.indexes()::containsKey);
        Set<ObjectId> dropped = new HashSet<>(unnamed);
        dropped.removeIf(index -> !state.dropped().contains(index));

        Set<ObjectId> sought = new HashSet<>(gone.keySet());
        sought.addAll(notLive);
        sought.addAll(dropped);
        Due due = Due.of(context, state, quarantine, sought);
        gone.forEach((pack, length) -> {
            if (isDue(due, pack)) {
                packs.put(pack, length);
            }
        });
        notLive.stream().filter(snapshot -> isDue(due, snapshot)).forEach(manifests::add);
        for (ObjectId index : unnamed) {
            if (dropped.contains(index) ? isDue(due, index) : isOfNoUse(index)) {
                indexes.add(index);
            }
        }
        note(due, gone);
        return this;
    }

    private Set<ObjectId> listed(ObjectRole role) {
        Set<ObjectId> ids = new HashSet<>();
        context.objects().list(role.prefix(), object -> role.id(object.name()).ifPresent(ids::add));
        return ids;
    }

    /** Whether an object may be deleted now. */
    boolean isDue(Due due, ObjectId id) {
        return due.is(id);
    }

    /** Whether nobody will ever name an index. */
    boolean isOfNoUse(ObjectId index) {
        try {
            return state.condemned().containsAll(IdSet.of(context.chunks().listedBy(index)));
        } catch (DamagedObjectException e) {
            return false;
        }
    }

    private void note(Due due, Map<ObjectId, Long> gone) {
        Map<ObjectId, Instant> held = due.held();
        held.values().stream().max(Comparator.naturalOrder()).ifPresent(until -> {
            long bytes = held.keySet().stream()
                    .mapToLong(id -> gone.getOrDefault(id, 0L))
                    .sum();
            notes.add(held.size() + " objects that nothing needs any more, packs of " + bytes
                    + " bytes among them, are kept until " + until.truncatedTo(ChronoUnit.SECONDS)
                    + " at the latest, for readers that began before (quarantine)");
        });
    }

    /** What is kept back and why. */
    List<String> notes() {
        return List.copyOf(notes);
    }

    long packs() {
        return packs.size();
    }

    /** Length of the packs together, as far as they are listed. */
    long bytes() {
        return packs.values().stream().mapToLong(Long::longValue).sum();
    }

    long manifests() {
        return manifests.size();
    }

    long indexes() {
        return indexes.size();
    }

    /** Deletes, and notes in the log which packs. */
    void run() {
        List<ObjectId> batch = new ArrayList<>();
        for (ObjectId pack : packs.keySet().stream().sorted().toList()) {
            delete(ObjectRole.PACK, pack);
            batch.add(pack);
            if (batch.size() == BATCH) {
                context.log().swept(IdSet.of(batch));
                batch.clear();
            }
        }
        if (!batch.isEmpty()) {
            context.log().swept(IdSet.of(batch));
        }
        manifests.forEach(id -> delete(ObjectRole.SNAPSHOT, id));
        indexes.forEach(id -> delete(ObjectRole.INDEX, id));
    }

    private void delete(ObjectRole role, ObjectId id) {
        context.course().step();
        context.objects().delete(role.name(id));
    }
}
