package io.crmbackup.internal.tree;

import io.crmbackup.internal.hash.ChunkId;

/** What {@link BlobWalk} calls. */
@FunctionalInterface
public interface BlobVisitor {
    /**
     * A chunk of a value, before it is read.
     *
     * @param id a piece or a page
     * @param level 0 for a piece, which the walk doesn't read
     * @param length how many bytes of the value it stands for
     * @return whether to read a page and go on below it; without effect for a piece
     */
    boolean enter(ChunkId id, int level, long length);
}
