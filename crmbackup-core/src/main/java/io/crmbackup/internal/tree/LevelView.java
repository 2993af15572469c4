package io.crmbackup.internal.tree;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The old nodes of one level of several trees that follow one another, seen as one sequence. A seam is where two trees meet. */
final class LevelView {
    private final int level;
    /** The roots of those trees that have this level. */
    private final List<Place> parts;

    LevelView(int level, List<Place> roots) {
        this.level = level;
        this.parts = roots.stream().filter(root -> root.ref().level() >= level).toList();
    }

    int level() {
        return level;
    }

    int parts() {
        return parts.size();
    }

    /** The first key of a part. */
    byte[] begin(int part) {
        return parts.get(part).key();
    }

    Node open(Spot spot) {
        return spot.place().open();
    }

    /** The node that covers a key; the first of all if the key is below it. */
    Spot floor(byte[] key) {
        int low = 1;
        int high = parts.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (Arrays.compareUnsigned(begin(middle), key) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return new Spot(high, parts.get(high).floor(key, level));
    }

    /** The last node of a part. */
    Spot last(int part) {
        return new Spot(part, parts.get(part).last(level));
    }

    /** The next node, in the same part or the next one; null at the end. */
    @Nullable
    Spot next(Spot spot) {
        Place next = spot.place().next();
        if (next != null) {
            return new Spot(spot.part(), next);
        }
        int part = spot.part() + 1;
        return part == parts.size() ? null : new Spot(part, parts.get(part).first(level));
    }

    /** The node before in the same part; null if there is none. */
    @Nullable
    Spot previous(Spot spot) {
        Place previous = spot.place().previous();
        return previous == null ? null : new Spot(spot.part(), previous);
    }

    /** Whether a node is the first of all. */
    boolean isFirst(Spot spot) {
        return spot.part() == 0 && spot.place().isFirst();
    }

    /** An old node: the part it belongs to, and its place there. */
    record Spot(int part, Place place) {
        byte[] key() {
            return place.key();
        }
    }
}
