package io.crmbackup.internal.tree;

import org.jspecify.annotations.Nullable;

/**
 * Where a node stands in its tree: the way down to it. Knows the node's reference without reading it; neighbours are found through the
 * nodes above. Immutable; holds one node per level above.
 */
final class Place {
    private final NodeReader reader;
    private final NodeRef ref;
    private final @Nullable Place above;
    /** The node that {@link #ref} stands in; for a root, the root itself. */
    private final Node node;

    private final int index;

    private Place(NodeReader reader, NodeRef ref, @Nullable Place above, Node node, int index) {
        this.reader = reader;
        this.ref = ref;
        this.above = above;
        this.node = node;
        this.index = index;
    }

    /** The place of a root; reads it. */
    static Place of(TreeRoot root, NodeReader reader) {
        Node node = reader.root(root);
        NodeRef ref = new NodeRef(node.level(), node.key(0), root.id(), root.records(), root.bytes());
        return new Place(reader, ref, null, node, 0);
    }

    NodeRef ref() {
        return ref;
    }

    byte[] key() {
        return ref.key();
    }

    boolean isRoot() {
        return above == null;
    }

    /** Whether the node is the first of its level. */
    boolean isFirst() {
        return above == null || index == 0 && above.isFirst();
    }

    /** Reads the node. */
    Node open() {
        return above == null ? node : reader.child(ref, bound());
    }

    /** The key that the node's keys are below, if the tree has one. */
    private byte @Nullable [] bound() {
        if (above == null) {
            return null;
        }
        return index + 1 < node.count() ? node.key(index + 1) : above.bound();
    }

    private Place at(Node opened, int i) {
        return new Place(reader, opened.child(i), this, opened, i);
    }

    /** The first node of a level at or below this node. */
    Place first(int level) {
        Place place = this;
        while (place.ref.level() > level) {
            place = place.at(place.open(), 0);
        }
        return place;
    }

    /** The last node of a level at or below this node. */
    Place last(int level) {
        Place place = this;
        while (place.ref.level() > level) {
            Node opened = place.open();
            place = place.at(opened, opened.count() - 1);
        }
        return place;
    }

    /** The node of a level that covers a key: the last that doesn't begin above it, or the first of all. */
    Place floor(byte[] key, int level) {
        Place place = this;
        while (place.ref.level() > level) {
            Node opened = place.open();
            place = place.at(opened, Math.max(0, opened.floor(key)));
        }
        return place;
    }

    /** The next node of the same level, or null. */
    @Nullable
    Place next() {
        if (above == null) {
            return null;
        }
        if (index + 1 < node.count()) {
            return above.at(node, index + 1);
        }
        Place up = above.next();
        return up == null ? null : up.first(ref.level());
    }

    /** The node before on the same level, or null. */
    @Nullable
    Place previous() {
        if (above == null) {
            return null;
        }
        if (index > 0) {
            return above.at(node, index - 1);
        }
        Place up = above.previous();
        return up == null ? null : up.last(ref.level());
    }
}
