package io.crmbackup.internal.tree;

import io.crmbackup.internal.hash.ChunkId;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Compares the old nodes that a pass takes in with the new ones that come out, and makes the changes of the level above: drops what has no
 * successor with the same first key, puts what is new, is silent about nodes that came out as they were. Both sides come in ascending order
 * but not in step; old nodes wait here until the new node that begins at or after them has come out. Runs of old nodes whose first key is
 * gone are kept as one range, so no more wait than entries are open in the splitter.
 */
final class Replacement {
    private final Deque<Old> waiting = new ArrayDeque<>();
    private final Deque<Change> changes = new ArrayDeque<>();

    /** Old nodes from one first key to another; with an id, one node whose first key is still there and whose parent refers to it. */
    private record Old(byte[] from, byte[] to, @Nullable ChunkId id) {}

    /** The pass takes in an old node. */
    void taken(Place place) {
        waiting.addLast(old(place));
    }

    /** The pass begins anew, one old node further left. */
    void takenBefore(Place place) {
        waiting.addFirst(old(place));
    }

    private static Old old(Place place) {
        // A root has no parent that would keep the reference: it must be put again.
        return new Old(
                place.key(), place.key(), place.isRoot() ? null : place.ref().id());
    }

    /** The first entry of the old node taken last is dropped, after the splitter was given what it holds. */
    void lostFirstKey(Splitter splitter) {
        Old lost = waiting.removeLast();
        Old before = waiting.peekLast();
        if (before != null && before.id() == null && !splitter.hasReached(before.from())) {
            waiting.removeLast();
            waiting.addLast(new Old(before.from(), lost.to(), null));
        } else {
            waiting.addLast(new Old(lost.from(), lost.to(), null));
        }
    }

    /** A new node has come out. */
    void made(NodeRef node) {
        dropBefore(node.key());
        Old same = waiting.peekFirst();
        if (same != null && Arrays.equals(same.from(), node.key())) {
            waiting.removeFirst();
            if (node.id().equals(same.id())) {
                return;
            }
        }
        changes.addLast(Change.put(node));
    }

    /** The pass has ended: old nodes that still wait have no successor. */
    void ended() {
        dropBefore(null);
    }

    private void dropBefore(byte @Nullable [] key) {
        byte[] from = null;
        byte[] to = null;
        while (!waiting.isEmpty()
                && (key == null || Arrays.compareUnsigned(waiting.peekFirst().from(), key) < 0)) {
            Old old = waiting.removeFirst();
            from = from == null ? old.from() : from;
            to = old.to();
        }
        if (from != null && to != null) {
            changes.addLast(Change.drop(from, to));
        }
    }

    Deque<Change> changes() {
        return changes;
    }
}
