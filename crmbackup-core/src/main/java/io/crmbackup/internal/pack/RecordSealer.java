package io.crmbackup.internal.pack;

import io.crmbackup.internal.codec.EncodedBytes;
import io.crmbackup.internal.crypto.FreshKeys;
import io.crmbackup.internal.crypto.SegmentedAead;
import io.crmbackup.internal.crypto.SegmentedAead.Domain;
import io.crmbackup.internal.object.ObjectId;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Seals the records of packs. Not thread-safe. The work buffer grows to the largest record and stays. */
final class RecordSealer {
    private final FreshKeys keys;
    private final SegmentedAead headers = new SegmentedAead(Domain.CHUNK_HEADER);
    private final SegmentedAead payloads = new SegmentedAead(Domain.CHUNK);
    private final byte[] header = new byte[RecordLayout.HEADER];

    /** Header and payload before sealing, as the salt is drawn over both. */
    private final Scratch scratch = new Scratch();

    RecordSealer(FreshKeys keys) {
        this.keys = keys;
    }

    /**
     * Seals a record that will lie at {@code offset} of a pack's body.
     *
     * @param references what precedes the encoded bytes in the payload
     * @return the number of bytes written to {@code target}, which is {@link RecordHeader#recordLength()}
     */
    int seal(
            ObjectId pack,
            long offset,
            RecordHeader fields,
            byte[] references,
            EncodedBytes encoded,
            byte[] target,
            int targetOffset) {
        int payload = fields.payloadLength();
        if (payload != references.length + encoded.length() || references.length != fields.referenceLength()) {
            throw new IllegalArgumentException("the header does not fit the payload");
        }
        int length = RecordLayout.HEADER + payload;
        byte[] plain = scratch.of(length);
        fields.writeTo(header);
        System.arraycopy(header, 0, plain, 0, RecordLayout.HEADER);
        System.arraycopy(references, 0, plain, RecordLayout.HEADER, references.length);
        System.arraycopy(
                encoded.bytes(), encoded.offset(), plain, RecordLayout.HEADER + references.length, encoded.length());
        byte[] salt = keys.salt(plain, 0, length);
        byte[] key = keys.key(salt, RecordLayout.context(pack, offset));
        System.arraycopy(salt, 0, target, targetOffset, RecordLayout.SALT);
        headers.seal(
                key, RecordLayout.NO_AAD, header, 0, RecordLayout.HEADER, target, targetOffset + RecordLayout.SALT);
        int sealed = payloads.seal(
                key, header, plain, RecordLayout.HEADER, payload, target, targetOffset + RecordLayout.PAYLOAD);
        Arrays.fill(key, (byte) 0);
        return RecordLayout.PAYLOAD + sealed;
    }

    /** Seals the trailer that will lie at {@code offset} of a pack's body. */
    void seal(ObjectId pack, long offset, Trailer trailer, byte[] target, int targetOffset) {
        byte[] fields = trailer.toBytes();
        byte[] salt = keys.salt(fields, 0, fields.length);
        byte[] key = keys.key(salt, RecordLayout.trailerContext(pack, offset));
        ByteBuffer.wrap(target, targetOffset, RecordLayout.SALT).put(salt);
        headers.seal(key, RecordLayout.NO_AAD, fields, 0, fields.length, target, targetOffset + RecordLayout.SALT);
        Arrays.fill(key, (byte) 0);
    }
}
