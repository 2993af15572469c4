package io.crmbackup.internal.tree;

import io.crmbackup.internal.store.ChunkWriter;

/**
 * Builds a tree from records that come in ascending order. Holds one open node and one radius per level. A writer that only computes
 * ids gives the root without storing anything, which is how data is compared with a stored tree. Not thread-safe.
 */
public final class TreeBuilder {
    private final Splitter leaves;
    private final Floor floor;
    private boolean finished;

    /** Creates a builder that writes nodes to a writer. */
    public TreeBuilder(TreeParameters parameters, ChunkWriter writer) {
        this(parameters, writer, FormerTree.NONE);
    }

    /** Creates a builder that tells the writer which node of an earlier version of the tree each new one resembles. */
    public TreeBuilder(TreeParameters parameters, ChunkWriter writer, FormerTree former) {
        this(BoundaryRule.of(parameters), writer, former);
    }

    TreeBuilder(BoundaryRule rule, ChunkWriter writer) {
        this(rule, writer, FormerTree.NONE);
    }

    TreeBuilder(BoundaryRule rule, ChunkWriter writer, Predecessors predecessors) {
        floor = new Floor(rule, 1, writer, predecessors);
        leaves = new Splitter(rule, 0, Splitter.Start.FIRM, writer, predecessors, floor::add);
    }

    /**
     * Adds a record; both arrays are copied.
     *
     * @throws IllegalArgumentException if the key isn't above the one before by unsigned bytes, or too long
     * @throws io.crmbackup.error.LimitExceededException if the record is larger than a leaf may be
     */
    public void add(byte[] key, byte[] value) {
        requireOpen();
        leaves.add(key, value);
    }

    /** Writes what is left and returns the root. Nothing can be added afterwards. */
    public TreeRoot finish() {
        requireOpen();
        finished = true;
        leaves.finish();
        return floor.finish();
    }

    private void requireOpen() {
        if (finished) {
            throw new IllegalStateException("this tree is finished");
        }
    }
}
