package io.crmbackup.internal.pack;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.codec.ChunkDecoder;
import io.crmbackup.internal.codec.MalformedEncodingException;
import io.crmbackup.internal.hash.ChunkHasher;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import java.nio.ByteBuffer;
import java.util.Objects;

/** From a record in memory to the plain bytes of its chunk, with every check on the way. Not thread-safe. */
final class ChunkOpener implements Toolbox.Tool {
    private final RecordOpener records;
    private final ChunkHasher hasher;
    private final ChunkDecoder decoder = new ChunkDecoder();

    ChunkOpener(RecordOpener records, ChunkHasher hasher) {
        this.records = records;
        this.hasher = hasher;
    }

    RecordOpener records() {
        return records;
    }

    /** A chunk and where it was read. */
    record Opened(ChunkCopy copy, byte[] plain) {}

    /**
     * Opens the chunk whose header is known and whose record begins at {@code at} in {@code bytes}.
     *
     * @throws DamagedObjectException if its bytes are not those of the chunk that the header names
     */
    Opened open(ObjectId pack, long offset, RecordHeader header, byte[] bytes, int at, Dependencies others) {
        ChunkId id = Objects.requireNonNull(header.id());
        ChunkType type = Objects.requireNonNull(header.type());
        byte[] payload = records.payload(pack, offset, header, bytes, at);
        ChunkCopy copy = copy(pack, offset, header, payload);
        byte[] plain;
        try {
            plain = decode(copy, payload, header.referenceLength(), others);
        } catch (MalformedEncodingException e) {
            throw damaged(copy, e.getMessage());
        }
        if (!hasher.id(type, plain).equals(id)) {
            throw damaged(copy, "does not hold the bytes that its id names");
        }
        return new Opened(copy, plain);
    }

    private byte[] decode(ChunkCopy copy, byte[] payload, int at, Dependencies others)
            throws MalformedEncodingException {
        int length = payload.length - at;
        BaseCopy base = copy.base();
        if (base != null) {
            return decoder.decode(copy.codec(), payload, at, length, copy.plainLength(), others.base(base));
        }
        ChunkId dictionary = copy.dictionary();
        if (dictionary != null) {
            return decoder.decode(copy.codec(), payload, at, length, copy.plainLength(), others.dictionary(dictionary));
        }
        return decoder.decode(copy.codec(), payload, at, length, copy.plainLength());
    }

    private static ChunkCopy copy(ObjectId pack, long offset, RecordHeader header, byte[] payload) {
        ByteBuffer references = ByteBuffer.wrap(payload, 0, header.referenceLength());
        try {
            return new ChunkCopy(
                    Objects.requireNonNull(header.id()),
                    Objects.requireNonNull(header.type()),
                    header.codec(),
                    pack,
                    offset,
                    header.recordLength(),
                    header.plainLength(),
                    header.codec().needsBase() ? DirectoryEntries.readBase(references) : null,
                    header.codec().needsDictionary() ? DirectoryEntries.readId(references) : null);
        } catch (IllegalArgumentException e) {
            throw new DamagedObjectException(
                    ObjectRole.PACK.name(pack), "the record at " + offset + ": " + e.getMessage(), e);
        }
    }

    private static DamagedObjectException damaged(ChunkCopy copy, String what) {
        return new DamagedObjectException(
                ObjectRole.PACK.name(copy.pack()),
                "the record of chunk " + copy.id() + " at " + copy.offset() + " " + what);
    }

    @Override
    public void close() {
        decoder.close();
    }
}
