package io.crmbackup.internal.store;

import io.crmbackup.internal.index.IndexObjects;
import io.crmbackup.internal.object.ObjectId;
import java.util.List;
import java.util.Set;

/**
 * Index objects that were written anew as fewer ones.
 *
 * @param read the objects that were read
 * @param put the objects that were put, which say all that those said of the packs that were not left out
 */
public record MergedIndexes(Set<ObjectId> read, List<IndexObjects.StoredIndex> put) {
    /** Copies the collections. */
    public MergedIndexes {
        read = Set.copyOf(read);
        put = List.copyOf(put);
    }
}
