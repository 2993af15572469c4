package io.crmbackup.internal.store;

import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.pack.BaseCopy;
import io.crmbackup.internal.pack.ChunkCopy;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The copies that were found damaged since the store was opened. Nothing new relies on them, and they are read last. Thread-safe. Memory: at most
 * {@value #MOST} copies of about 150 bytes; of further packs with damage all copies count as damaged, which costs space, never data.
 */
final class DamagedCopies {
    static final int MOST = 1 << 16;

    private final DamageListener listener;
    private final Set<BaseCopy> single = ConcurrentHashMap.newKeySet();
    private final Set<ObjectId> whole = ConcurrentHashMap.newKeySet();
    private final Set<ObjectId> packs = ConcurrentHashMap.newKeySet();

    DamagedCopies(DamageListener listener) {
        this.listener = listener;
    }

    /** A copy was found damaged, and another one taken instead. The listener is told of the first one of each pack. */
    void met(BaseCopy damaged, String what, @Nullable ObjectId instead) {
        boolean first = add(damaged);
        if (first && instead != null) {
            listener.damaged(damaged.pack(), what, instead);
        }
    }

    /** A copy is damaged; true if it is the first one of its pack. */
    boolean add(BaseCopy damaged) {
        if (single.size() < MOST) {
            single.add(damaged);
        } else {
            whole.add(damaged.pack());
        }
        return packs.add(damaged.pack());
    }

    /** All copies of a pack are damaged. */
    void addAllOf(ObjectId pack) {
        whole.add(pack);
        packs.add(pack);
    }

    boolean contains(ChunkCopy copy) {
        return packs.contains(copy.pack()) && (whole.contains(copy.pack()) || single.contains(place(copy)));
    }

    /** Whether a copy of the pack was found damaged. */
    boolean isIn(ObjectId pack) {
        return packs.contains(pack);
    }

    static BaseCopy place(ChunkCopy copy) {
        return new BaseCopy(copy.pack(), copy.offset(), copy.id());
    }
}
