package io.crmbackup.internal.store;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.crypto.MasterKey;
import io.crmbackup.internal.hash.ChunkHasher;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.index.ChunkIndex;
import io.crmbackup.internal.index.IndexObjects;
import io.crmbackup.internal.index.IndexWriter;
import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectSealer;
import io.crmbackup.internal.object.ObjectStore;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.internal.pack.PackKeys;
import io.crmbackup.internal.pack.PackReader;
import io.crmbackup.internal.pack.PackVisitor;
import io.crmbackup.internal.pack.StoredPack;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All chunks of a repository that index objects tell of. Reads any of them from any good copy; a {@link StoreSession} stores new ones. Thread-safe.
 *
 * <p>Which packs are condemned, the log says, and it may say more at any time: so this is asked anew for each chunk. Nothing new ever relies on a condemned pack. Reading falls back on one as long as it is there.
 *
 * <p>Copies heal each other: one that is found damaged is read last from then on, and nothing new relies on it, so that its bytes are stored again when they come along.
 *
 * <p>Memory: that of the index (about 9 MiB), of the pack reader (up to 32 MiB), and 48 MiB of nodes.
 */
public final class ChunkStore implements ChunkReader, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkStore.class);

    private final ObjectStore objects;
    private final PackKeys keys;
    private final ChunkHasher hasher;
    private final IndexObjects indexObjects;
    private final Path workDirectory;
    private final Predicate<ObjectId> condemned;
    private final ChunkIndex index;
    private final PackReader packs;
    private final DamagedCopies damaged;
    private final CopyReader copies;
    private final NodeCache nodes = new NodeCache();
    private final ReentrantLock loading = new ReentrantLock();
    private final Set<ObjectId> loaded = new HashSet<>();

    /**
     * Creates a store that knows of no chunk yet; see {@link #load}. The master key may be closed afterwards.
     *
     * @param hasher computes this repository's chunk ids
     * @param workDirectory where segments of the index are kept while the store is open
     * @param condemned tells of each pack whether the log condemns it; thread-safe
     * @param damageListener is told when another copy takes the place of a damaged one; thread-safe
     */
    public ChunkStore(
            ObjectStore objects,
            MasterKey master,
            ChunkHasher hasher,
            SecureRandom random,
            Path workDirectory,
            Predicate<ObjectId> condemned,
            DamageListener damageListener) {
        this.objects = objects;
        this.keys = PackKeys.of(master, random);
        this.hasher = hasher;
        this.indexObjects = new IndexObjects(objects, new ObjectSealer(master, random), random);
        this.workDirectory = workDirectory;
        this.condemned = condemned;
        this.index = new ChunkIndex(workDirectory);
        this.packs = new PackReader(objects, keys, hasher);
        this.damaged = new DamagedCopies(damageListener);
        this.copies = new CopyReader(packs, index::copies, damaged, nodes);
    }

    /**
     * Learns what an index object tells; does nothing if it is known already.
     *
     * @throws DamagedObjectException if the object is missing or damaged
     * @throws io.crmbackup.error.SinkException if the sink can't be read
     */
    public void load(ObjectId indexObject) {
        loading.lock();
        try {
            if (!loaded.contains(indexObject)) {
                indexObjects.read(indexObject, index::add);
                loaded.add(indexObject);
            }
        } finally {
            loading.unlock();
        }
    }

    /**
     * Learns what an index object tells, or if that is damaged, what these packs themselves tell, of which it was the index. Packs that can't be read
     * are passed over: what is needed of them will be found missing.
     *
     * @throws io.crmbackup.error.SinkException if the sink can't be read
     */
    public void load(ObjectId indexObject, IdSet listed) {
        try {
            load(indexObject);
        } catch (DamagedObjectException e) {
            LOG.warn("{}; reading the directories of its {} packs instead", e.getMessage(), listed.size());
            listed.forEach(this::learn);
            loading.lock();
            try {
                loaded.add(indexObject);
            } finally {
                loading.unlock();
            }
        }
    }

    private void learn(ObjectId pack) {
        try {
            index.add(packs.directory(pack));
        } catch (DamagedObjectException e) {
            LOG.warn("{}; looking for chunks in it that can be read", e.getMessage());
            learnByReading(pack);
        }
    }

    private void learnByReading(ObjectId pack) {
        try {
            scan(pack, new PackVisitor() {
                @Override
                public void chunk(ChunkCopy copy, byte[] plain) {
                    index.add(copy);
                }

                @Override
                public void damaged(DamagedObjectException damage) {
                    LOG.warn("{}", damage.getMessage());
                }
            });
        } catch (DamagedObjectException e) {
            LOG.warn("{}", e.getMessage());
        }
    }

    @Override
    public byte[] read(ChunkId id, ChunkType type) {
        return read(id, type, copies, Set.of());
    }

    @Override
    public byte[] readOnce(ChunkId id, ChunkType type) {
        return readOnce(id, type, Set.of());
    }

    /** A reader that takes copies from these packs first, and any other where they have none that is good. */
    public ChunkReader preferring(Set<ObjectId> preferred) {
        Set<ObjectId> fixed = Set.copyOf(preferred);
        return new ChunkReader() {
            @Override
            public byte[] read(ChunkId id, ChunkType type) {
                return ChunkStore.this.read(id, type, copies, fixed);
            }

            @Override
            public byte[] readOnce(ChunkId id, ChunkType type) {
                return ChunkStore.this.readOnce(id, type, fixed);
            }

            @Override
            public boolean has(ChunkId id, ChunkType type, byte[] bytes, int offset, int length) {
                return ChunkStore.this.has(id, type, bytes, offset, length);
            }
        };
    }

    @Override
    public boolean has(ChunkId id, ChunkType type, byte[] bytes, int offset, int length) {
        return newHasher().id(type, bytes, offset, length).equals(id);
    }

    byte[] read(ChunkId id, ChunkType type, CopyReader reader, Set<ObjectId> preferred) {
        CopyReader.Order order = new CopyReader.Order(preferred, condemned);
        byte[] known = type.isNode() ? nodes.find(id) : null;
        return known != null ? known : traced(id, type, reader.read(id, type, order));
    }

    private byte[] readOnce(ChunkId id, ChunkType type, Set<ObjectId> preferred) {
        CopyReader.Order order = new CopyReader.Order(preferred, condemned);
        byte[] known = type.isNode() ? nodes.find(id) : null;
        // Rows are handed on to targets in what this gives: bases of deltas are no part of that.
        return known != null ? known.clone() : traced(id, type, copies.readOnce(id, type, order));
    }

    private static byte[] traced(ChunkId id, ChunkType type, byte[] plain) {
        LOG.trace("read {} {} of {} bytes", type, id, plain.length);
        return plain;
    }

    /** Forgets what was read, so that what is read next comes from the sink: a proof that data is there must not come from memory. */
    public void forget() {
        nodes.forget();
        copies.forget();
        packs.forget();
    }

    /** The copies of a chunk that are known, those in condemned packs included. */
    public List<ChunkCopy> copies(ChunkId id) {
        return index.copies(id);
    }

    /** Takes a copy for damaged from now on: nothing new relies on it, and it is read last. */
    public void distrust(ChunkCopy copy) {
        damaged.add(DamagedCopies.place(copy));
    }

    /** Takes all copies in a pack for damaged from now on. */
    public void distrust(ObjectId pack) {
        damaged.addAllOf(pack);
    }

    /** Whether a copy in this pack was found damaged. */
    public boolean isDistrusted(ObjectId pack) {
        return damaged.isIn(pack);
    }

    /** Hands out all copies that are known, in no particular order, one perhaps several times. */
    public void forEachCopy(Consumer<ChunkCopy> consumer) {
        index.forEach(consumer);
    }

    /** Reads a whole pack and checks everything in it; see {@link PackReader#scan}. */
    public void scan(ObjectId pack, PackVisitor visitor) {
        packs.scan(pack, copies, visitor);
    }

    /** What a pack says that it holds; see {@link PackReader#directory}. */
    public StoredPack directory(ObjectId pack) {
        return packs.directory(pack);
    }

    /** Begins to store the chunks of a run. The caller closes the session before this store. */
    public StoreSession session(SessionOptions options) {
        return session(options, Leaving.NOTHING);
    }

    /** The same for a session that also relies on nothing of what is about to leave; such copies are read, while they can be. */
    public StoreSession session(SessionOptions options, Leaving leaving) {
        // That a base or a dictionary was readable in an earlier run is no proof for this one, which relies on it.
        nodes.forgetCopies();
        copies.forget();
        packs.forget();
        return new StoreSession(this, options, leaving);
    }

    /**
     * Writes what some index objects say as fewer objects, without some packs. An object that is damaged is passed over with all that it says.
     *
     * @param leftOut packs to leave out
     * @return the objects that were read, and those that were put
     * @throws io.crmbackup.error.SinkException if the sink fails
     */
    public MergedIndexes merge(Collection<ObjectId> indexObjectIds, Predicate<ObjectId> leftOut) {
        IndexWriter writer = new IndexWriter(indexObjects);
        Set<ObjectId> read = new HashSet<>();
        Set<ObjectId> written = new HashSet<>();
        for (ObjectId each : indexObjectIds) {
            List<StoredPack> packsOfOne = new ArrayList<>();
            try {
                indexObjects.read(each, packsOfOne::add);
            } catch (DamagedObjectException e) {
                LOG.warn("{}; leaving it as it is", e.getMessage());
                continue;
            }
            read.add(each);
            packsOfOne.stream()
                    .filter(pack -> !leftOut.test(pack.id()) && written.add(pack.id()))
                    .forEach(writer::add);
        }
        List<IndexObjects.StoredIndex> put = writer.flush();
        loading.lock();
        try {
            // What they say was loaded with those that they were made of.
            if (loaded.containsAll(read)) {
                put.forEach(index -> loaded.add(index.id()));
            }
        } finally {
            loading.unlock();
        }
        return new MergedIndexes(read, put);
    }

    /** Whether a copy was found damaged since the store was opened. */
    public boolean isDamaged(ChunkCopy copy) {
        return damaged.contains(copy);
    }

    /** The packs that an index object lists. */
    public Set<ObjectId> listedBy(ObjectId indexObject) {
        Set<ObjectId> listed = new HashSet<>();
        indexObjects.read(indexObject, pack -> listed.add(pack.id()));
        return listed;
    }

    /** A hasher of this repository's chunk ids, for one thread. */
    public ChunkHasher newHasher() {
        return hasher.fork();
    }

    ObjectStore objects() {
        return objects;
    }

    PackKeys keys() {
        return keys;
    }

    ChunkHasher hasher() {
        return hasher;
    }

    IndexObjects indexObjects() {
        return indexObjects;
    }

    Path workDirectory() {
        return workDirectory;
    }

    PackReader packs() {
        return packs;
    }

    NodeCache nodes() {
        return nodes;
    }

    DamagedCopies damaged() {
        return damaged;
    }

    boolean isCondemned(ObjectId pack) {
        return condemned.test(pack);
    }

    /** Releases memory and removes the files of the index. Idempotent. */
    @Override
    public void close() {
        packs.close();
        index.close();
    }
}
