package io.crmbackup.internal.tree;

import io.crmbackup.internal.hash.ChunkId;

/** What {@link TreeWalk} calls. */
@FunctionalInterface
public interface TreeVisitor {
    /**
     * A node of the tree, before it is read.
     *
     * @param id the node's chunk
     * @param level 0 for a leaf
     * @return whether to read the node and go on below it; false leaves out its whole subtree
     */
    boolean enter(ChunkId id, int level);

    /** A record of a leaf that was entered, in ascending order of keys. The arrays are the visitor's own. */
    default void record(byte[] key, byte[] value) {}
}
