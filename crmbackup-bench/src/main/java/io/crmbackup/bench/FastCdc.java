package io.crmbackup.bench;

import io.crmbackup.internal.chunk.PieceConsumer;
import java.util.SplittableRandom;

/**
 * FastCDC with normalised chunking at level 2 (Xia and others, "The Design of Fast Content-Defined Chunking for Data Deduplication Based Storage Systems",
 * TPDS 2020): the rolling gear hash that most peers use, as plain Java over one array. Sizes 16, 64 and 256 KiB.
 */
final class FastCdc {
    private static final int MIN = 16 << 10;
    private static final int NORMAL = 64 << 10;
    private static final int MAX = 256 << 10;
    private static final long STRICT = -1L << (64 - 18);
    private static final long LOOSE = -1L << (64 - 14);

    private final long[] gear = new SplittableRandom(42).longs(256).toArray();

    void chunk(byte[] bytes, PieceConsumer pieces) {
        for (int from = 0; from < bytes.length; ) {
            int length = cut(bytes, from, Math.min(MAX, bytes.length - from));
            pieces.accept(bytes, from, length);
            from += length;
        }
    }

    private int cut(byte[] bytes, int from, int most) {
        if (most <= MIN) {
            return most;
        }
        long hash = 0;
        int i = from + MIN;
        int normal = from + Math.min(NORMAL, most);
        for (; i < normal; i++) {
            hash = (hash << 1) + gear[bytes[i] & 0xff];
            if ((hash & STRICT) == 0) {
                return i + 1 - from;
            }
        }
        for (int end = from + most; i < end; i++) {
            hash = (hash << 1) + gear[bytes[i] & 0xff];
            if ((hash & LOOSE) == 0) {
                return i + 1 - from;
            }
        }
        return most;
    }
}
