package io.crmbackup.internal.pack;

import io.crmbackup.internal.object.ObjectId;
import java.util.List;

/**
 * A pack that the sink has confirmed.
 *
 * @param id its id
 * @param length length of the object in bytes
 * @param copies what it holds, ordered by offset
 */
public record StoredPack(ObjectId id, long length, List<ChunkCopy> copies) {
    /** Copies the list. */
    public StoredPack {
        copies = List.copyOf(copies);
    }
}
