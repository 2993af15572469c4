package io.crmbackup.internal.codec;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;

/**
 * Compresses pieces to one frame in which each has blocks of its own, unless it is very short: pieces that are unlike each other, as the columns of a table are, are so coded with tables of their own, and
 * still find what they have in common. The buffers grow to the largest input and stay. Not thread-safe.
 */
final class BlockCompressor {
    /** Shorter pieces share a block with the next one. */
    private static final int SHORTEST_BLOCK = 512;

    /** More than what a block takes beside its content. */
    private static final int BLOCK = 16;

    private final ZstdCompressCtx context;
    private ByteBuffer source = ByteBuffer.allocateDirect(0);
    private ByteBuffer target = ByteBuffer.allocateDirect(0);

    /** Creates a compressor that works with a context, and leaves it reset. */
    BlockCompressor(ZstdCompressCtx context) {
        this.context = context;
    }

    /**
     * Compresses what lies between the first wall and the last one and returns how long it is then. The frame states its content's size.
     *
     * @param walls where pieces begin and end, ascending
     * @param result takes the frame
     * @return the length of the frame, or more than the result has room for if it does not fit
     */
    int compress(int level, byte[] bytes, int[] walls, byte[] result) {
        int last = walls.length - 1;
        int length = walls[last] - walls[0];
        source = fitting(source, length);
        source.put(bytes, walls[0], length);
        target = fitting(target, (int) Zstd.compressBound(length) + BLOCK * walls.length);
        context.reset();
        try {
            context.setLevel(level);
            context.setPledgedSrcSize(length);
            source.position(0);
            for (int piece = 1; piece <= last; piece++) {
                source.limit(walls[piece] - walls[0]);
                if (piece == last) {
                    finish(EndDirective.END);
                } else if (source.remaining() >= SHORTEST_BLOCK) {
                    finish(EndDirective.FLUSH);
                }
            }
        } finally {
            context.reset();
        }
        target.flip();
        int encoded = target.limit();
        if (encoded <= result.length) {
            target.get(result, 0, encoded);
        }
        return encoded;
    }

    private void finish(EndDirective directive) {
        while (!context.compressDirectByteBufferStream(target, source, directive)) {
            if (!target.hasRemaining()) {
                throw new IllegalStateException("the target has the length that zstd asks for");
            }
        }
    }

    private static ByteBuffer fitting(ByteBuffer buffer, int length) {
        if (buffer.capacity() < length) {
            return ByteBuffer.allocateDirect(length);
        }
        buffer.clear();
        return buffer;
    }
}
