package io.crmbackup.internal.tree;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.store.ChunkReader;
import org.jspecify.annotations.Nullable;

/**
 * An earlier version of a tree that is built anew: a new node probably resembles the old one of its level that covers the key in its middle.
 * In the middle, because boundaries move: beyond a boundary that has moved a little, the first key lies in the wrong node; the middle lies in the
 * node that has most in common with the new one, whether that was split, joined, or has another begin.
 *
 * <p>Reads nothing before the first new node, and then the inner nodes on the way to it; keys that ascend share these. Not thread-safe.
 */
public final class FormerTree implements Predecessors {
    /** There is no earlier version. */
    public static final FormerTree NONE = new FormerTree(TreeRoot.EMPTY, null);

    private final TreeRoot root;
    private final @Nullable NodeReader reader;
    private @Nullable Place top;

    FormerTree(BoundaryRule rule, TreeRoot root, ChunkReader chunks) {
        this(root, new NodeReader(rule, chunks));
    }

    private FormerTree(TreeRoot root, @Nullable NodeReader reader) {
        this.root = root;
        this.reader = reader;
    }

    /**
     * {@inheritDoc}
     *
     * @throws io.crmbackup.error.DamagedObjectException if a node on the way isn't what its parent says
     */
    @Override
    public @Nullable ChunkId find(int level, byte[] key) {
        if (reader == null || level >= root.height()) {
            return null;
        }
        if (level == root.height() - 1) {
            return root.id();
        }
        Place from = top;
        if (from == null) {
            from = Place.of(root, reader);
            top = from;
        }
        return from.floor(key, level).ref().id();
    }
}
