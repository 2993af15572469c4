package io.crmbackup.internal.prune;

import io.crmbackup.PruneOptions;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.pack.BaseCopy;
import io.crmbackup.internal.pack.ChunkCopy;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Judges packs by what a mark found: which are not needed at all, and from which it pays to move what is needed elsewhere. Not thread-safe.
 *
 * <p>A pack is rewritten if less than half of it is needed, which gives back more than it takes; small packs, such as every backup of a small change makes, are rewritten together once there are many. Packs with bases of deltas that are kept
 * stay, since all of these would have to be stored again.
 */
class Reclaim {
    private static final long TINY = 1 << 20;
    private static final int MANY_TINY = 32;

    private final PruneContext context;
    private final PruneOptions options;

    Reclaim(PruneContext context, PruneOptions options) {
        this.context = context;
        this.options = options;
    }

    /** Notes in the mark what to rewrite and what to condemn. */
    void judge(Mark mark) {
        mark.rewrite(options.isThorough() ? impure(mark) : sparse(mark));
        Set<ObjectId> needed = mark.packs().where(PackUse::isFixed).collect(Collectors.toCollection(HashSet::new));
        long[] bytes = {0};
        mark.kept().forEach(copy -> {
            context.course().step();
            if (mark.leaves(copy)) {
                bytes[0] += copy.length();
            } else {
                needed(copy).forEach(needed::add);
            }
        });
        LogState state = mark.state();
        IdSet unneeded = state.known().minus(state.condemned()).minus(IdSet.of(needed));
        mark.condemn(unneeded, orphans(mark), bytes[0]);
    }

    /** The packs that a copy needs: its own, and that of the base that it names by place. A dictionary is kept by itself. */
    Stream<ObjectId> needed(ChunkCopy copy) {
        BaseCopy base = copy.base();
        return base == null ? Stream.of(copy.pack()) : Stream.of(copy.pack(), base.pack());
    }

    /** Packs that no entry ever named: of runs that crashed, or that are not finished, which the grace is for. */
    private IdSet orphans(Mark mark) {
        LogState state = mark.state();
        Instant latest = context.clock().instant().minus(options.grace());
        IdSet unknown = IdSet.of(mark.packs()
                .where(use -> use.isListed() && (options.grace().isZero() || use.isOlderThan(latest)))
                .toList());
        return unknown.minus(state.known()).minus(state.condemned());
    }

    private static Set<ObjectId> sparse(Mark mark) {
        Set<ObjectId> chosen = movable(mark).stream()
                .filter(pack -> !mark.packs().of(pack).hasBases())
                .collect(Collectors.toSet());
        List<ObjectId> tiny = chosen.stream()
                .filter(pack -> mark.packs().of(pack).length() < TINY)
                .toList();
        chosen.removeIf(pack -> !mark.packs().of(pack).isSparse());
        if (tiny.size() >= MANY_TINY) {
            chosen.addAll(tiny);
        }
        return chosen;
    }

    /** Packs that hold anything that no snapshot has. */
    private Set<ObjectId> impure(Mark mark) {
        return movable(mark).stream()
                .filter(pack ->
                        context.chunks().directory(pack).copies().stream().anyMatch(copy -> !mark.isReached(copy.id())))
                .collect(Collectors.toSet());
    }

    private static List<ObjectId> movable(Mark mark) {
        return mark.packs()
                .where(use -> use.isListed() && !use.isFixed() && (use.liveBytes() > 0 || use.hasBases()))
                .filter(pack -> mark.state().isGood(pack))
                .toList();
    }
}
