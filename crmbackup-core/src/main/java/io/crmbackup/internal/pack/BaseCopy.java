package io.crmbackup.internal.pack;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.object.ObjectId;

/**
 * The full copy of a chunk that a delta needs. A delta names one physical copy, not just an id: were the id enough, two chunks could end as deltas on each other with
 * no full copy left.
 *
 * @param pack the pack that holds the copy
 * @param offset where its record begins in the pack's body
 * @param id the chunk's id
 */
public record BaseCopy(ObjectId pack, long offset, ChunkId id) {
    /** Length of the stored form in bytes. */
    public static final int LENGTH = ObjectId.LENGTH + 8 + ChunkId.LENGTH;

    /** Checks the offset. */
    public BaseCopy {
        if (offset < 0) {
            throw new IllegalArgumentException("an offset can't be negative: " + offset);
        }
    }
}
