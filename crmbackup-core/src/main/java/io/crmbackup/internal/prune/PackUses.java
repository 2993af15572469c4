package io.crmbackup.internal.prune;

import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.object.ObjectStore;
import io.crmbackup.internal.store.MissingPacks;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** All packs that the sink lists or the log knows. About 150 bytes a pack. Not thread-safe. */
final class PackUses {
    private final Map<ObjectId, PackUse> uses = new HashMap<>();
    private final Set<ObjectId> lost = new HashSet<>();

    /**
     * Looks which packs there are. A listing may be wrong either way: a pack that it misses is asked for, as counting on one that is lost could give up the last good copy of something.
     */
    static PackUses of(ObjectStore objects, LogState state) {
        PackUses packs = new PackUses();
        objects.list(
                ObjectRole.PACK.prefix(),
                object -> ObjectRole.PACK
                        .id(object.name())
                        .ifPresent(id -> packs.uses.put(id, new PackUse(object.length(), object.time()))));
        for (ObjectId id : state.known()) {
            if (!packs.of(id).isListed() && state.isGood(id) && !MissingPacks.isThere(id, objects)) {
                packs.lost.add(id);
            }
        }
        return packs;
    }

    PackUse of(ObjectId pack) {
        return uses.computeIfAbsent(pack, any -> new PackUse(0, null));
    }

    /** Whether a pack that should be there is not. */
    boolean isLost(ObjectId pack) {
        return lost.contains(pack);
    }

    /** The packs whose use fits. */
    Stream<ObjectId> where(Predicate<PackUse> fits) {
        return uses.entrySet().stream()
                .filter(entry -> fits.test(entry.getValue()))
                .map(Map.Entry::getKey);
    }

    /** Length of these packs together, as far as the listing shows them. */
    long bytes(IdSet packs) {
        return packs.stream().mapToLong(pack -> of(pack).length()).sum();
    }
}
