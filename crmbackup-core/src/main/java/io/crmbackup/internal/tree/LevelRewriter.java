package io.crmbackup.internal.tree;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.store.ChunkWriter;
import io.crmbackup.internal.tree.LevelView.Spot;
import io.crmbackup.internal.tree.Splitter.Start;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites one level where it changes, and says what that changes on the level above. Works only as far as it is asked, one entry at a time,
 * and asks the level below in the same way; so however many changes there are, each level holds its open node, a radius, and one old node.
 *
 * <p>A <i>pass</i> covers neighbouring old nodes, from one that holds a change (or ends at a seam) up to the next old boundary that still
 * holds. Why it may stop there: a boundary is a wall, nothing left of it decides anything right of it. The boundary's right side is
 * unchanged, so its left side alone decides, and its key is known from the parent: the node behind it isn't read. Where a pass begins,
 * the old boundary's left side is unchanged, so only what the pass feeds within a radius can fell it. If that happens, the node on
 * the left joins the pass. That is never needed twice: a pass doesn't stop directly before a node with changes, so the node on the left is
 * untouched, and it is larger than a radius, so nothing that changed is near its own begin.
 */
final class LevelRewriter implements Changes {
    private final BoundaryRule rule;
    private final LevelView view;
    private final Changes below;
    private final ChunkWriter writer;
    private final Replacement replacement = new Replacement();
    /** The next part whose seam has not been worked on. */
    private int seam = 1;

    private @Nullable Pass pass;

    /** The pass that is under way. */
    private static final class Pass {
        Spot first;
        Splitter splitter;
        Spot current;

        @Nullable
        Spot next;

        Node node;
        int index;

        Pass(Spot first, Splitter splitter, Node node, @Nullable Spot next) {
            this.first = first;
            this.splitter = splitter;
            this.current = first;
            this.node = node;
            this.next = next;
        }
    }

    LevelRewriter(BoundaryRule rule, LevelView view, Changes below, ChunkWriter writer) {
        this.rule = rule;
        this.view = view;
        this.below = below;
        this.writer = writer;
    }

    @Override
    public @Nullable Change peek() {
        while (replacement.changes().isEmpty()) {
            if (pass != null) {
                step(pass);
            } else if (!begin()) {
                return null;
            }
        }
        return replacement.changes().peekFirst();
    }

    @Override
    public void advance() {
        replacement.changes().removeFirst();
    }

    /** Begins a pass where the next change or seam is; returns whether there is one. */
    private boolean begin() {
        Change change = below.peek();
        Spot first;
        if (seam < view.parts() && (change == null || Arrays.compareUnsigned(view.begin(seam), change.from()) <= 0)) {
            first = view.last(seam - 1);
        } else if (change != null) {
            first = view.floor(change.from());
        } else {
            return false;
        }
        pass = new Pass(first, splitterAt(first), view.open(first), view.next(first));
        replacement.taken(first.place());
        return true;
    }

    private Splitter splitterAt(Spot spot) {
        Start start = view.isFirst(spot) ? Start.FIRM : Start.TENTATIVE;
        return new Splitter(rule, view.level(), start, writer, this::predecessor, replacement::made);
    }

    private ChunkId predecessor(int level, byte[] key) {
        return view.floor(key).place().ref().id();
    }

    private void step(Pass p) {
        if (p.index < p.node.count()) {
            mergeEntry(p);
        } else {
            leaveNode(p);
        }
    }

    /** Feeds the next entry of the old node, or the change that comes before it or in its place. */
    private void mergeEntry(Pass p) {
        Change change = below.peek();
        if (change == null || p.node.compareKey(p.index, change.from()) < 0) {
            p.splitter.add(p.node, p.index++);
            if (p.splitter.hasFallen()) {
                fall(p);
            }
        } else if (!change.isDrop()) {
            if (p.node.compareKey(p.index, change.from()) == 0) {
                p.index++;
            }
            put(p, change);
        } else if (p.node.compareKey(p.index, change.to()) > 0) {
            below.advance();
        } else {
            drop(p);
        }
    }

    private void put(Pass p, Change change) {
        change.addTo(p.splitter);
        below.advance();
        if (p.splitter.hasFallen()) {
            fall(p);
        }
    }

    private void drop(Pass p) {
        if (p.index == 0) {
            replacement.lostFirstKey(p.splitter);
            if (p.splitter.isEmpty() && !p.splitter.isFirm()) {
                fall(p);
            }
        }
        p.index++;
    }

    /** Begins the pass anew one old node further left, with all that it has been fed. */
    private void fall(Pass p) {
        Spot left = view.previous(p.first);
        if (left == null) {
            throw new IllegalStateException("a pass whose start can fall never begins with a part's first node");
        }
        Splitter fallen = p.splitter;
        p.splitter = splitterAt(left);
        p.first = left;
        replacement.takenBefore(left.place());
        Node node = view.open(left);
        for (int i = 0; i < node.count(); i++) {
            p.splitter.add(node, i);
        }
        p.splitter.addAll(fallen);
        if (p.splitter.hasFallen()) {
            throw new IllegalStateException("the boundary before an untouched node has fallen");
        }
    }

    /** The old node is used up: takes the changes before the next one, then goes on into that one or ends the pass. */
    private void leaveNode(Pass p) {
        Spot next = p.next;
        Change change = below.peek();
        if (change != null && isBefore(change.from(), next)) {
            if (!change.isDrop()) {
                put(p, change);
                return;
            }
            if (isBefore(change.to(), next)) {
                below.advance();
                return;
            }
        }
        if (next == null) {
            if (p.splitter.fallsIfTheLevelEndsHere()) {
                fall(p);
            }
            end(p);
        } else if (next.part() != p.current.part()) {
            seam = next.part() + 1;
            enter(p, next, view.next(next));
        } else {
            Spot afterNext = view.next(next);
            if (isTouched(next, afterNext) || !holds(p, next)) {
                enter(p, next, afterNext);
            } else {
                end(p);
            }
        }
    }

    private static boolean isBefore(byte[] key, @Nullable Spot next) {
        return next == null || Arrays.compareUnsigned(key, next.key()) < 0;
    }

    /** Whether there is something to do in a node: a change, or a seam at its end. */
    private boolean isTouched(Spot spot, @Nullable Spot after) {
        Change change = below.peek();
        return after != null && after.part() != spot.part() || change != null && isBefore(change.from(), after);
    }

    private boolean holds(Pass p, Spot next) {
        boolean holds = p.splitter.holds(next.key());
        if (!p.splitter.hasFallen()) {
            return holds;
        }
        fall(p);
        return p.splitter.holds(next.key());
    }

    private void enter(Pass p, Spot spot, @Nullable Spot next) {
        p.current = spot;
        p.next = next;
        p.node = view.open(spot);
        p.index = 0;
        replacement.taken(spot.place());
    }

    private void end(Pass p) {
        p.splitter.finish();
        replacement.ended();
        pass = null;
    }
}
