package io.crmbackup.internal.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdDictDecompress;
import com.github.luben.zstd.ZstdException;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decodes chunks. Never allocates more than the declared plain length, which never exceeds {@link ChunkCodec#MAX_PLAIN_LENGTH}, whatever
 * the encoded bytes say. Holds native memory until closed. Not thread-safe: one instance per thread.
 */
public final class ChunkDecoder implements AutoCloseable {
    /** zstd takes bytes that begin so for a dictionary of its own format, and not for content. */
    private static final byte[] DICTIONARY_MAGIC = {0x37, (byte) 0xa4, 0x30, (byte) 0xec};

    /** The first byte of a patch whose steps follow as they are. */
    static final byte PATCH_AS_IT_IS = 0;

    /** The first byte of a patch whose steps follow as a zstd frame. */
    static final byte PATCH_COMPRESSED = 1;

    private static final byte[] NOTHING = {};

    private final ColumnJoiner joiner = new ColumnJoiner();
    private byte[] columns = NOTHING;
    private byte[] steps = NOTHING;
    private byte[] compared = NOTHING;

    private final ZstdDecompressCtx context = new ZstdDecompressCtx();
    private byte[] preparedFrom = NOTHING;
    private @Nullable ZstdDictDecompress prepared;

    /** Whether zstd would take these bytes for raw content, so that they may be the base of a delta. */
    public static boolean canBeBase(byte[] plain) {
        return plain.length < DICTIONARY_MAGIC.length
                || !Arrays.equals(plain, 0, DICTIONARY_MAGIC.length, DICTIONARY_MAGIC, 0, DICTIONARY_MAGIC.length);
    }

    /** Decodes a part of an array that needs no other chunk: {@link ChunkCodec#RAW}, {@link ChunkCodec#ZSTD} or {@link ChunkCodec#ZSTD_COLUMNS}. */
    public byte[] decode(ChunkCodec codec, byte[] encoded, int offset, int length, int plainLength)
            throws MalformedEncodingException {
        checkLength(plainLength);
        byte[] plain = new byte[plainLength];
        decodeTo(plain, codec, encoded, offset, length, plainLength);
        return plain;
    }

    private void decodeTo(byte[] plain, ChunkCodec codec, byte[] encoded, int offset, int length, int plainLength)
            throws MalformedEncodingException {
        Objects.checkFromIndexSize(offset, length, encoded.length);
        switch (codec) {
            case RAW -> {
                if (length != plainLength) {
                    throw new MalformedEncodingException(
                            "declares " + plainLength + " plain bytes but is " + length + " raw bytes");
                }
                System.arraycopy(encoded, offset, plain, 0, length);
            }
            case ZSTD -> decompressFrame(encoded, offset, length, plain, plainLength);
            case ZSTD_COLUMNS -> joinColumns(encoded, offset, length, plain, plainLength);
            default -> throw new IllegalArgumentException(codec + " needs another chunk");
        }
    }

    /**
     * Decodes a part of an array that needs another chunk's plain bytes: {@link ChunkCodec#ZSTD_DICTIONARY}, {@link
     * ChunkCodec#ZSTD_DELTA} or {@link ChunkCodec#PATCH}.
     */
    public byte[] decode(ChunkCodec codec, byte[] encoded, int offset, int length, int plainLength, byte[] other)
            throws MalformedEncodingException {
        checkLength(plainLength);
        byte[] plain = new byte[plainLength];
        decodeTo(plain, codec, encoded, offset, length, plainLength, other);
        return plain;
    }

    private void decodeTo(
            byte[] plain, ChunkCodec codec, byte[] encoded, int offset, int length, int plainLength, byte[] other)
            throws MalformedEncodingException {
        Objects.checkFromIndexSize(offset, length, encoded.length);
        if (!codec.needsBase() && !codec.needsDictionary()) {
            throw new IllegalArgumentException(codec + " needs no other chunk");
        }
        if (codec == ChunkCodec.PATCH) {
            applyPatch(encoded, offset, length, other, plain, plainLength);
            return;
        }
        if (codec == ChunkCodec.ZSTD_DELTA && !canBeBase(other)) {
            throw new MalformedEncodingException("is a delta on bytes that zstd takes for a dictionary");
        }
        try {
            if (codec == ChunkCodec.ZSTD_DICTIONARY) {
                context.loadDict(prepared(other));
            } else {
                context.loadDict(other);
            }
            decompressFrame(encoded, offset, length, plain, plainLength);
        } catch (ZstdException | IllegalStateException e) {
            throw new MalformedEncodingException("has a dictionary that zstd refuses: " + e.getMessage());
        } finally {
            context.reset();
        }
    }

    /** A dictionary prepared; the last one is kept, as preparing it costs more than decoding a small chunk. */
    @SuppressWarnings("ReferenceEquality") // Comparing the bytes each time would cost more than it saves.
    private ZstdDictDecompress prepared(byte[] dictionary) {
        if (prepared == null || preparedFrom != dictionary) {
            forgetDictionary();
            prepared = new ZstdDictDecompress(dictionary);
            preparedFrom = dictionary;
        }
        return prepared;
    }

    private void forgetDictionary() {
        if (prepared != null) {
            prepared.close();
            prepared = null;
            preparedFrom = NOTHING;
        }
    }

    /** Whether encoded bytes decode to a part of an array. Nothing is allocated for it, from the largest chunk on. */
    boolean gives(EncodedBytes encoded, byte @Nullable [] other, byte[] plain, int offset, int length)
            throws MalformedEncodingException {
        if (compared.length < length) {
            compared = new byte[length];
        }
        if (other == null) {
            decodeTo(compared, encoded.codec(), encoded.bytes(), encoded.offset(), encoded.length(), length);
        } else {
            decodeTo(compared, encoded.codec(), encoded.bytes(), encoded.offset(), encoded.length(), length, other);
        }
        return Arrays.equals(compared, 0, length, plain, offset, offset + length);
    }

    private void decompressFrame(byte[] encoded, int offset, int length, byte[] plain, int plainLength)
            throws MalformedEncodingException {
        long stated = statedLength(encoded, offset, length);
        // Negative: not stated, or no frame, which the decoder will tell.
        if (stated >= 0 && stated != plainLength) {
            throw new MalformedEncodingException(
                    "declares " + plainLength + " plain bytes, but its zstd frame says " + stated);
        }
        decompress(encoded, offset, length, plain, plainLength);
    }

    /** Columns are shorter than the leaf, so that what is allocated for them is bounded by the declared length as well. */
    private void joinColumns(byte[] encoded, int offset, int length, byte[] plain, int plainLength)
            throws MalformedEncodingException {
        long stated = statedLength(encoded, offset, length);
        if (stated < 1 || stated >= plainLength) {
            throw new MalformedEncodingException(
                    "declares " + plainLength + " plain bytes, but its columns have " + stated);
        }
        if (columns.length < stated) {
            columns = new byte[(int) stated];
        }
        decompress(encoded, offset, length, columns, (int) stated);
        joiner.join(columns, (int) stated, plain, plainLength);
    }

    /** Steps are shorter than what they make, so that what is allocated for them is bounded by the declared length as well. */
    private void applyPatch(byte[] encoded, int offset, int length, byte[] base, byte[] plain, int plainLength)
            throws MalformedEncodingException {
        if (length > 0 && encoded[offset] == PATCH_AS_IT_IS) {
            Patch.apply(encoded, offset + 1, offset + length, base, plain, plainLength);
            return;
        }
        boolean isFrame = length > 0 && encoded[offset] == PATCH_COMPRESSED;
        long stated = isFrame ? statedLength(encoded, offset + 1, length - 1) : 0;
        if (stated < 1 || stated >= plainLength) {
            throw new MalformedEncodingException(
                    "has a patch of an unknown form, or without a length below " + plainLength);
        }
        if (steps.length < stated) {
            steps = new byte[(int) stated];
        }
        decompress(encoded, offset + 1, length - 1, steps, (int) stated);
        Patch.apply(steps, 0, (int) stated, base, plain, plainLength);
    }

    /** What a frame says of its content's length; negative if it doesn't, or if it is none. The library takes no empty range. */
    private static long statedLength(byte[] encoded, int offset, int length) {
        return length == 0 ? -1 : Zstd.getFrameContentSize(encoded, offset, length);
    }

    private void decompress(byte[] encoded, int offset, int length, byte[] target, int plainLength)
            throws MalformedEncodingException {
        try {
            int decoded = context.decompressByteArray(target, 0, plainLength, encoded, offset, length);
            if (decoded != plainLength) {
                throw new MalformedEncodingException(
                        "declares " + plainLength + " plain bytes but decodes to " + decoded);
            }
        } catch (ZstdException e) {
            throw new MalformedEncodingException("does not decode: " + e.getMessage());
        }
    }

    private static void checkLength(int plainLength) throws MalformedEncodingException {
        if (plainLength < 0 || plainLength > ChunkCodec.MAX_PLAIN_LENGTH) {
            throw new MalformedEncodingException("declares " + Integer.toUnsignedString(plainLength)
                    + " plain bytes; a chunk has at most " + ChunkCodec.MAX_PLAIN_LENGTH);
        }
    }

    @Override
    public void close() {
        forgetDictionary();
        context.close();
    }
}
