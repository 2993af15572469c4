package io.crmbackup.internal.tree;

import io.crmbackup.internal.hash.ChunkId;
import java.nio.ByteBuffer;

/**
 * Refers to a value that is stored out of line. Always {@value #BYTES} bytes when it stands in a record: length (8 bytes, big endian),
 * depth (1 byte), root (32 bytes). Immutable.
 *
 * @param length the value's length in bytes
 * @param depth how many levels of pages there are; 0 if the root is the value's only piece
 * @param root the root page or the only piece; 32 zero bytes if the value is empty
 */
public record BlobRef(long length, int depth, ChunkId root) {
    /** How many bytes {@link #toBytes()} gives. */
    public static final int BYTES = Long.BYTES + 1 + ChunkId.LENGTH;

    /** The value without bytes. */
    public static final BlobRef EMPTY = new BlobRef(0, 0, ChunkId.of(new byte[ChunkId.LENGTH]));

    /** More levels than a value of 2^63 bytes can need. */
    static final int DEEPEST = 12;

    /** Checks the ranges. */
    public BlobRef {
        if (length < 0) {
            throw new IllegalArgumentException("a value has at least 0 bytes, not " + length);
        }
        if (depth < 0 || depth > DEEPEST || length == 0 && depth > 0) {
            throw new IllegalArgumentException(
                    "a value of " + length + " bytes can't have " + depth + " levels of pages");
        }
    }

    /**
     * Reads what {@link #toBytes()} wrote.
     *
     * @throws IllegalArgumentException if the bytes are none that it writes
     */
    public static BlobRef of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a reference to a value has " + BYTES + " bytes, not " + bytes.length);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        BlobRef ref = new BlobRef(in.getLong(), in.get(), ChunkId.at(bytes, in.position()));
        if (ref.isEmpty() && !ref.equals(EMPTY)) {
            throw new IllegalArgumentException("a value without bytes has no chunk");
        }
        return ref;
    }

    /** Whether the value has no bytes, and so no chunk. */
    public boolean isEmpty() {
        return length == 0;
    }

    /** The reference as it stands in a record. */
    public byte[] toBytes() {
        byte[] bytes = new byte[BYTES];
        ByteBuffer out = ByteBuffer.wrap(bytes).putLong(length).put((byte) depth);
        root.copyTo(bytes, out.position());
        return bytes;
    }
}
