package io.crmbackup.internal.store;

import io.crmbackup.internal.object.ObjectId;
import java.util.Map;
import java.util.Set;

/**
 * What a session has stored and relies on, all of it confirmed by the sink: what a commit has to name.
 *
 * @param indexes the index objects that it wrote, each with the packs that it lists
 * @param ownPacks the packs that it wrote, but for those that were condemned meanwhile
 * @param relies the packs of all copies that it wrote or shares, and of their bases and dictionaries
 * @param bytesStored length of all objects that it put, padding included
 * @param chunksNew number of chunks that it stored
 * @param chunksReused number of times that an equal chunk was there already
 */
public record StoredRun(
        Map<ObjectId, Set<ObjectId>> indexes,
        Set<ObjectId> ownPacks,
        Set<ObjectId> relies,
        long bytesStored,
        long chunksNew,
        long chunksReused) {
    /** Copies the collections. */
    public StoredRun {
        indexes = Map.copyOf(indexes);
        ownPacks = Set.copyOf(ownPacks);
        relies = Set.copyOf(relies);
    }
}
