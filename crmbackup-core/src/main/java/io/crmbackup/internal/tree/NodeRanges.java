package io.crmbackup.internal.tree;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The nodes of one level in order, as far as their parents tell of them: they aren't read. Not thread-safe. */
final class NodeRanges implements Iterator<TreeRange> {
    private final @Nullable Place root;
    private final int level;
    private @Nullable Place next;

    NodeRanges(TreeRoot root, NodeReader reader, int level) {
        this.level = level;
        this.root = root.isEmpty() ? null : Place.of(root, reader);
        this.next = this.root == null ? null : this.root.first(level);
    }

    /** Goes before the node that covers a key. */
    void seek(byte[] key) {
        next = root == null ? null : root.floor(key, level);
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public TreeRange next() {
        Place place = next;
        if (place == null) {
            throw new NoSuchElementException("there are no more nodes");
        }
        next = place.next();
        return new TreeRange(place.key(), place.ref().records());
    }
}
