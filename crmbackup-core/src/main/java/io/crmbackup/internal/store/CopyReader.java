package io.crmbackup.internal.store;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.codec.ChunkCodec;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.pack.BaseCopy;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.internal.pack.Dependencies;
import io.crmbackup.internal.pack.PackReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a chunk from one of its copies, and from the next one if that is damaged. Thread-safe. Keeps up to {@value #DICTIONARIES} bytes of dictionaries.
 *
 * <p>Recursion ends: a delta's base is read from copies that are not deltas, a dictionary from copies that need nothing.
 */
final class CopyReader implements Dependencies {
    private static final Logger LOG = LoggerFactory.getLogger(CopyReader.class);

    private static final int DICTIONARIES = 4 * 1024 * 1024;

    private final PackReader packs;
    private final Function<ChunkId, List<ChunkCopy>> index;
    private final DamagedCopies damaged;
    private final NodeCache nodes;

    /** Many small chunks need the same dictionary. */
    private final Cache<ChunkId, byte[]> dictionaries = CacheBuilder.newBuilder()
            .maximumWeight(DICTIONARIES)
            .weigher((ChunkId id, byte[] dictionary) -> dictionary.length)
            .concurrencyLevel(1)
            .build();

    /** What nodes need: the bases of nodes are nodes. */
    private final Dependencies nodeBases = new Dependencies() {
        @Override
        public byte[] base(BaseCopy base) {
            return CopyReader.this.base(base, true);
        }

        @Override
        public byte[] dictionary(ChunkId id) {
            return CopyReader.this.dictionary(id);
        }
    };

    /** Creates a reader of the copies that {@code index} finds. */
    CopyReader(PackReader packs, Function<ChunkId, List<ChunkCopy>> index, DamagedCopies damaged, NodeCache nodes) {
        this.packs = packs;
        this.index = index;
        this.damaged = damaged;
        this.nodes = nodes;
    }

    /** Which copies to try first: in preferred packs, then in packs that are not condemned, then those that need no other chunk. */
    record Order(Set<ObjectId> preferred, Predicate<ObjectId> condemned) implements Comparator<ChunkCopy> {
        @Override
        public int compare(ChunkCopy left, ChunkCopy right) {
            return Comparator.<ChunkCopy>comparingInt(copy -> preferred.contains(copy.pack()) ? 0 : 1)
                    .thenComparingInt(copy -> condemned.test(copy.pack()) ? 1 : 0)
                    .thenComparingInt(copy -> copy.base() == null && copy.dictionary() == null ? 0 : 1)
                    .compare(left, right);
        }
    }

    /** Reads a chunk, and keeps it if it is a node. */
    byte[] read(ChunkId id, ChunkType type, Order order) {
        return kept(firstGood(id, copies(id, type, order), null));
    }

    /** Reads a chunk without keeping it. */
    byte[] readOnce(ChunkId id, ChunkType type, Order order) {
        return firstGood(id, copies(id, type, order), null).plain();
    }

    private List<ChunkCopy> copies(ChunkId id, ChunkType type, Order order) {
        List<ChunkCopy> copies = new ArrayList<>(index.apply(id));
        copies.removeIf(copy -> copy.type() != type);
        copies.sort(order);
        return copies;
    }

    /** Reads a full copy of a chunk: this very one. */
    byte[] read(BaseCopy copy, ChunkType type) {
        return type.isNode() ? readNode(copy) : packs.read(copy, this);
    }

    private byte[] readNode(BaseCopy copy) {
        byte[] known = nodes.find(copy);
        if (known != null) {
            return known;
        }
        byte[] plain = packs.read(copy, nodeBases);
        nodes.put(copy, plain);
        return plain;
    }

    @Override
    public byte[] base(BaseCopy base) {
        return base(base, false);
    }

    private byte[] base(BaseCopy base, boolean isNode) {
        try {
            return isNode ? readNode(base) : packs.read(base, this);
        } catch (DamagedObjectException e) {
            List<ChunkCopy> others = index.apply(base.id()).stream()
                    .filter(copy -> !copy.codec().needsBase())
                    .filter(copy -> !copy.pack().equals(base.pack()) || copy.offset() != base.offset())
                    .toList();
            return kept(firstGood(base.id(), others, new Damaged(base, e)));
        }
    }

    @Override
    public byte[] dictionary(ChunkId id) {
        byte[] known = dictionaries.getIfPresent(id);
        if (known != null) {
            return known;
        }
        byte[] dictionary = firstGood(
                        id,
                        index.apply(id).stream()
                                .filter(copy -> copy.codec() == ChunkCodec.RAW || copy.codec() == ChunkCodec.ZSTD)
                                .toList(),
                        null)
                .plain();
        dictionaries.put(id, dictionary);
        return dictionary;
    }

    /** Forgets the dictionaries that were read. */
    void forget() {
        dictionaries.invalidateAll();
    }

    /** A copy that could not be read, and why. */
    private record Damaged(BaseCopy copy, DamagedObjectException why) {}

    /** What was read, and where. */
    private record Good(ChunkCopy copy, byte[] plain) {}

    private byte[] kept(Good good) {
        if (good.copy().type().isNode()) {
            nodes.put(good.copy(), good.plain());
        }
        return good.plain();
    }

    private Good firstGood(ChunkId id, List<ChunkCopy> candidates, @Nullable Damaged before) {
        List<ChunkCopy> copies = candidates.stream()
                .sorted(Comparator.comparing(damaged::contains))
                .toList();
        if (copies.isEmpty() && before == null) {
            throw new DamagedObjectException("chunk " + id, "is in no index of this repository");
        }
        List<Damaged> unreadable = new ArrayList<>();
        if (before != null) {
            unreadable.add(before);
        }
        for (ChunkCopy copy : copies) {
            try {
                byte[] plain = packs.read(copy, copy.type().isNode() ? nodeBases : this);
                unreadable.forEach(one -> met(one, copy.pack()));
                return new Good(copy, plain);
            } catch (DamagedObjectException e) {
                unreadable.add(new Damaged(DamagedCopies.place(copy), e));
            }
        }
        unreadable.forEach(one -> met(one, null));
        DamagedObjectException first = unreadable.get(0).why();
        unreadable.stream().skip(1).map(Damaged::why).forEach(first::addSuppressed);
        throw first;
    }

    private void met(Damaged one, @Nullable ObjectId instead) {
        LOG.warn(
                "a copy of chunk {} can't be read: {}; {}",
                one.copy().id(),
                one.why().getMessage(),
                instead == null ? "no other is good" : "taking that in " + ObjectRole.PACK.name(instead));
        damaged.met(one.copy(), String.valueOf(one.why().getMessage()), instead);
    }
}
