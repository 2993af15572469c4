package io.crmbackup.internal.tree;

import com.google.common.collect.AbstractIterator;
import io.crmbackup.internal.hash.ChunkId;
import java.util.Arrays;
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

    /** The ids of the nodes from here on that begin before a key; null for all. */
    Iterator<ChunkId> ids(byte @Nullable [] to) {
        return new AbstractIterator<>() {
            @Override
            protected @Nullable ChunkId computeNext() {
                Place place = next;
                if (place == null || to != null && Arrays.compareUnsigned(place.key(), to) >= 0) {
                    return endOfData();
                }
                next = place.next();
                return place.ref().id();
            }
        };
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
