package io.crmbackup.internal.pack;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.hash.ChunkHasher;
import io.crmbackup.internal.object.Envelope;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.object.ObjectStore;
import java.util.function.Supplier;

/**
 * Reads chunks from packs. Whatever it returns was authenticated and matches the chunk's id; everything else is a {@link DamagedObjectException}, or a {@link io.crmbackup.error.SinkException} if the sink can't be
 * read. Thread-safe. Memory: up to 32 MiB of parts of packs, and for each thread that reads up to four times the largest chunk.
 */
public final class PackReader implements AutoCloseable {
    private final ObjectStore store;
    private final ReadAhead parts;
    private final Toolbox<ChunkOpener> openers;

    /** Creates a reader. */
    public PackReader(ObjectStore store, PackKeys keys, ChunkHasher hasher) {
        this.store = store;
        this.parts = new ReadAhead(store);
        this.openers = new Toolbox<>(() -> new ChunkOpener(keys.opener(), hasher.fork()));
    }

    /** The plain bytes of a chunk from one of its copies. Bytes that are not good are fetched a second time, as it may have been the way here that changed them. */
    public byte[] read(ChunkCopy copy, Dependencies others) {
        return twice(copy.pack(), () -> readOnce(copy, others));
    }

    private byte[] readOnce(ChunkCopy copy, Dependencies others) {
        ReadAhead.Part part = parts.read(copy.pack(), copy.offset(), copy.length());
        ChunkOpener opener = openers.take();
        try {
            int at = part.index(copy.offset());
            RecordHeader header = opener.records().header(copy.pack(), copy.offset(), part.bytes(), at);
            if (!copy.id().equals(header.id()) || copy.length() != header.recordLength()) {
                throw new DamagedObjectException(
                        ObjectRole.PACK.name(copy.pack()),
                        "holds something else at " + copy.offset() + " than chunk " + copy.id());
            }
            return opener.open(copy.pack(), copy.offset(), header, part.bytes(), at, others)
                    .plain();
        } finally {
            openers.giveBack(opener);
        }
    }

    /** The plain bytes of a delta's base, from the very copy that the delta names; that one must not be a delta itself. Fetched a second time if need be, as any copy. */
    public byte[] read(BaseCopy base, Dependencies others) {
        return twice(base.pack(), () -> readOnce(base, others));
    }

    private byte[] twice(ObjectId pack, Supplier<byte[]> reading) {
        try {
            return reading.get();
        } catch (DamagedObjectException e) {
            parts.forget(pack);
            return reading.get();
        }
    }

    private byte[] readOnce(BaseCopy base, Dependencies others) {
        ReadAhead.Part start = parts.read(base.pack(), base.offset(), RecordLayout.PAYLOAD);
        ChunkOpener opener = openers.take();
        try {
            RecordHeader header =
                    opener.records().header(base.pack(), base.offset(), start.bytes(), start.index(base.offset()));
            if (!base.id().equals(header.id()) || header.codec().needsBase()) {
                throw new DamagedObjectException(
                        ObjectRole.PACK.name(base.pack()),
                        "holds no full copy of chunk " + base.id() + " at " + base.offset() + ", which a delta needs");
            }
            ReadAhead.Part part = parts.read(base.pack(), base.offset(), header.recordLength());
            return opener.open(base.pack(), base.offset(), header, part.bytes(), part.index(base.offset()), others)
                    .plain();
        } finally {
            openers.giveBack(opener);
        }
    }

    /**
     * What a pack's directory says that it holds, without reading the chunks. Asks the sink, whatever was read of the pack before.
     *
     * @throws DamagedObjectException if the pack's envelope, trailer or directory is damaged; {@link #scan} may still find its chunks
     */
    public StoredPack directory(ObjectId pack) {
        parts.forget(pack);
        String name = ObjectRole.PACK.name(pack);
        long bodyLength = Envelope.read(ObjectRole.PACK, name, store.atMost(name, 0, Envelope.LENGTH))
                .bodyLength();
        ChunkOpener opener = openers.take();
        try {
            PackDirectory directory = new PackDirectory(opener.records(), parts);
            return new StoredPack(pack, Envelope.LENGTH + bodyLength, directory.read(pack, bodyLength));
        } finally {
            openers.giveBack(opener);
        }
    }

    /** Reads a whole pack and checks everything in it, as it is in the sink now. What is damaged is told to the visitor; only an unreadable sink ends the scan with an exception. */
    public void scan(ObjectId pack, Dependencies others, PackVisitor visitor) {
        parts.forget(pack);
        ChunkOpener opener = openers.take();
        try {
            new PackScan(store, opener, new PackDirectory(opener.records(), parts), pack, others, visitor).run();
        } finally {
            openers.giveBack(opener);
        }
    }

    /** Forgets what was read ahead, so that whatever is read next comes from the sink. */
    public void forget() {
        parts.forget();
    }

    /** Releases native memory. Idempotent. */
    @Override
    public void close() {
        openers.close();
    }
}
