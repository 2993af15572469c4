package io.crmbackup.internal.tree;

import io.crmbackup.internal.hash.ChunkId;

/**
 * Names a record tree. Two trees of one repository hold the same records if and only if their roots are equal. Immutable.
 *
 * @param height the number of levels; 0 if there are no records
 * @param id the root node; 32 zero bytes if there are no records
 * @param records how many records the tree has
 * @param bytes the sum of their sizes: key + value + {@value TreeParameters#LEAF_OVERHEAD} each
 */
public record TreeRoot(int height, ChunkId id, long records, long bytes) {
    /** The tree without records. */
    public static final TreeRoot EMPTY = new TreeRoot(0, ChunkId.of(new byte[ChunkId.LENGTH]), 0, 0);

    /** Checks the ranges. */
    public TreeRoot {
        if (height < 0 || height > BoundaryRule.HIGHEST_LEVEL + 1) {
            throw new IllegalArgumentException(
                    "a tree has 0 to " + (BoundaryRule.HIGHEST_LEVEL + 1) + " levels, not " + height);
        }
        if (height == 0 ? records != 0 || bytes != 0 : records < 1 || bytes / TreeParameters.LEAF_OVERHEAD < records) {
            throw new IllegalArgumentException(
                    "a tree of " + height + " levels can't have " + records + " records of " + bytes + " bytes");
        }
    }

    static TreeRoot of(NodeRef ref) {
        return new TreeRoot(ref.level() + 1, ref.id(), ref.records(), ref.bytes());
    }

    /** Whether there are no records. */
    public boolean isEmpty() {
        return height == 0;
    }
}
