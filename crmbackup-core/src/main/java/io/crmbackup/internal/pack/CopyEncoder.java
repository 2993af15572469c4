package io.crmbackup.internal.pack;

import io.crmbackup.internal.codec.ChunkEncoder;
import io.crmbackup.internal.codec.EncodedBytes;
import io.crmbackup.internal.hash.ChunkId;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the best way to encode a chunk: as a delta, with a dictionary, or alone. What needs another chunk costs reads and keeps that chunk
 * alive, so it must gain clearly. Not thread-safe.
 */
final class CopyEncoder implements AutoCloseable {
    private static final byte[] NO_REFERENCES = {};

    /** Longer chunks gain next to nothing by a dictionary. */
    private static final int LONGEST_WITH_DICTIONARY = 64 * 1024;

    private final ChunkEncoder encoder;

    CopyEncoder(ChunkEncoder encoder) {
        this.encoder = encoder;
    }

    /**
     * A chunk's encoding.
     *
     * @param encoded the bytes; valid until the next call
     * @param references what precedes them in the payload
     */
    record Encoding(
            EncodedBytes encoded,
            byte[] references,
            @Nullable BaseCopy base,
            @Nullable ChunkId dictionary) {
        int payloadLength() {
            return references.length + encoded.length();
        }

        int recordLength() {
            return RecordLayout.length(payloadLength());
        }
    }

    Encoding encode(byte[] plain, Relatives relatives) {
        DeltaBase base = relatives.base();
        if (base == null) {
            return encodeAlone(plain, relatives.dictionary());
        }
        Encoding delta = encodeDelta(plain, base);
        if (delta == null || base.isWornOut(delta.recordLength())) {
            return encodeAlone(plain, relatives.dictionary());
        }
        // The base's length stands for that of a full copy, unless it comes near.
        if (delta.recordLength() <= base.length() / 4) {
            return delta;
        }
        Encoding full = encodeAlone(plain, relatives.dictionary());
        return delta.recordLength() <= full.recordLength() / 2 ? delta : full;
    }

    private @Nullable Encoding encodeDelta(byte[] plain, DeltaBase base) {
        byte[] other = base.plain().get();
        EncodedBytes delta = other == null ? null : encoder.encodeDelta(plain, 0, plain.length, other);
        if (delta == null) {
            return null;
        }
        ByteBuffer references = ByteBuffer.allocate(BaseCopy.LENGTH);
        DirectoryEntries.writeBase(base.copy(), references);
        return new Encoding(delta, references.array(), base.copy(), null);
    }

    private Encoding encodeAlone(byte[] plain, @Nullable Dictionary dictionary) {
        Encoding alone = new Encoding(encoder.encode(plain, 0, plain.length), NO_REFERENCES, null, null);
        if (dictionary == null || plain.length > LONGEST_WITH_DICTIONARY) {
            return alone;
        }
        EncodedBytes encoded = encoder.encodeWith(dictionary.prepared(), plain, 0, plain.length);
        if (encoded == null) {
            return alone;
        }
        Encoding helped = new Encoding(encoded, dictionary.id().toBytes(), null, dictionary.id());
        return helped.recordLength() <= alone.recordLength() - alone.recordLength() / 16 ? helped : alone;
    }

    @Override
    public void close() {
        encoder.close();
    }
}
