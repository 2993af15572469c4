package io.crmbackup.internal.pack;

import io.crmbackup.internal.codec.ChunkCodec;
import io.crmbackup.internal.codec.EncodedBytes;
import io.crmbackup.internal.object.Envelope;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.object.Padding;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A pack that is being filled, in memory. A record's key depends on its place, so a place is reserved first, and the record is sealed for it and then put there, possibly while others
 * do the same. Not thread-safe: calls are guarded by the writer's lock.
 */
final class OpenPack {
    private static final byte[] NO_REFERENCES = {};
    private static final int FIRST_CAPACITY = 256 * 1024;

    private final ObjectId id;
    private final List<ChunkCopy> copies = new ArrayList<>();
    private byte[] object = new byte[FIRST_CAPACITY];
    private int bodyLength;
    private int directoryLength;
    private int reserved;
    private boolean closed;

    OpenPack(ObjectId id) {
        this.id = id;
    }

    ObjectId id() {
        return id;
    }

    /** Whether a record of this length has room, with its entry in the directory; an empty pack takes any. */
    boolean fits(ChunkCodec codec, int recordLength) {
        int directory = RecordLayout.length(directoryLength + DirectoryEntries.length(codec));
        long object = Envelope.LENGTH + (long) bodyLength + recordLength + directory + Trailer.LENGTH;
        return reserved == 0 || (reserved < PackLimits.MAX_CHUNKS && object <= PackLimits.TARGET_OBJECT);
    }

    /** Takes the next place; returns its offset in the body. */
    int reserve(ChunkCodec codec, int recordLength) {
        int offset = bodyLength;
        bodyLength += recordLength;
        directoryLength += DirectoryEntries.length(codec);
        reserved++;
        return offset;
    }

    /** Puts a sealed record to its place; returns whether the pack is now to be put: it is closed and whole. */
    boolean fill(ChunkCopy copy, byte[] record) {
        ensure(Envelope.LENGTH + bodyLength);
        System.arraycopy(record, 0, object, Envelope.LENGTH + (int) copy.offset(), copy.length());
        copies.add(copy);
        return closed && isWhole();
    }

    /** Says that no more places will be taken; returns whether the pack is now to be put, as none is left to be filled. */
    boolean close() {
        closed = true;
        return isWhole();
    }

    private boolean isWhole() {
        return copies.size() == reserved;
    }

    /** Adds directory, padding, trailer and envelope. The pack takes no more records afterwards. */
    SealedPack seal(RecordSealer sealer, SecureRandom random) {
        copies.sort(Comparator.comparingLong(ChunkCopy::offset));
        ByteBuffer directory = ByteBuffer.allocate(directoryLength);
        copies.forEach(copy -> DirectoryEntries.write(copy, directory));
        RecordHeader header = RecordHeader.directory(directory.capacity());
        int directoryAt = bodyLength;
        int end = Envelope.LENGTH + directoryAt + header.recordLength();
        int length = Math.toIntExact(Padding.padded(end + Trailer.LENGTH));
        ensure(length);
        EncodedBytes entries = new EncodedBytes(ChunkCodec.RAW, directory.array(), 0, directory.capacity());
        sealer.seal(id, directoryAt, header, NO_REFERENCES, entries, object, Envelope.LENGTH + directoryAt);
        int trailerAt = length - Trailer.LENGTH;
        byte[] padding = new byte[trailerAt - end];
        random.nextBytes(padding);
        System.arraycopy(padding, 0, object, end, padding.length);
        Trailer trailer = new Trailer(directoryAt, header.recordLength(), copies.size());
        sealer.seal(id, trailerAt - Envelope.LENGTH, trailer, object, trailerAt);
        byte[] envelope = Envelope.of(ObjectRole.PACK, length - Envelope.LENGTH, sha256(length))
                .toBytes();
        System.arraycopy(envelope, 0, object, 0, Envelope.LENGTH);
        return new SealedPack(id, object, length, List.copyOf(copies));
    }

    private byte[] sha256(int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(object, Envelope.LENGTH, length - Envelope.LENGTH);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private void ensure(int length) {
        if (object.length < length) {
            object = Arrays.copyOf(object, Math.max(length, Math.min(2 * object.length, PackLimits.TARGET_OBJECT)));
        }
    }
}
