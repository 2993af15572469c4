package io.crmbackup.internal.store;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.error.SinkException;
import io.crmbackup.internal.hash.ChunkHasher;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.index.ChunkIndex;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.pack.BaseCopy;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.internal.pack.DeltaBase;
import io.crmbackup.internal.pack.Dictionary;
import io.crmbackup.internal.pack.PackWriter;
import io.crmbackup.internal.pack.Relatives;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the chunks of one run, each only if no good copy is there, and keeps book of every pack that the run then relies on. A log entry that names packs and indexes makes what was stored part of the repository; without
 * one it is nothing, so that other sessions never share it: who sees the entry {@linkplain ChunkStore#load loads} its indexes.
 *
 * <p>Not thread-safe. Memory: that of a pack writer and a second index.
 */
public final class StoreSession implements ChunkWriter, ChunkReader, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreSession.class);

    private final ChunkStore store;
    private final SessionOptions options;
    private final ChunkHasher hasher;

    /** The copies that this session wrote or relies on. */
    private final ChunkIndex relied;

    private final RunLedger ledger;
    private final StayingCopies staying;
    private final CopyReader copies;
    private final PackWriter packs;

    /** Of what belongs to no collection. */
    private final CollectionWriter common = new CollectionWriter(this, CollectionCompression.deltas());

    /** Those that may hold something back. */
    private final Set<CollectionWriter> writers = new LinkedHashSet<>();

    private @Nullable Dictionary lastDictionary;

    private long reused;

    /** Whether the sink failed to give something that would have saved space. */
    private volatile boolean unhelpful;

    StoreSession(ChunkStore store, SessionOptions options, Leaving leaving) {
        this.store = store;
        this.options = options;
        this.hasher = store.hasher().fork();
        this.relied = new ChunkIndex(store.workDirectory());
        this.ledger = new RunLedger(store.indexObjects(), relied);
        this.staying = new StayingCopies(store, relied, ledger::isPending, leaving);
        this.copies = new CopyReader(store.packs(), staying::all, store.damaged(), store.nodes());
        this.packs = new PackWriter(store.objects(), store.keys(), options.check(), options.threads(), ledger);
    }

    @Override
    public ChunkId write(ChunkType type, byte[] plain, int offset, int length) {
        return write(type, plain, offset, length, Likeness.NONE);
    }

    @Override
    public ChunkId write(ChunkType type, byte[] plain, int offset, int length, Likeness like) {
        return common.write(type, plain, offset, length, like);
    }

    /** A writer for the chunks of one collection. What it holds back is stored at the latest with {@link #flush()}. */
    public CollectionWriter writerFor(CollectionCompression compression) {
        CollectionWriter writer = new CollectionWriter(this, compression);
        writers.add(writer);
        return writer;
    }

    void finished(CollectionWriter writer) {
        writers.remove(writer);
    }

    /**
     * Keeps a chunk that is in the repository, but that no live snapshot is known to keep: relies on a good copy, or stores it again from one that is condemned but still there.
     *
     * @throws io.crmbackup.error.DamagedObjectException if no copy can be read
     */
    public void keep(ChunkId id, ChunkType type) {
        keep(id, type, Likeness.NONE);
    }

    /**
     * Keeps a chunk as {@link #keep(ChunkId, ChunkType)} does; if it has to be stored again, then perhaps as what it differs in from another one.
     *
     * @return whether it had to be stored again
     */
    public boolean keep(ChunkId id, ChunkType type, Likeness like) {
        if (reuse(id, type)) {
            return false;
        }
        storeAgain(id, type, like);
        return true;
    }

    ChunkId id(ChunkType type, byte[] plain, int offset, int length) {
        return hasher.id(type, plain, offset, length);
    }

    /** Shares a chunk if it is there already. */
    boolean reuse(ChunkId id, ChunkType type) {
        boolean shared = share(id, type);
        if (shared) {
            reused++;
        }
        return shared;
    }

    /** Reads any chunk of the repository and of this session; to read one whose pack is still open, that has to be put. */
    @Override
    public byte[] read(ChunkId id, ChunkType type) {
        if (ledger.isPending(id)) {
            for (CollectionWriter writer : writers) {
                byte[] held = type == ChunkType.DATA ? writer.held(id) : null;
                if (held != null) {
                    return held;
                }
            }
            packs.flush();
        }
        return store.read(id, type, copies, Set.of());
    }

    /**
     * Puts all that is not put yet, first the packs, then their index. More may be written afterwards; the next flush tells everything again.
     *
     * @throws io.crmbackup.error.SinkException if something is not known to be stored; the session can't be used any more
     * @throws io.crmbackup.error.BackupCancelledException if the thread is interrupted
     */
    public StoredRun flush() {
        writers.forEach(CollectionWriter::decide);
        packs.flush();
        return ledger.close(reused);
    }

    /** Relies on nothing in these packs from now on, as if they were condemned; what lies in them is read while it can be. */
    public void giveUp(Set<ObjectId> packs) {
        staying.abandon(packs);
    }

    /**
     * How many copies of a chunk stay: are not damaged as far as is known, and lie, as all that they need, in packs that are neither condemned nor given up.
     */
    public int staying(ChunkId id, ChunkType type) {
        return staying.among(staying.all(id), type).size();
    }

    /**
     * Replaces what lies in packs that were condemned since: by another good copy, or by storing it again in a new pack, from a copy that can still be read. The ids stay the same.
     *
     * @return everything again, without these packs
     * @throws io.crmbackup.error.DamagedObjectException if there is a chunk of which no copy can be read
     */
    public StoredRun replace(Set<ObjectId> condemned) {
        writers.forEach(CollectionWriter::decide);
        packs.flush();
        staying.abandon(condemned);
        ledger.abandon(condemned);
        relied.forEach(copy -> {
            if (!staying.stays(copy)) {
                replace(copy);
            } else if (copy.dictionary() != null || copy.base() != null) {
                // Perhaps another copy of the dictionary, its own or the base's, is the good one now.
                rely(copy);
            }
        });
        return flush();
    }

    private void replace(ChunkCopy copy) {
        if (!share(copy.id(), copy.type())) {
            BaseCopy base = copy.base();
            // Whoever condemned the base's pack may have kept the base in another one.
            storeAgain(copy.id(), copy.type(), base == null ? Likeness.NONE : base::id);
        }
    }

    /** Stores a chunk anew, from a copy that can still be read, and with the dictionary that it had. */
    private void storeAgain(ChunkId id, ChunkType type, Likeness like) {
        byte[] plain = read(id, type);
        Dictionary dictionary = staying.all(id).stream()
                .map(ChunkCopy::dictionary)
                .filter(Objects::nonNull)
                .findFirst()
                .map(this::dictionary)
                .orElse(null);
        store(id, type, plain, new Relatives(base(id, type, like), dictionary));
    }

    /**
     * Has a task that doesn't fail run after what was begun before it, by a thread that stores or by one that waits for these. Never run if no thread stores, or if the session is closed before its turn.
     *
     * @throws java.util.concurrent.RejectedExecutionException if threads store and the session is closed
     */
    public void runAhead(Runnable task) {
        packs.runAhead(task);
    }

    /** A chunk is held back, and will be stored. */
    void expect(ChunkId id) {
        ledger.expect(id);
    }

    /** Stores a chunk of which there is no good copy. */
    void store(ChunkId id, ChunkType type, byte[] plain, Relatives relatives) {
        ledger.expect(id);
        packs.write(id, type, plain, relatives);
    }

    /** A dictionary that is in the repository, made sure to be in a pack that stays; null if it is not there or damaged. */
    @Nullable
    Dictionary dictionary(ChunkId id) {
        if (lastDictionary != null && lastDictionary.id().equals(id) && share(id, ChunkType.DICTIONARY)) {
            return lastDictionary;
        }
        if (staying.all(id).stream().noneMatch(copy -> copy.type() == ChunkType.DICTIONARY)) {
            return null;
        }
        byte[] bytes = orNull(() -> read(id, ChunkType.DICTIONARY));
        lastDictionary = bytes == null ? null : new Dictionary(write(ChunkType.DICTIONARY, bytes), bytes);
        return lastDictionary;
    }

    /** A full copy that stays, which a new chunk may become a delta on, if there is one. */
    @Nullable
    DeltaBase base(ChunkId id, ChunkType type, Likeness like) {
        ChunkId resembled = unhelpful ? null : like.find();
        if (resembled == null || resembled.equals(id)) {
            return null;
        }
        List<ChunkCopy> candidates = staying.among(shareable(resembled), type);
        Optional<ChunkCopy> full =
                candidates.stream().filter(copy -> copy.base() == null).findFirst();
        ChunkCopy base = full.or(() -> candidates.stream().findFirst().flatMap(staying::base))
                .orElse(null);
        if (base == null || base.id().equals(id)) {
            return null;
        }
        // At once, not when the delta is made: were one of the packs condemned meanwhile, nobody would notice.
        staying.packs(base).forEach(ledger::rely);
        BaseCopy place = new BaseCopy(base.pack(), base.offset(), base.id());
        return new DeltaBase(
                place,
                base.length(),
                // This very copy: another one may not be there as long as the delta is.
                () -> orNull(() -> copies.read(place, type)),
                () -> full.isPresent() ? null : orNull(() -> store.read(resembled, type, copies, Set.of())));
    }

    /**
     * What is read to save space, or null if it can't be. A sink that does not give it, perhaps as old packs are in an archive, is not asked again: it
     * still takes what is new.
     */
    private byte @Nullable [] orNull(Supplier<byte[]> reading) {
        if (unhelpful) {
            return null;
        }
        try {
            return reading.get();
        } catch (DamagedObjectException e) {
            LOG.warn("{}; storing what resembles it without it", e.getMessage());
        } catch (SinkException e) {
            LOG.warn("{}; storing what is new in full from now on", e.getMessage());
            unhelpful = true;
        }
        return null;
    }

    /** The copies of a chunk that this session may share and build on. */
    private List<ChunkCopy> shareable(ChunkId id) {
        return options.reuse() == SessionOptions.Reuse.OWN_SESSION ? relied.copies(id) : staying.all(id);
    }

    /** Relies on a good copy, if there is one. */
    private boolean share(ChunkId id, ChunkType type) {
        // In this order: a chunk leaves the pending ones only after it has come to those relied on.
        if (ledger.isPending(id) || !staying.among(relied.copies(id), type).isEmpty()) {
            return true;
        }
        if (options.reuse() == SessionOptions.Reuse.OWN_SESSION) {
            return false;
        }
        List<ChunkCopy> good = staying.chosenAmong(store.copies(id), type);
        if (good.isEmpty()) {
            return false;
        }
        rely(good.get(0));
        return true;
    }

    private void rely(ChunkCopy copy) {
        relied.add(copy);
        staying.packs(copy).forEach(ledger::rely);
    }

    /** Drops what was not flushed and ends the session's threads. What was put stays, and is nothing without a log entry. Idempotent. */
    @Override
    public void close() {
        packs.close();
        relied.close();
    }
}
