package io.crmbackup.internal.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDictCompress;
import com.github.luben.zstd.ZstdException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encodes chunks with zstd, alone or with the help of another chunk, or leaves them as they are where that gains less than 3 %. Holds
 * native memory until closed, three buffers that grow to the largest chunk, two that grow to the largest leaf in columns, and the last dictionary. Not thread-safe: one instance per thread.
 *
 * <p>Bytes that look random are first tried at level 1, which passes over them at several times the speed of level 3; only if that finds
 * something to gain, level 3 has its turn. What looks random alone may still be all but equal to another chunk, so that deltas are tried
 * with any bytes.
 */
public final class ChunkEncoder implements AutoCloseable {
    /** What an encoder does with its result before handing it out. */
    public enum Check {
        /** Decodes it again and compares. */
        DECODE_AND_COMPARE,
        /** Nothing. */
        NONE
    }

    static final int LEVEL = 3;

    private static final Logger LOG = LoggerFactory.getLogger(ChunkEncoder.class);
    private static final int PROBE_LEVEL = 1;

    private static final byte[] NOTHING = {};

    /** Shorter chunks can't gain what a frame costs. */
    private static final int SMALLEST = 32;

    /** The smallest window that zstd knows, as a power of two. */
    private static final int SMALLEST_WINDOW = 10;

    /** Longest base that level 3 takes in as a whole. */
    private static final int LONGEST_IN_DEFAULT_TABLE = 1 << 20;

    /** Leaves whose columns are shorter on average, having few rows of many fields, are as short in rows. */
    private static final int SHORTEST_COLUMN = 1024;

    /** Patches that have a larger share of a node are left to zstd, which also finds what is new elsewhere in the base. */
    private static final int PATCH_SHARE = 32;

    /** Shorter patches gain nothing by zstd. */
    private static final int SHORTEST_COMPRESSED_PATCH = 128;

    /** Longer leaves are too rare to keep buffers for. */
    private static final int LONGEST_IN_COLUMNS = 1 << 20;

    private final Check check;
    private final ZstdCompressCtx context = new ZstdCompressCtx();
    private final ColumnSplitter splitter = new ColumnSplitter();
    private final NodePatcher patcher = new NodePatcher();
    private final ChunkDecoder decoder = new ChunkDecoder();
    private byte[] alone = NOTHING;
    private byte[] helped = NOTHING;
    private byte[] preparedFrom = NOTHING;
    private @Nullable ZstdDictCompress prepared;

    /** Creates an encoder. */
    public ChunkEncoder(Check check) {
        this.check = check;
    }

    /**
     * Encodes plain bytes, at most {@link ChunkCodec#MAX_PLAIN_LENGTH}, without help. The result is valid until this is called again;
     * with {@link ChunkCodec#RAW} it is the given array itself.
     */
    public EncodedBytes encode(byte[] plain, int offset, int length) {
        checkRange(plain, offset, length);
        EncodedBytes raw = new EncodedBytes(ChunkCodec.RAW, plain, offset, length);
        if (length < SMALLEST) {
            return raw;
        }
        alone = fitting(alone, length);
        if (RandomnessProbe.looksRandom(plain, offset, length)
                && !gains(compress(PROBE_LEVEL, alone, plain, offset, length), length)) {
            return raw;
        }
        int encoded = compress(LEVEL, alone, plain, offset, length);
        if (!gains(encoded, length)) {
            return raw;
        }
        EncodedBytes result = new EncodedBytes(ChunkCodec.ZSTD, alone, 0, encoded);
        return decodesTo(result, null, plain, offset, length) ? result : raw;
    }

    /**
     * Encodes a leaf of a record tree without help, in columns if its records are rows. The result is valid until this or {@link #encode} is called again;
     * with {@link ChunkCodec#RAW} it is the given array itself.
     */
    public EncodedBytes encodeLeaf(byte[] plain, int offset, int length) {
        checkRange(plain, offset, length);
        if (length >= SHORTEST_COLUMN && length <= LONGEST_IN_COLUMNS) {
            ColumnSplitter.Columns columns = splitter.split(plain, offset, length);
            EncodedBytes encoded = columns == null || length / columns.count() < SHORTEST_COLUMN
                    ? null
                    : encodeColumns(columns, length);
            if (encoded != null && decodesTo(encoded, null, plain, offset, length)) {
                return encoded;
            }
        }
        return encode(plain, offset, length);
    }

    private @Nullable EncodedBytes encodeColumns(ColumnSplitter.Columns columns, int length) {
        alone = fitting(alone, length);
        int encoded = compress(LEVEL, alone, columns.bytes(), columns.begin(), columns.length());
        return gains(encoded, length) ? new EncodedBytes(ChunkCodec.ZSTD_COLUMNS, alone, 0, encoded) : null;
    }

    /**
     * Encodes plain bytes as what they differ in from another chunk's. The result is valid until the next call of this, {@link
     * #encodeNodeDelta} or {@link #encodeWith}.
     *
     * @return a {@link ChunkCodec#ZSTD_DELTA}, or null if these bytes can't be a base or nothing is gained
     */
    public @Nullable EncodedBytes encodeDelta(byte[] plain, int offset, int length, byte[] base) {
        checkRange(plain, offset, length);
        if (!ChunkDecoder.canBeBase(base) || base.length > ChunkCodec.MAX_PLAIN_LENGTH) {
            return null;
        }
        return encodeHelped(
                ChunkCodec.ZSTD_DELTA, plain, offset, length, base, () -> loadBase(base, base.length + length));
    }

    /**
     * Encodes a node of a record tree as what it differs in from another one, of the same level: as a patch if that is short, otherwise as {@link #encodeDelta} does. The result is valid until the next call of this,
     * {@link #encodeDelta} or {@link #encodeWith}.
     *
     * @return a {@link ChunkCodec#PATCH} or {@link ChunkCodec#ZSTD_DELTA}, or null if nothing is gained
     */
    public @Nullable EncodedBytes encodeNodeDelta(byte[] plain, int offset, int length, byte[] base) {
        checkRange(plain, offset, length);
        int steps = patcher.patch(plain, offset, length, base, length / PATCH_SHARE);
        if (steps != NodePatcher.NONE) {
            EncodedBytes patch = encodePatch(patcher.bytes(), steps);
            if (decodesTo(patch, base, plain, offset, length)) {
                return patch;
            }
        }
        return encodeDelta(plain, offset, length, base);
    }

    private EncodedBytes encodePatch(byte[] steps, int length) {
        helped = fitting(helped, length + 1);
        int encoded = length < SHORTEST_COMPRESSED_PATCH ? Integer.MAX_VALUE : compressPatch(steps, length);
        if (gains(encoded, length)) {
            helped[0] = ChunkDecoder.PATCH_COMPRESSED;
        } else {
            encoded = length;
            helped[0] = ChunkDecoder.PATCH_AS_IT_IS;
            System.arraycopy(steps, 0, helped, 1, length);
        }
        return new EncodedBytes(ChunkCodec.PATCH, helped, 0, 1 + encoded);
    }

    private int compressPatch(byte[] steps, int length) {
        try {
            context.setLevel(LEVEL);
            return context.compressByteArray(helped, 1, helped.length - 1, steps, 0, length);
        } catch (ZstdException e) {
            LOG.warn("zstd refused to compress a patch of {} bytes; stored it uncompressed", length, e);
            return Integer.MAX_VALUE;
        }
    }

    /**
     * Encodes plain bytes with a dictionary, in zstd's own format or any bytes as raw content. Preparing one costs more than compressing a
     * small chunk, so that the last one stays prepared as long as the same array is given. The result is valid until the next call of this,
     * {@link #encodeDelta} or {@link #encodeNodeDelta}.
     *
     * @return a {@link ChunkCodec#ZSTD_DICTIONARY}, or null if zstd refuses the dictionary or nothing is gained
     */
    public @Nullable EncodedBytes encodeWith(byte[] dictionary, byte[] plain, int offset, int length) {
        checkRange(plain, offset, length);
        return encodeHelped(
                ChunkCodec.ZSTD_DICTIONARY,
                plain,
                offset,
                length,
                dictionary,
                () -> context.loadDict(prepared(dictionary)));
    }

    @SuppressWarnings("ReferenceEquality") // Comparing the bytes each time would cost more than it saves.
    private ZstdDictCompress prepared(byte[] dictionary) {
        if (prepared == null || preparedFrom != dictionary) {
            forgetDictionary();
            prepared = new ZstdDictCompress(dictionary, LEVEL);
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

    /** Has zstd look back as far as the base begins: its window and its table are chosen by the content's length alone. */
    private void loadBase(byte[] base, int distance) {
        int reach = Integer.SIZE - Integer.numberOfLeadingZeros(distance);
        context.setLevel(LEVEL).setWindowLog(Math.max(SMALLEST_WINDOW, reach));
        if (base.length > LONGEST_IN_DEFAULT_TABLE) {
            // Of a dictionary, zstd takes in no more than the last eight bytes for each entry of its table.
            context.setHashLog(reach - 4);
        }
        context.loadDict(base);
    }

    private @Nullable EncodedBytes encodeHelped(
            ChunkCodec codec, byte[] plain, int offset, int length, byte[] other, Runnable preparation) {
        helped = fitting(helped, length);
        int encoded;
        try {
            preparation.run();
            encoded = context.compressByteArray(helped, 0, helped.length, plain, offset, length);
        } catch (ZstdException | IllegalStateException e) {
            // The latter is what it says of a dictionary that it can't prepare.
            LOG.warn("zstd refused to encode a chunk of {} bytes as {}; encoding it without help", length, codec, e);
            return null;
        } finally {
            context.reset();
        }
        if (!gains(encoded, length)) {
            return null;
        }
        EncodedBytes result = new EncodedBytes(codec, helped, 0, encoded);
        return decodesTo(result, other, plain, offset, length) ? result : null;
    }

    private static void checkRange(byte[] plain, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, plain.length);
        if (length > ChunkCodec.MAX_PLAIN_LENGTH) {
            throw new IllegalArgumentException(
                    "a chunk has at most " + ChunkCodec.MAX_PLAIN_LENGTH + " bytes, not " + length);
        }
    }

    private static boolean gains(int encoded, int length) {
        return encoded <= length - length / 32;
    }

    private static byte[] fitting(byte[] buffer, int length) {
        int bound = (int) Zstd.compressBound(length);
        return buffer.length < bound ? new byte[bound] : buffer;
    }

    private int compress(int level, byte[] target, byte[] plain, int offset, int length) {
        try {
            context.setLevel(level);
            return context.compressByteArray(target, 0, target.length, plain, offset, length);
        } catch (ZstdException e) {
            LOG.warn("zstd refused to compress a chunk of {} bytes; stored it uncompressed", length, e);
            return Integer.MAX_VALUE;
        }
    }

    /** Whether a result, if it is to be checked, gives the plain bytes again. */
    private boolean decodesTo(EncodedBytes encoded, byte @Nullable [] other, byte[] plain, int offset, int length) {
        if (check == Check.NONE) {
            return true;
        }
        try {
            if (decoder.gives(encoded, other, plain, offset, length)) {
                return true;
            }
        } catch (MalformedEncodingException e) {
            LOG.debug("encoded bytes do not decode", e);
        }
        LOG.warn(
                "a chunk of {} bytes encoded as {} decodes to something else; not using that", length, encoded.codec());
        return false;
    }

    @Override
    public void close() {
        forgetDictionary();
        context.close();
        decoder.close();
    }
}
