package io.crmbackup.internal.tree;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** A table with number keys that leave gaps, and rows of 80 to 400 bytes. */
final class Rows {
    /** Distance of neighbouring keys. */
    static final long GAP = 256;

    private Rows() {}

    static byte[] key(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    static byte[] value(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] value = new byte[80 + random.nextInt(321)];
        random.nextBytes(value);
        return value;
    }

    static TreeRoot build(TreeParameters parameters, MemoryChunks chunks, int from, int to) {
        TreeBuilder builder = new TreeBuilder(parameters, chunks);
        IntStream.range(from, to).forEach(i -> builder.add(key(i * GAP), value(i)));
        return builder.finish();
    }
}
