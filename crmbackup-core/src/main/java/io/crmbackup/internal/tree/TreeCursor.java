package io.crmbackup.internal.tree;

import org.jspecify.annotations.Nullable;

/**
 * Walks through the records of a tree in ascending order. Stands before the first record until {@link #next()} is called. Holds one
 * node per level; reads a node when it gets there. Not thread-safe.
 */
public final class TreeCursor {
    private final TreeRoot root;
    private final NodeReader reader;
    private final byte @Nullable [] to;

    private @Nullable Place place;
    private @Nullable Node leaf;
    private int index;
    private boolean started;
    /** Whether {@link #next()} has stepped to the current entry. */
    private boolean onRecord;

    TreeCursor(TreeRoot root, NodeReader reader, byte @Nullable [] to) {
        this.root = root;
        this.reader = reader;
        this.to = to == null ? null : to.clone();
    }

    /**
     * Steps to the next record and tells whether there is one.
     *
     * @throws io.crmbackup.error.DamagedObjectException if a node isn't what its parent says
     */
    public boolean next() {
        if (!started) {
            started = true;
            if (!root.isEmpty()) {
                enter(Place.of(root, reader).first(0));
                index = -1;
            }
        }
        onRecord = false;
        if (leaf == null || place == null) {
            return false;
        }
        if (++index == leaf.count()) {
            enter(place.next());
        }
        if (leaf != null && to != null && leaf.compareKey(index, to) >= 0) {
            enter(null);
        }
        onRecord = leaf != null;
        return onRecord;
    }

    /** Goes before the first record whose key is at or above a key, forwards or back; {@link #next()} steps to it. */
    public void seek(byte[] key) {
        started = true;
        onRecord = false;
        if (leaf == null || leaf.compareKey(0, key) > 0 || leaf.compareKey(leaf.count() - 1, key) < 0) {
            Place found = root.isEmpty() ? null : Place.of(root, reader).floor(key, 0);
            if (leaf == null
                    || found == null
                    || place == null
                    || !found.ref().id().equals(place.ref().id())) {
                enter(found);
            }
        }
        if (leaf != null) {
            int floor = leaf.floor(key);
            index = floor >= 0 && leaf.compareKey(floor, key) == 0 ? floor - 1 : floor;
        }
    }

    private void enter(@Nullable Place next) {
        place = next;
        leaf = next == null ? null : next.open();
        index = 0;
    }

    /** Whether the record after the current one is in another leaf, or there is none. */
    public boolean isAtEndOfLeaf() {
        return index == current().count() - 1;
    }

    /** The key of the current record, as an array of its own. */
    public byte[] key() {
        return current().key(index);
    }

    /** The value of the current record, as an array of its own. */
    public byte[] value() {
        return current().value(index);
    }

    /** How many bytes the key of the current record has. */
    public int keyLength() {
        return current().keyLength(index);
    }

    /** Reads the value of the current record where it lies. */
    @FunctionalInterface
    public interface ValueReader<T extends @Nullable Object> {
        /** Reads the bytes from {@code begin} to {@code end}, which is exclusive; the array must not be changed. */
        T read(byte[] bytes, int begin, int end);
    }

    /** Reads the value of the current record without copying it. */
    public <T extends @Nullable Object> T value(ValueReader<T> reader) {
        Node node = current();
        return reader.read(node.plain(), node.valueAt(index), node.entryAt(index + 1));
    }

    /** Compares the key of the current record with another one, without copying it. */
    public int compareKey(byte[] key) {
        return current().compareKey(index, key);
    }

    private Node current() {
        if (leaf == null || !onRecord) {
            throw new IllegalStateException(
                    "the cursor stands on no record: call next() first, and only read if it returns true");
        }
        return leaf;
    }
}
