package io.crmbackup.internal.tree;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.store.ChunkReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads record trees. Thread-safe; the cursors that it opens are not. Everything read is checked against its parent. */
public final class RecordTree {
    private final BoundaryRule rule;
    private final ChunkReader chunks;

    /** Creates a reader of trees that were built with these parameters. */
    public RecordTree(TreeParameters parameters, ChunkReader chunks) {
        this(BoundaryRule.of(parameters), chunks);
    }

    RecordTree(BoundaryRule rule, ChunkReader chunks) {
        this.rule = rule;
        this.chunks = chunks;
    }

    /**
     * The value of a key; reads one node per level.
     *
     * @throws io.crmbackup.error.DamagedObjectException if a node on the way isn't what its parent says
     */
    public Optional<byte[]> get(TreeRoot root, byte[] key) {
        if (root.isEmpty()) {
            return Optional.empty();
        }
        Place place = Place.of(root, new NodeReader(rule, chunks)).floor(key, 0);
        Node leaf = place.open();
        int i = leaf.floor(key);
        return i >= 0 && leaf.compareKey(i, key) == 0 ? Optional.of(leaf.value(i)) : Optional.empty();
    }

    /** The tree as an earlier version of one that is built. */
    public FormerTree former(TreeRoot root) {
        return new FormerTree(rule, root, chunks);
    }

    /** All records in ascending order, for who goes through them once. */
    public TreeCursor all(TreeRoot root) {
        return new TreeCursor(root, NodeReader.once(rule, chunks), null);
    }

    /** The records in ascending order, for who may look for some of them. */
    public TreeCursor scan(TreeRoot root) {
        return new TreeCursor(root, new NodeReader(rule, chunks), null);
    }

    /**
     * The records of a range in ascending order.
     *
     * @param from the lowest key, inclusive
     * @param to the key before which the range ends, or null for no end
     */
    public TreeCursor scan(TreeRoot root, byte[] from, byte @Nullable [] to) {
        TreeCursor cursor = new TreeCursor(root, new NodeReader(rule, chunks), to);
        cursor.seek(from);
        return cursor;
    }

    /**
     * All records as ranges: the nodes of the lowest level that has at most so many. Reads the nodes above it, and of lower levels as many as
     * show that there are more.
     *
     * @throws io.crmbackup.error.DamagedObjectException if a node isn't what its parent says
     */
    public List<TreeRange> ranges(TreeRoot root, int most) {
        for (int level = 0; level < root.height(); level++) {
            List<TreeRange> ranges = new ArrayList<>();
            NodeRanges nodes = new NodeRanges(root, new NodeReader(rule, chunks), level);
            while (nodes.hasNext() && ranges.size() <= most) {
                ranges.add(nodes.next());
            }
            if (ranges.size() <= most) {
                return ranges;
            }
        }
        return List.of();
    }

    /**
     * The ids of the leaves that cover ascending keys, each once; reads the nodes above them only.
     *
     * @throws io.crmbackup.error.DamagedObjectException if a node isn't what its parent says
     */
    public Iterator<ChunkId> covering(TreeRoot root, Iterator<byte[]> keys) {
        return new CoveringLeaves(root, new NodeReader(rule, chunks), keys);
    }

    /**
     * The ids of the leaves of a range in ascending order; reads the nodes above them only.
     *
     * @param from the lowest key, inclusive
     * @param to the key before which the range ends, or null for no end
     * @throws io.crmbackup.error.DamagedObjectException if a node isn't what its parent says
     */
    public Iterator<ChunkId> covering(TreeRoot root, byte[] from, byte @Nullable [] to) {
        NodeRanges leaves = new NodeRanges(root, new NodeReader(rule, chunks), 0);
        leaves.seek(from);
        return leaves.ids(to);
    }

    /**
     * The leaves from the one that holds a key on, as ranges; reads the nodes above them only.
     *
     * @throws io.crmbackup.error.DamagedObjectException if a node isn't what its parent says
     */
    public Iterator<TreeRange> leaves(TreeRoot root, byte[] from) {
        NodeRanges leaves = new NodeRanges(root, new NodeReader(rule, chunks), 0);
        leaves.seek(from);
        return leaves;
    }
}
