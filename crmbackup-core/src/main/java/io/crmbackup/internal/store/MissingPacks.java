package io.crmbackup.internal.store;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.object.ObjectStore;
import java.util.HashSet;
import java.util.Set;

/** Finds packs that should be in the sink and are not. */
public final class MissingPacks {
    private MissingPacks() {}

    /**
     * Those of some packs that are not there. A listing may miss what is there, so that what it misses is asked for.
     *
     * @throws io.crmbackup.error.SinkException if the sink can't be read
     */
    public static Set<ObjectId> among(IdSet expected, ObjectStore objects) {
        Set<ObjectId> unlisted = new HashSet<>(expected.stream().toList());
        objects.list(
                ObjectRole.PACK.prefix(),
                object -> ObjectRole.PACK.id(object.name()).ifPresent(unlisted::remove));
        unlisted.removeIf(pack -> isThere(pack, objects));
        return unlisted;
    }

    /** Whether a pack is there, which only asking for it tells. */
    public static boolean isThere(ObjectId pack, ObjectStore objects) {
        try {
            return objects.atMost(ObjectRole.PACK.name(pack), 0, 1).length > 0;
        } catch (DamagedObjectException e) {
            return false;
        }
    }
}
