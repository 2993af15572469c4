package io.crmbackup.internal.tree;

import io.crmbackup.internal.store.ChunkReader;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the nodes of trees, parents before children and in the order of the keys; the visitor decides what is left out, which is how
 * many trees that share nodes are walked at the cost of one. Checks every node that it reads. Holds one node per level. Not thread-safe.
 */
public final class TreeWalk {
    private final NodeReader reader;

    /** Creates a walk over trees that were built with these parameters. */
    public TreeWalk(TreeParameters parameters, ChunkReader chunks) {
        this(BoundaryRule.of(parameters), chunks);
    }

    TreeWalk(BoundaryRule rule, ChunkReader chunks) {
        reader = new NodeReader(rule, chunks);
    }

    /**
     * Walks over one tree.
     *
     * @throws io.crmbackup.error.DamagedObjectException if a node isn't what its parent says
     */
    public void walk(TreeRoot root, TreeVisitor visitor) {
        if (!root.isEmpty() && visitor.enter(root.id(), root.height() - 1)) {
            walk(reader.root(root), null, visitor);
        }
    }

    private void walk(Node node, byte @Nullable [] bound, TreeVisitor visitor) {
        for (int i = 0; i < node.count(); i++) {
            if (node.level() == 0) {
                visitor.record(node.key(i), node.value(i));
            } else if (visitor.enter(node.childId(i), node.level() - 1)) {
                byte[] childBound = i + 1 < node.count() ? node.key(i + 1) : bound;
                walk(reader.child(node.child(i), childBound), childBound, visitor);
            }
        }
    }
}
