package io.crmbackup.internal.tree;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** One of two trees that are compared: a way down to the current entry, which is a record or a node that isn't opened. */
final class DiffSide {
    private final NodeReader reader;
    private final TreeRoot root;
    private final Deque<Frame> frames = new ArrayDeque<>();

    private static final class Frame {
        final Node node;
        final byte @Nullable [] bound;
        int index;

        Frame(Node node, byte @Nullable [] bound) {
            this.node = node;
            this.bound = bound;
        }
    }

    DiffSide(NodeReader reader, TreeRoot root) {
        this.reader = reader;
        this.root = root;
    }

    /** Opens the root. */
    void start() {
        if (!root.isEmpty()) {
            frames.push(new Frame(reader.root(root), null));
        }
    }

    boolean isAtEnd() {
        return frames.isEmpty();
    }

    /** The level of the node that the current entry refers to; -1 for a record. */
    int level() {
        return top().node.level() - 1;
    }

    boolean isRecord() {
        return level() < 0;
    }

    byte[] key() {
        return top().node.key(top().index);
    }

    byte[] value() {
        return top().node.value(top().index);
    }

    int compareKey(DiffSide that) {
        return top().node.compareKey(top().index, that.top().node, that.top().index);
    }

    /** Whether two entries of the same level and key are the same. */
    boolean sameContent(DiffSide that) {
        Frame a = top();
        Frame b = that.top();
        return isRecord()
                ? a.node.sameValue(a.index, b.node, b.index)
                : a.node.childId(a.index).equals(b.node.childId(b.index));
    }

    /** Goes behind the current entry. */
    void pass() {
        top().index++;
        while (!frames.isEmpty() && top().index == top().node.count()) {
            frames.pop();
            if (!frames.isEmpty()) {
                top().index++;
            }
        }
    }

    /** Goes to the first entry of the node that the current entry refers to. */
    void open() {
        Frame top = top();
        byte[] bound = top.index + 1 < top.node.count() ? top.node.key(top.index + 1) : top.bound;
        frames.push(new Frame(reader.child(top.node.child(top.index), bound), bound));
    }

    private Frame top() {
        return frames.element();
    }
}
