package io.crmbackup.internal.pack;

import io.crmbackup.error.SinkException;
import io.crmbackup.internal.codec.ChunkCodec;
import io.crmbackup.internal.codec.ChunkEncoder;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.object.ObjectStore;
import io.crmbackup.spi.SinkContent;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Encodes and seals chunks, collects them in packs, and puts packs that are full. Two packs are open at a time, one for data and one for nodes, so that walking a tree reads no data.
 *
 * <p>Encoding, sealing and putting run on the writer's own threads, which end with {@link #close()}, and in the caller where that would have to wait for them. Memory: one pack (up to 16 MiB) for each of
 * these and two that are open, 16 MiB of chunks that wait, and work buffers of up to six times the largest chunk for each. Not thread-safe.
 */
public final class PackWriter implements AutoCloseable {
    private enum Kind {
        DATA,
        NODES
    }

    private final ObjectStore store;
    private final PackKeys keys;
    private final Consumer<StoredPack> listener;
    private final Workers workers;
    private final Toolbox<Tools> toolbox;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Kind, OpenPack> open = new EnumMap<>(Kind.class);

    /**
     * Creates a writer.
     *
     * @param check what is done with each encoded chunk before it is sealed
     * @param threads number of threads; 0 to do everything in the caller
     * @param listener gets each pack once the sink has confirmed it; called by one thread at a time
     */
    public PackWriter(
            ObjectStore store, PackKeys keys, ChunkEncoder.Check check, int threads, Consumer<StoredPack> listener) {
        this.store = store;
        this.keys = keys;
        this.listener = listener;
        this.workers = new Workers(threads);
        this.toolbox =
                new Toolbox<>(() -> new Tools(new CopyEncoder(new ChunkEncoder(check)), keys.sealer(), new Scratch()));
    }

    /**
     * Stores a chunk, now or at the latest with {@link #flush()}.
     *
     * @param plain the bytes, which are the writer's from now on
     * @throws SinkException if this or an earlier chunk could not be stored
     * @throws io.crmbackup.error.BackupCancelledException if the thread is interrupted
     */
    public void write(ChunkId id, ChunkType type, byte[] plain) {
        write(id, type, plain, Relatives.NONE);
    }

    /** Stores a chunk as {@link #write(ChunkId, ChunkType, byte[])} does, perhaps encoded with the help of another one. */
    public void write(ChunkId id, ChunkType type, byte[] plain, Relatives relatives) {
        workers.submit(plain.length, () -> store(id, type, plain, relatives));
    }

    /**
     * Has a task that doesn't fail run after what was begun before it, by a thread that stores or by one that waits for these. Never run if no thread stores, or if the writer is closed before its turn.
     *
     * @throws java.util.concurrent.RejectedExecutionException if threads store and the writer is closed
     */
    public void runAhead(Runnable task) {
        workers.offer(task);
    }

    /** Puts what is open and waits until the sink has confirmed everything; fails as {@link #write} does. */
    public void flush() {
        workers.awaitIdle();
        List<OpenPack> packs = new ArrayList<>(open.values());
        open.clear();
        for (OpenPack pack : packs) {
            workers.submit(0, () -> put(pack, keys.sealer()));
        }
        workers.awaitIdle();
    }

    private void store(ChunkId id, ChunkType type, byte[] plain, Relatives relatives) {
        Tools tools = toolbox.take();
        try {
            CopyEncoder.Encoding encoding = tools.encoder.encode(type, plain, relatives);
            ChunkCodec codec = encoding.encoded().codec();
            RecordHeader header = RecordHeader.chunk(id, type, codec, plain.length, encoding.payloadLength());
            int length = header.recordLength();
            byte[] record = tools.record(length);
            OpenPack full = null;
            OpenPack pack;
            long offset;
            lock.lock();
            try {
                Kind kind = type.isNode() ? Kind.NODES : Kind.DATA;
                OpenPack last = open.get(kind);
                if (last != null && !last.fits(codec, length)) {
                    open.remove(kind);
                    full = last.close() ? last : null;
                }
                pack = open.computeIfAbsent(kind, k -> new OpenPack(ObjectId.random(keys.random())));
                offset = pack.reserve(codec, length);
            } finally {
                lock.unlock();
            }
            tools.sealer.seal(pack.id(), offset, header, encoding.references(), encoding.encoded(), record, 0);
            ChunkCopy copy = new ChunkCopy(
                    id, type, codec, pack.id(), offset, length, plain.length, encoding.base(), encoding.dictionary());
            boolean filled;
            lock.lock();
            try {
                filled = pack.fill(copy, record);
            } finally {
                lock.unlock();
            }
            if (full != null) {
                put(full, tools.sealer);
            }
            if (filled) {
                put(pack, tools.sealer);
            }
        } finally {
            toolbox.giveBack(tools);
        }
    }

    private void put(OpenPack pack, RecordSealer sealer) {
        SealedPack sealed = pack.seal(sealer, keys.random());
        String name = ObjectRole.PACK.name(sealed.id());
        SinkContent content = SinkContent.of(sealed.object(), sealed.length());
        if (store.put(name, content) != ObjectStore.Outcome.STORED) {
            throw new SinkException("could not write " + name + ": the name is taken by something else");
        }
        lock.lock();
        try {
            listener.accept(new StoredPack(sealed.id(), sealed.length(), sealed.copies()));
        } finally {
            lock.unlock();
        }
    }

    /** Drops what was not flushed and ends the threads. Idempotent. */
    @Override
    public void close() {
        workers.close();
        toolbox.close();
    }

    /** What one thread works with. */
    private record Tools(CopyEncoder encoder, RecordSealer sealer, Scratch scratch) implements Toolbox.Tool {
        byte[] record(int length) {
            return scratch.of(length);
        }

        @Override
        public void close() {
            encoder.close();
        }
    }
}
