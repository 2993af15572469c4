package io.crmbackup.internal.pack;

import io.crmbackup.internal.crypto.FreshKeys;
import io.crmbackup.internal.crypto.SegmentedAead;
import io.crmbackup.internal.object.ObjectId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Lengths of the parts of a record, and what its key is derived from; layout: package description. */
final class RecordLayout {
    /** The purpose of the keys of everything in a pack. */
    static final String PURPOSE = "pack";

    /** The salt in front. */
    static final int SALT = FreshKeys.SALT;

    /** The header before sealing. */
    static final int HEADER = 44;

    /** Salt and sealed header: where the sealed payload begins. */
    static final int PAYLOAD = SALT + HEADER + SegmentedAead.TAG;

    /** A record without payload. */
    static final int SMALLEST = PAYLOAD + SegmentedAead.TAG;

    static final byte[] NO_AAD = {};

    private static final byte[] TRAILER = "trailer".getBytes(StandardCharsets.US_ASCII);

    private RecordLayout() {}

    /** Length of a record whose payload has this many bytes before sealing. */
    static int length(int payloadLength) {
        return Math.toIntExact(PAYLOAD + SegmentedAead.sealedLength(payloadLength));
    }

    /** What the key of a record depends on besides its salt. */
    static byte[] context(ObjectId pack, long offset) {
        return ByteBuffer.allocate(ObjectId.LENGTH + 8)
                .put(pack.toBytes())
                .putLong(offset)
                .array();
    }

    /** What the key of a trailer depends on besides its salt: longer than that of a record, so never the same. */
    static byte[] trailerContext(ObjectId pack, long offset) {
        return ByteBuffer.allocate(ObjectId.LENGTH + 8 + TRAILER.length)
                .put(pack.toBytes())
                .putLong(offset)
                .put(TRAILER)
                .array();
    }
}
