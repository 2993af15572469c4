package io.crmbackup.internal.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import java.util.Arrays;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encodes chunks with zstd, or leaves them as they are where that gains less than 3 %. Holds native memory until closed, and one buffer
 * that grows to the largest chunk. Not thread-safe: one instance per thread.
 *
 * <p>Bytes that look random are first tried at level 1, which passes over them at several times the speed of level 3; only if that finds
 * something to gain, level 3 has its turn.
 */
public final class ChunkEncoder implements AutoCloseable {
    /** What an encoder does with its result before handing it out. */
    public enum Check {
        /** Decodes it again and compares. */
        DECODE_AND_COMPARE,
        /** Nothing. */
        NONE
    }

    private static final Logger LOG = LoggerFactory.getLogger(ChunkEncoder.class);
    private static final int LEVEL = 3;
    private static final int PROBE_LEVEL = 1;

    /** Shorter chunks can't gain what a frame costs. */
    private static final int SMALLEST = 32;

    private final Check check;
    private final ZstdCompressCtx context = new ZstdCompressCtx();
    private final ChunkDecoder decoder = new ChunkDecoder();
    private byte[] buffer = new byte[0];

    /** Creates an encoder. */
    public ChunkEncoder(Check check) {
        this.check = check;
    }

    /**
     * Encodes plain bytes, at most {@link ChunkCodec#MAX_PLAIN_LENGTH}. The result is valid until the next call; with {@link
     * ChunkCodec#RAW} it is the given array itself.
     */
    public EncodedBytes encode(byte[] plain, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, plain.length);
        if (length > ChunkCodec.MAX_PLAIN_LENGTH) {
            throw new IllegalArgumentException(
                    "a chunk has at most " + ChunkCodec.MAX_PLAIN_LENGTH + " bytes, not " + length);
        }
        EncodedBytes raw = new EncodedBytes(ChunkCodec.RAW, plain, offset, length);
        if (length < SMALLEST) {
            return raw;
        }
        if (RandomnessProbe.looksRandom(plain, offset, length)
                && !gains(compress(PROBE_LEVEL, plain, offset, length), length)) {
            return raw;
        }
        int encoded = compress(LEVEL, plain, offset, length);
        if (!gains(encoded, length)) {
            return raw;
        }
        EncodedBytes result = new EncodedBytes(ChunkCodec.ZSTD, buffer, 0, encoded);
        if (check == Check.DECODE_AND_COMPARE && !decodesTo(result, plain, offset, length)) {
            LOG.warn("zstd encoded a chunk of {} bytes to something else; stored it uncompressed", length);
            return raw;
        }
        return result;
    }

    private static boolean gains(int encoded, int length) {
        return encoded <= length - length / 32;
    }

    private int compress(int level, byte[] plain, int offset, int length) {
        int bound = (int) Zstd.compressBound(length);
        if (buffer.length < bound) {
            buffer = new byte[bound];
        }
        try {
            context.setLevel(level);
            return context.compressByteArray(buffer, 0, buffer.length, plain, offset, length);
        } catch (ZstdException e) {
            LOG.warn("zstd refused to compress a chunk of {} bytes; stored it uncompressed", length, e);
            return Integer.MAX_VALUE;
        }
    }

    private boolean decodesTo(EncodedBytes encoded, byte[] plain, int offset, int length) {
        try {
            byte[] decoded = decoder.decode(encoded.codec(), encoded.bytes(), 0, encoded.length(), length);
            return Arrays.equals(decoded, 0, length, plain, offset, offset + length);
        } catch (MalformedEncodingException e) {
            return false;
        }
    }

    @Override
    public void close() {
        context.close();
        decoder.close();
    }
}
