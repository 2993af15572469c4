package io.crmbackup.internal.tree;

import io.crmbackup.internal.store.ChunkReader;
import io.crmbackup.internal.store.ChunkWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/**
 * Changes and joins trees. The result is the tree that {@link TreeBuilder} would build from the same records, but only the nodes that differ
 * are written, and about as many are read. Trees are never changed in place: the old root stays valid.
 *
 * <p>Memory: per level an open node, a radius, and a node that is read; however many edits there are. Not thread-safe.
 */
public final class TreeEditor {
    private final BoundaryRule rule;
    private final ChunkReader chunks;
    private final ChunkWriter writer;

    /** Creates an editor of trees that were built with these parameters. */
    public TreeEditor(TreeParameters parameters, ChunkReader chunks, ChunkWriter writer) {
        this(BoundaryRule.of(parameters), chunks, writer);
    }

    TreeEditor(BoundaryRule rule, ChunkReader chunks, ChunkWriter writer) {
        this.rule = rule;
        this.chunks = chunks;
        this.writer = writer;
    }

    /**
     * Applies edits to a tree.
     *
     * @param edits in strictly ascending order of their keys; taken as they are needed, once
     * @throws IllegalArgumentException if the edits aren't in order, or a key is too long
     * @throws io.crmbackup.error.LimitExceededException if a record is larger than a leaf may be
     * @throws io.crmbackup.error.DamagedObjectException if a node isn't what its parent says
     */
    public TreeRoot apply(TreeRoot root, Iterator<TreeEdit> edits) {
        return rewrite(List.of(root), edits);
    }

    /**
     * Joins trees whose keys follow one another: all keys of one are below all keys of the next. They may be empty.
     *
     * @throws IllegalArgumentException if the trees overlap
     * @throws io.crmbackup.error.DamagedObjectException if a node isn't what its parent says
     */
    public TreeRoot join(List<TreeRoot> parts) {
        return rewrite(parts, Collections.emptyIterator());
    }

    /**
     * Joins trees and applies edits to the whole, in one go.
     *
     * @throws IllegalArgumentException as in {@link #apply} and {@link #join}
     * @throws io.crmbackup.error.LimitExceededException if a record is larger than a leaf may be
     * @throws io.crmbackup.error.DamagedObjectException if a node isn't what its parent says
     */
    public TreeRoot rewrite(List<TreeRoot> parts, Iterator<TreeEdit> edits) {
        List<TreeRoot> trees = parts.stream().filter(part -> !part.isEmpty()).toList();
        Changes changes = new Edits(edits);
        if (changes.peek() == null && trees.size() < 2) {
            return trees.isEmpty() ? TreeRoot.EMPTY : trees.get(0);
        }
        NodeReader reader = new NodeReader(rule, chunks);
        List<Place> roots = new ArrayList<>();
        int height = 0;
        for (TreeRoot tree : trees) {
            roots.add(Place.of(tree, reader));
            height = Math.max(height, tree.height());
        }
        requireAscending(roots);
        for (int level = 0; level < height; level++) {
            changes = new LevelRewriter(rule, new LevelView(level, roots), changes, writer);
        }
        return changes.peek() == null && height > 0 ? trees.get(0) : build(changes, height);
    }

    private static void requireAscending(List<Place> roots) {
        for (int i = 1; i < roots.size(); i++) {
            if (Arrays.compareUnsigned(roots.get(i - 1).key(), roots.get(i).key()) >= 0) {
                throw new IllegalArgumentException("trees to join must follow one another; number " + i + " of "
                        + roots.size() + " begins at or above the one after it");
            }
        }
    }

    /** Builds on, above the highest old level: what is put there is all there is. */
    private TreeRoot build(Changes changes, int level) {
        Floor floor = new Floor(rule, Math.max(1, level), writer, Predecessors.NONE);
        Splitter leaves = new Splitter(rule, 0, Splitter.Start.FIRM, writer, Predecessors.NONE, floor::add);
        for (Change change = changes.peek(); change != null; change = changes.peek()) {
            if (change.node() != null) {
                floor.add(change.node());
            } else if (change.value() != null) {
                leaves.add(change.from(), change.value());
            }
            changes.advance();
        }
        leaves.finish();
        return floor.finish();
    }
}
