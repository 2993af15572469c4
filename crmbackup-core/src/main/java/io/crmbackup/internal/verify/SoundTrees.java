package io.crmbackup.internal.verify;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.object.ObjectId;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Remembers the subtrees below which nothing was wrong, while trees are walked with parents before children: a subtree has been walked through
 * when a node of its level or above is entered. Nodes are known by the first 16 bytes of their ids, which are no more likely to be equal by
 * chance than those of packs. Memory: at most {@value #MOST} of about 80 bytes; beyond, what is not remembered is walked through again. Not
 * thread-safe.
 */
final class SoundTrees {
    private static final int MOST = 1_000_000;

    private final Set<ObjectId> sound = new HashSet<>();
    private final Deque<Open> open = new ArrayDeque<>();

    /** A subtree that is being walked through, and how much was wrong when it was entered. */
    private record Open(ObjectId node, int level, long wrongBefore) {}

    /** Begins a tree. */
    void begin() {
        open.clear();
    }

    /** Enters a node when {@code wrong} things were found so far; false if all below it is known to be sound. */
    boolean enter(ChunkId id, int level, long wrong) {
        leave(level, wrong);
        ByteBuffer bytes = ByteBuffer.wrap(id.toBytes());
        ObjectId node = new ObjectId(bytes.getLong(), bytes.getLong());
        if (sound.contains(node)) {
            return false;
        }
        open.push(new Open(node, level, wrong));
        return true;
    }

    /** Ends the tree. */
    void end(long wrong) {
        leave(Integer.MAX_VALUE, wrong);
    }

    private void leave(int level, long wrong) {
        while (!open.isEmpty() && open.peek().level() <= level) {
            Open left = open.pop();
            if (left.wrongBefore() == wrong && sound.size() < MOST) {
                sound.add(left.node());
            }
        }
    }
}
