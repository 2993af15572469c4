package io.crmbackup.internal.store;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.pack.BaseCopy;
import io.crmbackup.internal.pack.ChunkCopy;
import org.jspecify.annotations.Nullable;

/**
 * The plain bytes of the nodes that were read last, up to {@value #MOST_BYTES} of them. An incremental backup needs a node up to three times: to look records up, to edit it, and as the base of what takes its place. Thread-safe; the
 * arrays are shared and must not be changed.
 *
 * <p>A base has to be the very copy that a delta will name, proved to be readable. So each node is kept with the full copy that it was read from, if it was read from one.
 */
final class NodeCache {
    private static final int MOST_BYTES = 48 * 1024 * 1024;

    /** What an entry takes besides its bytes. */
    private static final int ENTRY = 240;

    private final Cache<ChunkId, Known> nodes = CacheBuilder.newBuilder()
            .maximumWeight(MOST_BYTES)
            .weigher((ChunkId id, Known known) -> ENTRY + known.plain.length)
            .build();

    private record Known(byte[] plain, @Nullable BaseCopy full) {}

    /** The bytes of a node, from whichever copy. */
    byte @Nullable [] find(ChunkId id) {
        Known known = nodes.getIfPresent(id);
        return known == null ? null : known.plain;
    }

    /** The bytes of a node, if they were read from this very copy. */
    byte @Nullable [] find(BaseCopy copy) {
        Known known = nodes.getIfPresent(copy.id());
        return known == null || !copy.equals(known.full) ? null : known.plain;
    }

    /** Keeps a node that was read from one of its copies. */
    void put(ChunkCopy copy, byte[] plain) {
        if (copy.base() == null) {
            put(DamagedCopies.place(copy), plain);
        } else if (nodes.getIfPresent(copy.id()) == null) {
            nodes.put(copy.id(), new Known(plain, null));
        }
    }

    /** Keeps a node that was read from a full copy. */
    void put(BaseCopy copy, byte[] plain) {
        nodes.put(copy.id(), new Known(plain, copy));
    }

    /** Forgets which copies the nodes were read from, so that a base is proved to be readable anew; what a node holds is told by its id. */
    void forgetCopies() {
        nodes.asMap().replaceAll((id, known) -> new Known(known.plain, null));
    }

    void forget() {
        nodes.invalidateAll();
    }
}
