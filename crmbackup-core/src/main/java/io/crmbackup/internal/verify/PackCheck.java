package io.crmbackup.internal.verify;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.operation.Progress;
import io.crmbackup.internal.pack.BaseCopy;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.internal.pack.PackVisitor;
import io.crmbackup.internal.store.ChunkStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;

/**
 * Proves that packs hold what the indexes say: each copy that an index lists is compared with what its pack's directory lists, or with what was
 * found when the pack was read to its last byte. Packs are taken in batches, so that no more than about {@value #BATCH} copies are held at
 * once; the index is gone through once for each. What is found damaged nothing relies on from then on, and packs in which damage was met already are
 * read whole. Not thread-safe.
 */
final class PackCheck {
    private static final int BATCH = 1 << 17;

    private final ChunkStore chunks;
    private final Predicate<ObjectId> stays;
    private final double share;
    private final DoubleSupplier draw;
    private final Progress progress;
    private final BadCopies badCopies;
    private final Map<ObjectId, String> damaged = new LinkedHashMap<>();
    /** Packs of the batch with chunks that need something from another pack which can't be read, and what that is. */
    private final Map<ObjectId, String> unreadable = new HashMap<>();

    private final Set<ObjectId> batch = new HashSet<>();
    private final Set<ChunkCopy> found = new HashSet<>();
    private long proved;
    private long bytes;

    /**
     * Creates a check.
     *
     * @param stays tells of each pack whether the repository still consists of it
     * @param share which share of the packs is read whole: those for which a number drawn from 0..1 is below it
     */
    PackCheck(ChunkStore chunks, Predicate<ObjectId> stays, double share, DoubleSupplier draw, Progress progress) {
        this.chunks = chunks;
        this.stays = stays;
        this.share = share;
        this.draw = draw;
        this.progress = progress;
        this.badCopies = new BadCopies(chunks::copies);
    }

    void run(Iterable<ObjectId> packs) {
        for (ObjectId pack : packs) {
            Interruption.check();
            check(pack);
            progress.record();
            if (found.size() >= BATCH) {
                compareWithIndex();
            }
        }
        compareWithIndex();
    }

    private void check(ObjectId pack) {
        batch.add(pack);
        int before = found.size();
        if (share >= 1 || draw.getAsDouble() < share || chunks.isDistrusted(pack)) {
            readWhole(pack);
        } else {
            try {
                found.addAll(chunks.directory(pack).copies());
            } catch (DamagedObjectException e) {
                damaged.put(pack, String.valueOf(e.getMessage()));
                readWhole(pack);
            }
        }
        if (found.size() == before && damaged.containsKey(pack)) {
            badCopies.addAllOf(pack);
            chunks.distrust(pack);
        }
    }

    private void readWhole(ObjectId pack) {
        List<ChunkCopy> readable = new ArrayList<>();
        try {
            chunks.scan(pack, new PackVisitor() {
                @Override
                public void chunk(ChunkCopy copy, byte[] plain) {
                    Interruption.check();
                    readable.add(copy);
                    bytes += copy.length();
                    progress.bytes(copy.length());
                }

                @Override
                public void damaged(DamagedObjectException damage) {
                    // Of a chunk that it needs from elsewhere: whether that matters is for the index to say.
                    (damage.object().equals(ObjectRole.PACK.name(pack)) ? damaged : unreadable)
                            .putIfAbsent(pack, String.valueOf(damage.getMessage()));
                }
            });
        } catch (DamagedObjectException e) {
            damaged.putIfAbsent(pack, String.valueOf(e.getMessage()));
        }
        proved += readable.size();
        found.addAll(readable);
    }

    /** A delta needs a full copy. One that names another delta may still be read, as long as a full copy is elsewhere; that is luck. */
    private void checkBase(ChunkCopy delta, BaseCopy base) {
        List<ChunkCopy> copies = chunks.copies(base.id());
        String what = "has chunk " + delta.id() + " as a delta on chunk " + base.id();
        if (copies.stream()
                .anyMatch(copy ->
                        copy.base() != null && copy.pack().equals(base.pack()) && copy.offset() == base.offset())) {
            damaged.putIfAbsent(delta.pack(), what + ", in a copy that is a delta itself");
        } else if (copies.stream().allMatch(copy -> copy.base() != null)) {
            damaged.putIfAbsent(delta.pack(), what + ", of which no index lists a full copy");
        }
    }

    /**
     * Whether a copy needs what was given up. Then no snapshot has its chunk, or has it in another copy: it only lies in a pack that others
     * need.
     */
    private boolean isOrphaned(ChunkCopy copy) {
        BaseCopy base = copy.base();
        ChunkId dictionary = copy.dictionary();
        return base != null && !stays.test(base.pack())
                || dictionary != null && chunks.copies(dictionary).stream().noneMatch(one -> stays.test(one.pack()));
    }

    private void compareWithIndex() {
        found.forEach(copy -> {
            BaseCopy base = copy.base();
            if (base != null && !isOrphaned(copy)) {
                checkBase(copy, base);
            }
        });
        if (!batch.isEmpty()) {
            chunks.forEachCopy(copy -> {
                if (batch.contains(copy.pack()) && !found.contains(copy) && !isOrphaned(copy)) {
                    badCopies.add(copy);
                    chunks.distrust(copy);
                    damaged.putIfAbsent(
                            copy.pack(),
                            unreadable.getOrDefault(
                                    copy.pack(),
                                    "is not what the index says: chunk " + copy.id() + " is not where it should be"));
                }
            });
        }
        batch.clear();
        unreadable.clear();
        found.clear();
    }

    /** What is wrong, by pack. */
    Map<ObjectId, String> damaged() {
        return Collections.unmodifiableMap(damaged);
    }

    BadCopies badCopies() {
        return badCopies;
    }

    /** How many chunks were proved. */
    long chunks() {
        return proved;
    }

    /** How many stored bytes of chunks were read. */
    long bytes() {
        return bytes;
    }
}
