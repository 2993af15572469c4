package io.crmbackup.internal.tree;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.store.ChunkReader;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads nodes and refuses those that break the format: whatever a parent says about its child is checked against the child. Remembers
 * the inner nodes used last, so that walks on neighbouring levels don't read the same path again. Not thread-safe.
 */
final class NodeReader {
    /** Enough for the paths of an edit through all levels; about 12 KiB each. */
    private static final int REMEMBERED = 32;

    private final BoundaryRule rule;
    private final ChunkReader chunks;
    private final ChunkReader leaves;
    private final Map<ChunkId, Node> remembered = new LinkedHashMap<>(2 * REMEMBERED, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ChunkId, Node> eldest) {
            return size() > REMEMBERED;
        }
    };

    NodeReader(BoundaryRule rule, ChunkReader chunks) {
        this(rule, chunks, chunks);
    }

    private NodeReader(BoundaryRule rule, ChunkReader chunks, ChunkReader leaves) {
        this.rule = rule;
        this.chunks = chunks;
        this.leaves = leaves;
    }

    /** One for who needs each leaf once. */
    static NodeReader once(BoundaryRule rule, ChunkReader chunks) {
        return new NodeReader(rule, chunks, chunks::readOnce);
    }

    /** Reads the root of a tree that isn't empty. */
    Node root(TreeRoot root) {
        Node node = read(root.id(), root.height() - 1);
        check(root.id(), node, root.records(), root.bytes());
        return node;
    }

    /**
     * Reads a node below a root.
     *
     * @param bound the key that all keys of the node must be below, or null
     */
    Node child(NodeRef ref, byte @Nullable [] bound) {
        Node node = read(ref.id(), ref.level());
        check(ref.id(), node, ref.records(), ref.bytes());
        if (node.compareKey(0, ref.key()) != 0) {
            throw damaged(ref.id(), "doesn't begin with the key that its parent names");
        }
        if (bound != null && node.compareKey(node.count() - 1, bound) >= 0) {
            throw damaged(ref.id(), "has keys that belong to the node after it");
        }
        if (node.size() <= rule.radius(ref.level())) {
            throw damaged(ref.id(), "is too small for a node below a root: " + node.size() + " bytes");
        }
        return node;
    }

    private Node read(ChunkId id, int level) {
        Node node = remembered.get(id);
        if (node == null) {
            try {
                node = Node.parse(
                        level == 0 ? leaves.read(id, ChunkType.LEAF) : chunks.read(id, ChunkType.INNER),
                        rule.parameters().largestKey());
            } catch (MalformedException e) {
                throw new DamagedObjectException("node " + id, e.getMessage(), e);
            }
        }
        if (node.level() != level) {
            throw damaged(id, "is of level " + node.level() + " where level " + level + " belongs");
        }
        if (node.size() > rule.limit(level)) {
            throw damaged(id, "has " + node.size() + " bytes; the limit is " + rule.limit(level));
        }
        if (level > 0) {
            if (node.count() < 2) {
                throw damaged(id, "has a single child");
            }
            remembered.put(id, node);
        }
        return node;
    }

    private static void check(ChunkId id, Node node, long records, long bytes) {
        if (node.records() != records || node.bytes() != bytes) {
            throw damaged(
                    id,
                    "has " + node.records() + " records of " + node.bytes() + " bytes; its parent says " + records
                            + " of " + bytes);
        }
    }

    private static DamagedObjectException damaged(ChunkId id, String what) {
        return new DamagedObjectException("node " + id, what);
    }
}
