package io.crmbackup.systemtests;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.crmbackup.internal.codec.ChunkCodec;
import io.crmbackup.internal.codec.ChunkEncoder;
import io.crmbackup.internal.codec.EncodedBytes;
import io.crmbackup.internal.crypto.FreshKeys;
import io.crmbackup.internal.crypto.KeySlot;
import io.crmbackup.internal.crypto.MasterKey;
import io.crmbackup.internal.crypto.NotAuthenticException;
import io.crmbackup.internal.crypto.RepositoryId;
import io.crmbackup.internal.crypto.SegmentedAead;
import io.crmbackup.internal.crypto.SlotSecret;
import io.crmbackup.internal.hash.ChunkHasher;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.index.IndexObjects;
import io.crmbackup.internal.object.Envelope;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.object.ObjectSealer;
import io.crmbackup.internal.object.ObjectStore;
import io.crmbackup.internal.object.Retries;
import io.crmbackup.internal.pack.BaseCopy;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.internal.pack.Dependencies;
import io.crmbackup.internal.pack.DirectoryEntries;
import io.crmbackup.internal.pack.PackKeys;
import io.crmbackup.internal.pack.PackReader;
import io.crmbackup.internal.pack.StoredPack;
import io.crmbackup.spi.Sink;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Gives every chunk of a repository without secrecy a new copy, of each codec in turn, in the place of the old ones. */
final class Reencoding {
    private static final ChunkCodec[] CODECS = {
        ChunkCodec.ZSTD_DELTA, ChunkCodec.ZSTD_DICTIONARY, ChunkCodec.ZSTD, ChunkCodec.PATCH
    };

    private final ObjectStore store;
    private final MasterKey master;
    private final SecureRandom random = new SecureRandom();
    private final ObjectId pack = ObjectId.random(random);
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final List<ChunkCopy> copies = new ArrayList<>();
    private byte[] basePlain = {};
    private final ChunkHasher hasher;
    private int turn;
    private int patches;

    private Reencoding(ObjectStore store, MasterKey master) {
        this.store = store;
        this.master = master;
        this.hasher = new ChunkHasher(master.derive("chunk-id"));
    }

    /** Does it, and returns the new copies. The first is raw: base and dictionary of the others. */
    static List<ChunkCopy> of(Sink sink, ObjectId slot, ObjectId index) throws NotAuthenticException {
        ObjectStore store = new ObjectStore(sink, Retries.immediately(1));
        byte[] header = store.get(ObjectRole.REPOSITORY, "repository");
        RepositoryId id = RepositoryId.of(Arrays.copyOfRange(header, 64, 80));
        String name = ObjectRole.KEY.name(slot);
        byte[] slotBody = Envelope.unwrap(ObjectRole.KEY, name, store.get(ObjectRole.KEY, name));
        try (SlotSecret none = SlotSecret.none();
                MasterKey master =
                        KeySlot.unwrap(slotBody, id, slot.toBytes(), none).orElseThrow()) {
            Reencoding reencoding = new Reencoding(store, master);
            reencoding.run(index);
            return reencoding.copies;
        }
    }

    private void run(ObjectId index) {
        ObjectSealer sealer = new ObjectSealer(master, random);
        List<StoredPack> old = new ArrayList<>();
        new IndexObjects(store, sealer, random).read(index, old::add);
        try (PackReader reader = new PackReader(store, PackKeys.of(master, random), hasher)) {
            for (StoredPack each : old) {
                for (ChunkCopy copy : each.copies()) {
                    add(copy, reader.read(copy, new NoDependencies()));
                }
            }
        }
        byte[] object = Envelope.wrap(ObjectRole.PACK, body.toByteArray());
        store.put(ObjectRole.PACK.name(pack), object);
        ByteBuffer content = ByteBuffer.allocate(32 + DirectoryEntries.length(copies));
        content.putInt(1).put(pack.toBytes()).putLong(object.length).putInt(copies.size());
        copies.forEach(copy -> DirectoryEntries.write(copy, content));
        String name = ObjectRole.INDEX.name(index);
        store.delete(name);
        store.put(name, sealer.seal(ObjectRole.INDEX, name, content.array()));
        old.forEach(each -> store.delete(ObjectRole.PACK.name(each.id())));
    }

    private void add(ChunkCopy chunk, byte[] plain) {
        ChunkCodec codec = codec(chunk, plain);
        BaseCopy base = null;
        if (codec == ChunkCodec.ZSTD_DELTA) {
            base = new BaseCopy(pack, 0, copies.get(0).id());
        } else if (codec == ChunkCodec.PATCH) {
            // What differs in the last byte, which nothing else needs.
            byte[] other = plain.clone();
            other[other.length - 1]++;
            base = new BaseCopy(pack, body.size(), hasher.id(ChunkType.BLOB, other));
            write(base.id(), ChunkType.BLOB, ChunkCodec.RAW, other, null);
        }
        boolean first = copies.isEmpty();
        write(chunk.id(), chunk.type(), codec, plain, base);
        basePlain = first ? plain : basePlain;
    }

    private ChunkCodec codec(ChunkCopy chunk, byte[] plain) {
        if (copies.isEmpty()) {
            return ChunkCodec.RAW;
        }
        return columns(chunk.type(), plain).length > 0 ? ChunkCodec.ZSTD_COLUMNS : CODECS[turn++ % CODECS.length];
    }

    private void write(ChunkId id, ChunkType type, ChunkCodec codec, byte[] plain, @Nullable BaseCopy base) {
        byte[] references = switch (codec) {
            case RAW, ZSTD, ZSTD_COLUMNS -> new byte[0];
            case ZSTD_DICTIONARY -> copies.get(0).id().toBytes();
            case ZSTD_DELTA, PATCH ->
                ByteBuffer.allocate(56)
                        .put(pack.toBytes())
                        .putLong(Objects.requireNonNull(base).offset())
                        .put(base.id().toBytes())
                        .array();
        };
        byte[] encoded = encode(codec, type, plain);
        byte[] payload = ByteBuffer.allocate(references.length + encoded.length)
                .put(references)
                .put(encoded)
                .array();
        byte[] header = ByteBuffer.allocate(44)
                .put(id.toBytes())
                .put((byte) 1)
                .put(type.code())
                .put(codec.code())
                .put((byte) 0)
                .putInt(plain.length)
                .putInt(payload.length)
                .array();
        long offset = body.size();
        int length = seal(header, payload, offset);
        copies.add(new ChunkCopy(
                id,
                type,
                codec,
                pack,
                offset,
                length,
                plain.length,
                base,
                codec == ChunkCodec.ZSTD_DICTIONARY ? copies.get(0).id() : null));
    }

    /** A leaf in columns; empty if the chunk is none that can be. */
    private static byte[] columns(ChunkType type, byte[] plain) {
        if (type != ChunkType.LEAF) {
            return new byte[0];
        }
        try (ChunkEncoder encoder = new ChunkEncoder(ChunkEncoder.Check.NONE)) {
            EncodedBytes encoded = encoder.encodeLeaf(plain, 0, plain.length);
            return encoded.codec() == ChunkCodec.ZSTD_COLUMNS
                    ? Arrays.copyOf(encoded.bytes(), encoded.length())
                    : new byte[0];
        }
    }

    private byte[] encode(ChunkCodec codec, ChunkType type, byte[] plain) {
        if (codec == ChunkCodec.RAW) {
            return plain;
        } else if (codec == ChunkCodec.ZSTD) {
            return Zstd.compress(plain, 3);
        } else if (codec == ChunkCodec.ZSTD_COLUMNS) {
            return columns(type, plain);
        } else if (codec == ChunkCodec.PATCH) {
            return patch(plain);
        }
        try (ZstdCompressCtx zstd = new ZstdCompressCtx()) {
            return zstd.loadDict(basePlain).compress(plain);
        }
    }

    /** Takes all but the last byte from the base; every other patch is compressed. */
    private byte[] patch(byte[] plain) {
        if (plain.length == 1) {
            return new byte[] {0, 1, plain[0]};
        }
        int taken = plain.length - 1;
        ByteArrayOutputStream steps = new ByteArrayOutputStream();
        steps.write(0);
        steps.write(0);
        for (int rest = taken; ; rest >>>= 7) {
            steps.write(rest > 0x7f ? rest & 0x7f | 0x80 : rest);
            if (rest <= 0x7f) {
                break;
            }
        }
        steps.write(1);
        steps.write(plain[taken]);
        byte[] all = steps.toByteArray();
        boolean compressed = plain.length > all.length && patches++ % 2 == 1;
        byte[] encoded = compressed ? Zstd.compress(all, 3) : all;
        return ByteBuffer.allocate(1 + encoded.length)
                .put((byte) (compressed ? 1 : 0))
                .put(encoded)
                .array();
    }

    private int seal(byte[] header, byte[] payload, long offset) {
        FreshKeys keys = FreshKeys.of(master, "pack", random);
        byte[] salt = keys.salt(payload, 0, payload.length);
        byte[] key = keys.key(
                salt,
                ByteBuffer.allocate(24).put(pack.toBytes()).putLong(offset).array());
        byte[] record = new byte[76 + (int) SegmentedAead.sealedLength(payload.length)];
        System.arraycopy(salt, 0, record, 0, salt.length);
        new SegmentedAead(SegmentedAead.Domain.CHUNK_HEADER).seal(key, new byte[0], header, 0, 44, record, 16);
        new SegmentedAead(SegmentedAead.Domain.CHUNK).seal(key, header, payload, 0, payload.length, record, 76);
        body.writeBytes(record);
        return record.length;
    }

    /** Before, no chunk needs another one. */
    private static final class NoDependencies implements Dependencies {
        @Override
        public byte[] base(BaseCopy base) {
            throw new AssertionError("a delta");
        }

        @Override
        public byte[] dictionary(ChunkId id) {
            throw new AssertionError("a dictionary");
        }
    }
}
