package io.crmbackup.internal.pack;

import com.github.luben.zstd.ZstdCompressCtx;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.codec.ChunkCodec;
import io.crmbackup.internal.codec.ChunkEncoder;
import io.crmbackup.internal.codec.EncodedBytes;
import io.crmbackup.internal.crypto.MasterKey;
import io.crmbackup.internal.crypto.RepositoryId;
import io.crmbackup.internal.hash.ChunkHasher;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.object.MemorySink;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.object.ObjectStore;
import io.crmbackup.internal.object.Retries;
import io.crmbackup.spi.SinkContent;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A repository's packs in memory, under one key, for tests. */
public final class Packs implements AutoCloseable {
    public final MemorySink sink;
    public final ObjectStore store;
    public final MasterKey master = MasterKey.of(RepositoryId.of(new byte[16]), new byte[32]);
    public final ChunkHasher hasher = new ChunkHasher(master.derive("id"));
    public final SecureRandom random;
    public final PackKeys keys;
    public final PackReader reader;
    final List<StoredPack> stored = new ArrayList<>();

    public Packs() {
        this(new MemorySink(), new SecureRandom());
    }

    public Packs(MemorySink sink, SecureRandom random) {
        this.sink = sink;
        this.random = random;
        this.store = new ObjectStore(sink, Retries.immediately(3));
        this.keys = PackKeys.of(master, random);
        this.reader = new PackReader(store, keys, hasher);
    }

    PackWriter writer(int threads) {
        return new PackWriter(store, keys, ChunkEncoder.Check.DECODE_AND_COMPARE, threads, stored::add);
    }

    ChunkId id(ChunkType type, byte[] plain) {
        return hasher.id(type, plain);
    }

    /** Stores chunks of one type, and returns where. */
    List<ChunkCopy> write(ChunkType type, byte[]... chunks) {
        stored.clear();
        try (PackWriter writer = writer(0)) {
            for (byte[] chunk : chunks) {
                writer.write(id(type, chunk), type, chunk);
            }
            writer.flush();
        }
        return stored.stream().flatMap(pack -> pack.copies().stream()).toList();
    }

    /** A chunk as it is to lie in a pack, however it was encoded. */
    record Encoded(ChunkType type, ChunkCodec codec, byte[] plain, byte[] references, byte[] frame) {}

    /** Stores chunks that were encoded by the test. */
    public List<ChunkCopy> write(Encoded... chunks) {
        OpenPack pack = new OpenPack(ObjectId.random(random));
        RecordSealer sealer = keys.sealer();
        for (Encoded chunk : chunks) {
            RecordHeader header = RecordHeader.chunk(
                    id(chunk.type, chunk.plain),
                    chunk.type,
                    chunk.codec,
                    chunk.plain.length,
                    chunk.references.length + chunk.frame.length);
            byte[] record = new byte[header.recordLength()];
            int offset = pack.reserve(chunk.codec, record.length);
            EncodedBytes bytes = new EncodedBytes(chunk.codec, chunk.frame, 0, chunk.frame.length);
            sealer.seal(pack.id(), offset, header, chunk.references, bytes, record, 0);
            ByteBuffer references = ByteBuffer.wrap(chunk.references);
            pack.fill(
                    new ChunkCopy(
                            id(chunk.type, chunk.plain),
                            chunk.type,
                            chunk.codec,
                            pack.id(),
                            offset,
                            record.length,
                            chunk.plain.length,
                            chunk.codec == ChunkCodec.ZSTD_DELTA ? DirectoryEntries.readBase(references) : null,
                            chunk.codec == ChunkCodec.ZSTD_DICTIONARY ? DirectoryEntries.readId(references) : null),
                    record);
        }
        SealedPack sealed = pack.seal(sealer, random);
        store.put(ObjectRole.PACK.name(sealed.id()), SinkContent.of(sealed.object(), sealed.length()));
        return sealed.copies();
    }

    /** Stores a chunk as it is. */
    public ChunkCopy writeFull(ChunkType type, byte[] plain) {
        return write(new Encoded(type, ChunkCodec.RAW, plain, new byte[0], plain))
                .get(0);
    }

    /** Stores a chunk as a delta on a copy whose bytes are given. */
    public ChunkCopy writeDelta(ChunkType type, byte[] plain, ChunkCopy base, byte[] baseBytes) {
        ByteBuffer references = ByteBuffer.allocate(BaseCopy.LENGTH);
        DirectoryEntries.writeBase(new BaseCopy(base.pack(), base.offset(), base.id()), references);
        return write(new Encoded(type, ChunkCodec.ZSTD_DELTA, plain, references.array(), frame(plain, baseBytes)))
                .get(0);
    }

    /** Stores a chunk with another one as its dictionary. */
    public ChunkCopy writeWithDictionary(ChunkType type, byte[] plain, ChunkId dictionary, byte[] dictionaryBytes) {
        return write(new Encoded(
                        type, ChunkCodec.ZSTD_DICTIONARY, plain, dictionary.toBytes(), frame(plain, dictionaryBytes)))
                .get(0);
    }

    private static byte[] frame(byte[] plain, byte[] other) {
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            context.setLevel(3).setWindowLog(21).loadDict(other);
            return context.compress(plain);
        }
    }

    /** What a scan finds. */
    static final class Found implements PackVisitor {
        final List<ChunkCopy> copies = new ArrayList<>();
        final List<byte[]> plain = new ArrayList<>();
        final List<DamagedObjectException> damages = new ArrayList<>();

        @Override
        public void chunk(ChunkCopy copy, byte[] bytes) {
            copies.add(copy);
            plain.add(bytes);
        }

        @Override
        public void damaged(DamagedObjectException damage) {
            damages.add(damage);
        }
    }

    /** For chunks that need no others. */
    public static final Dependencies NONE = new Dependencies() {
        @Override
        public byte[] base(BaseCopy base) {
            throw new AssertionError("no base expected");
        }

        @Override
        public byte[] dictionary(ChunkId id) {
            throw new AssertionError("no dictionary expected");
        }
    };

    public static byte[] random(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Bytes that compress to about a third. */
    public static byte[] text(long seed, int length) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append("contact ").append(random.nextInt(100_000)).append(", ");
        }
        return text.substring(0, length).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        reader.close();
    }
}
