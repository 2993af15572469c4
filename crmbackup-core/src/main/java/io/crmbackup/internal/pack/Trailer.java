package io.crmbackup.internal.pack;

import io.crmbackup.internal.crypto.SegmentedAead;
import java.nio.ByteBuffer;

/**
 * The end of a pack: where its directory is; layout: package description.
 *
 * @param offset where the directory's record begins in the body
 * @param length length of that record
 * @param count number of entries
 */
record Trailer(long offset, int length, int count) {
    /** Length before sealing. */
    static final int PLAIN = 16;

    /** Length in the pack. */
    static final int LENGTH = RecordLayout.SALT + PLAIN + SegmentedAead.TAG;

    byte[] toBytes() {
        return ByteBuffer.allocate(PLAIN)
                .putLong(offset)
                .putInt(length)
                .putInt(count)
                .array();
    }

    static Trailer from(byte[] source) {
        ByteBuffer in = ByteBuffer.wrap(source);
        return new Trailer(in.getLong(), in.getInt(), in.getInt());
    }
}
