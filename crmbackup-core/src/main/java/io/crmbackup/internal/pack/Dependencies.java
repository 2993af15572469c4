package io.crmbackup.internal.pack;

import io.crmbackup.internal.hash.ChunkId;

/** Finds the chunks that encoded chunks need. Both methods throw {@link io.crmbackup.error.DamagedObjectException} if there is no good copy. */
public interface Dependencies {
    /** The plain bytes of a delta's base, read from a copy that is not a delta. */
    byte[] base(BaseCopy base);

    /** The plain bytes of a dictionary, read from a copy that needs no other chunk. */
    byte[] dictionary(ChunkId id);
}
