package io.crmbackup.internal.pack;

import io.crmbackup.internal.codec.ChunkCodec;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The sealed header of a record; layout: package description.
 *
 * @param id the chunk, or null for a directory
 * @param type the chunk's type, or null for a directory
 * @param codec how the payload is encoded
 * @param plainLength length of the chunk, or of the directory
 * @param payloadLength length of the payload before sealing
 */
record RecordHeader(
        @Nullable ChunkId id, @Nullable ChunkType type, ChunkCodec codec, int plainLength, int payloadLength) {
    private static final byte CHUNK = 1;
    private static final byte DIRECTORY = 2;

    /** The most that a payload can have: a chunk that doesn't shrink, or a full directory. */
    private static final int MAX_PAYLOAD = ChunkCodec.MAX_PLAIN_LENGTH + BaseCopy.LENGTH;

    static RecordHeader chunk(ChunkId id, ChunkType type, ChunkCodec codec, int plainLength, int payloadLength) {
        return new RecordHeader(id, type, codec, plainLength, payloadLength);
    }

    static RecordHeader directory(int length) {
        return new RecordHeader(null, null, ChunkCodec.RAW, length, length);
    }

    boolean isDirectory() {
        return id == null;
    }

    /** Length of the whole record. */
    int recordLength() {
        return RecordLayout.length(payloadLength);
    }

    /** Length of what precedes the encoded bytes in the payload. */
    int referenceLength() {
        return switch (codec) {
            case RAW, ZSTD, ZSTD_COLUMNS -> 0;
            case ZSTD_DICTIONARY -> ChunkId.LENGTH;
            case ZSTD_DELTA, PATCH -> BaseCopy.LENGTH;
        };
    }

    void writeTo(byte[] target) {
        ByteBuffer out = ByteBuffer.wrap(target, 0, RecordLayout.HEADER);
        out.put(id == null ? new byte[ChunkId.LENGTH] : id.toBytes());
        out.put(isDirectory() ? DIRECTORY : CHUNK);
        out.put(type == null ? 0 : type.code());
        out.put(codec.code());
        out.put((byte) 0);
        out.putInt(plainLength);
        out.putInt(payloadLength);
    }

    /** Reads an authenticated header; throws {@link IllegalArgumentException} if it says what this version doesn't know or accept. */
    static RecordHeader from(byte[] source) {
        ByteBuffer in = ByteBuffer.wrap(source, ChunkId.LENGTH, RecordLayout.HEADER - ChunkId.LENGTH);
        byte kind = in.get();
        byte type = in.get();
        ChunkCodec codec = ChunkCodec.of(in.get());
        byte reserved = in.get();
        int plainLength = in.getInt();
        int payloadLength = in.getInt();
        if (reserved != 0) {
            throw new IllegalArgumentException("has a header field that this version does not know");
        }
        if (plainLength < 0 || plainLength > ChunkCodec.MAX_PLAIN_LENGTH) {
            throw new IllegalArgumentException("declares " + Integer.toUnsignedString(plainLength)
                    + " plain bytes; at most " + ChunkCodec.MAX_PLAIN_LENGTH + " are accepted");
        }
        if (payloadLength < 0 || payloadLength > MAX_PAYLOAD) {
            throw new IllegalArgumentException("declares a payload of " + Integer.toUnsignedString(payloadLength)
                    + " bytes; at most " + MAX_PAYLOAD + " are accepted");
        }
        RecordHeader header = switch (kind) {
            case CHUNK -> chunk(ChunkId.at(source, 0), ChunkType.of(type), codec, plainLength, payloadLength);
            case DIRECTORY -> new RecordHeader(null, null, codec, plainLength, payloadLength);
            default -> throw new IllegalArgumentException("is of the unknown kind " + kind);
        };
        if (payloadLength < header.referenceLength()) {
            throw new IllegalArgumentException("has a payload too short for codec " + codec);
        }
        return header;
    }
}
