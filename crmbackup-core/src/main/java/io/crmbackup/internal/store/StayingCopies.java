package io.crmbackup.internal.store;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.index.ChunkIndex;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.pack.BaseCopy;
import io.crmbackup.internal.pack.ChunkCopy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The copies that something new may rely on: they, and all that they need, lie in packs that stay. Not thread-safe.
 *
 * <p>A copy needs at most a base, and that at most a dictionary, so that no question here has more than three steps.
 */
final class StayingCopies {
    private final ChunkStore store;
    private final ChunkIndex relied;
    private final Predicate<ChunkId> pending;
    private final Leaving leaving;

    /** Packs that a repair had to give up. */
    private final Set<ObjectId> abandoned = new HashSet<>();

    /**
     * Creates a view of the copies of a store and of a session.
     *
     * @param relied the session's own copies and those that it relies on already
     * @param pending tells whether a chunk is on its way to a pack
     * @param leaving what does not stay though the log does not say so yet
     */
    StayingCopies(ChunkStore store, ChunkIndex relied, Predicate<ChunkId> pending, Leaving leaving) {
        this.store = store;
        this.relied = relied;
        this.pending = pending;
        this.leaving = leaving;
    }

    /** Gives up packs, whatever the log says of them. */
    void abandon(Set<ObjectId> packs) {
        abandoned.addAll(packs);
    }

    /** All copies that are known, whether they stay or not, those of the session first. Thread-safe. */
    List<ChunkCopy> all(ChunkId id) {
        List<ChunkCopy> all = new ArrayList<>(relied.copies(id));
        all.addAll(store.copies(id));
        return all.stream().distinct().toList();
    }

    /** Those of some copies of a chunk that have this type and stay. */
    List<ChunkCopy> among(List<ChunkCopy> copies, ChunkType type) {
        return copies.stream()
                .filter(copy -> copy.type() == type && stays(copy))
                .toList();
    }

    /** Those of some copies of a chunk that have this type, stay, and may stand for the chunk. */
    List<ChunkCopy> chosenAmong(List<ChunkCopy> copies, ChunkType type) {
        return among(copies, type).stream().filter(copy -> !leaving.copy(copy)).toList();
    }

    /** Whether a copy, and what it needs, stays. A dictionary that is on its way to a pack does. */
    boolean stays(ChunkCopy copy) {
        ChunkId dictionary = copy.dictionary();
        BaseCopy base = copy.base();
        return stands(copy)
                && (base == null
                        || !leaving.base(base) && base(copy).filter(this::stays).isPresent())
                && (dictionary == null
                        || pending.test(dictionary)
                        || full(dictionary).anyMatch(this::stands));
    }

    /** Whether a copy itself stays, whatever it needs. */
    private boolean stands(ChunkCopy copy) {
        return stays(copy.pack()) && !store.damaged().contains(copy);
    }

    private boolean stays(ObjectId pack) {
        return !abandoned.contains(pack) && !leaving.pack(pack) && !store.isCondemned(pack);
    }

    /** The very copy that a delta names, if it is known and is no delta itself. */
    Optional<ChunkCopy> base(ChunkCopy delta) {
        BaseCopy base = delta.base();
        return base == null
                ? Optional.empty()
                : all(base.id()).stream()
                        .filter(copy -> copy.base() == null
                                && copy.pack().equals(base.pack())
                                && copy.offset() == base.offset())
                        .findFirst();
    }

    /**
     * The packs of a copy and of all that it needs. If a dictionary lies in condemned packs only, one of those is named: whoever relies on
     * it is told so at the commit.
     */
    Set<ObjectId> packs(ChunkCopy copy) {
        Set<ObjectId> packs = new HashSet<>();
        packs.add(copy.pack());
        base(copy).ifPresent(base -> packs.addAll(packs(base)));
        ChunkId dictionary = copy.dictionary();
        // The pack that a pending one will lie in is the session's own.
        if (dictionary != null && !pending.test(dictionary)) {
            full(dictionary).min(Comparator.comparing(each -> !stands(each))).ifPresent(each -> packs.add(each.pack()));
        }
        return packs;
    }

    /** The copies of a chunk that need no other one. */
    private Stream<ChunkCopy> full(ChunkId id) {
        return all(id).stream().filter(copy -> copy.base() == null && copy.dictionary() == null);
    }
}
