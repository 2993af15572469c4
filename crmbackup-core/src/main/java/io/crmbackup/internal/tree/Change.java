package io.crmbackup.internal.tree;

import org.jspecify.annotations.Nullable;

/**
 * What happens to one level: an entry is put, or the old entries of a range are dropped.
 *
 * @param from the key of the entry, or the first key of the range
 * @param to the same key, or the last key of the range
 * @param value the value of a record to put
 * @param node the reference to put
 */
record Change(
        byte[] from,
        byte[] to,
        byte @Nullable [] value,
        @Nullable NodeRef node) {
    static Change of(TreeEdit edit) {
        return new Change(edit.key(), edit.key(), edit.value(), null);
    }

    static Change put(NodeRef node) {
        return new Change(node.key(), node.key(), null, node);
    }

    static Change drop(byte[] from, byte[] to) {
        return new Change(from, to, null, null);
    }

    boolean isDrop() {
        return value == null && node == null;
    }

    void addTo(Splitter splitter) {
        if (value != null) {
            splitter.add(from, value);
        } else if (node != null) {
            splitter.add(node);
        }
    }
}
