package io.crmbackup.internal.pack;

import io.crmbackup.error.DamagedObjectException;

/** Gets what a scan finds in a pack. */
public interface PackVisitor {
    /** A chunk, and its plain bytes, which match its id. */
    void chunk(ChunkCopy copy, byte[] plain);

    /** Something that is damaged. The scan goes on as far as it can. */
    void damaged(DamagedObjectException damage);
}
