package io.crmbackup.internal.verify;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.pack.BaseCopy;
import io.crmbackup.internal.pack.ChunkCopy;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The copies of chunks that are known to be bad: all of a pack that is lost, or single ones. Memory grows with the number of lost packs and of
 * single copies that are damaged. Not thread-safe.
 */
final class BadCopies {
    private final Function<ChunkId, List<ChunkCopy>> index;
    private final Set<ObjectId> lost = new HashSet<>();
    private final Set<BaseCopy> single = new HashSet<>();

    /** Creates an empty set, and is told where the copies of a chunk are. */
    BadCopies(Function<ChunkId, List<ChunkCopy>> index) {
        this.index = index;
    }

    void addAllOf(ObjectId pack) {
        lost.add(pack);
    }

    void add(ChunkCopy copy) {
        if (!lost.contains(copy.pack())) {
            single.add(new BaseCopy(copy.pack(), copy.offset(), copy.id()));
        }
    }

    boolean isEmpty() {
        return lost.isEmpty() && single.isEmpty();
    }

    /** The packs because of which a copy can't be read: its own, or those of the chunks that it needs. Empty if it can. */
    Set<ObjectId> because(ChunkCopy copy) {
        Set<ObjectId> packs = new LinkedHashSet<>();
        if (isBad(copy)) {
            packs.add(copy.pack());
        }
        BaseCopy base = copy.base();
        if (base != null) {
            addUnlessReadable(copy, base.id(), each -> each.base() == null, packs);
        }
        ChunkId dictionary = copy.dictionary();
        if (dictionary != null) {
            addUnlessReadable(copy, dictionary, each -> each.base() == null && each.dictionary() == null, packs);
        }
        return packs;
    }

    /** What a copy needs is read from any copy that will do and is good, as is what that one needs. */
    private void addUnlessReadable(ChunkCopy copy, ChunkId needed, Predicate<ChunkCopy> willDo, Set<ObjectId> packs) {
        Set<ObjectId> bad = new LinkedHashSet<>();
        for (ChunkCopy each : index.apply(needed)) {
            if (willDo.test(each)) {
                Set<ObjectId> because = because(each);
                if (because.isEmpty()) {
                    return;
                }
                bad.addAll(because);
            }
        }
        packs.addAll(bad.isEmpty() ? Set.of(copy.pack()) : bad);
    }

    private boolean isBad(ChunkCopy copy) {
        return lost.contains(copy.pack()) || single.contains(new BaseCopy(copy.pack(), copy.offset(), copy.id()));
    }
}
