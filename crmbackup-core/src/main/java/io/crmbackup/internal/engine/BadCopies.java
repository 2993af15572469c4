package io.crmbackup.internal.engine;

import io.crmbackup.internal.codec.ChunkCodec;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.pack.BaseCopy;
import io.crmbackup.internal.pack.ChunkCopy;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

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
            addUnlessReadable(base.id(), packs);
        }
        ChunkId dictionary = copy.dictionary();
        if (dictionary != null) {
            addUnlessReadable(dictionary, packs);
        }
        return packs;
    }

    /** What a copy needs is read from any copy that is good and itself needs nothing but perhaps a dictionary. */
    private void addUnlessReadable(ChunkId needed, Set<ObjectId> packs) {
        Set<ObjectId> bad = new LinkedHashSet<>();
        for (ChunkCopy copy : index.apply(needed)) {
            if (copy.codec() != ChunkCodec.ZSTD_DELTA) {
                if (!isBad(copy)) {
                    return;
                }
                bad.add(copy.pack());
            }
        }
        packs.addAll(bad);
    }

    private boolean isBad(ChunkCopy copy) {
        return lost.contains(copy.pack()) || single.contains(new BaseCopy(copy.pack(), copy.offset(), copy.id()));
    }
}
