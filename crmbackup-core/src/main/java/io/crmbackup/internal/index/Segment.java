package io.crmbackup.internal.index;

import io.crmbackup.internal.hash.ChunkId;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Rows in a mapped file, ordered by their bytes. Immutable, thread-safe. */
final class Segment {
    /** Rows in a region of the file, since one mapping has less than 2 GiB. */
    static final int REGION_ROWS = 1 << 24;

    /** Guesses before plain halving: ids that are not uniform must not make a look-up slow. */
    private static final int GUESSES = 12;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final List<MappedByteBuffer> regions;
    private final long count;

    Segment(List<MappedByteBuffer> regions, long count) {
        this.regions = List.copyOf(regions);
        this.count = count;
    }

    static long prefix(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at);
    }

    long count() {
        return count;
    }

    /** Copies row number {@code index} to {@code target}. */
    void row(long index, byte[] target) {
        regions.get((int) (index / REGION_ROWS)).get((int) (index % REGION_ROWS) * Rows.LENGTH, target);
    }

    /** Hands out each row of a chunk. */
    void find(byte[] id, Consumer<byte[]> consumer) {
        byte[] row = new byte[Rows.LENGTH];
        for (long i = first(id, row); i < count; i++) {
            row(i, row);
            if (!Arrays.equals(row, 0, ChunkId.LENGTH, id, 0, ChunkId.LENGTH)) {
                return;
            }
            consumer.accept(row.clone());
        }
    }

    /** Number of the first row whose id is not less than {@code id}. */
    private long first(byte[] id, byte[] row) {
        long low = 0;
        long high = count;
        double wanted = unsigned(prefix(id, 0));
        double lowKey = 0;
        double highKey = 0x1p64;
        for (int step = 0; low < high; step++) {
            long middle = low + (high - low) / 2;
            if (step < GUESSES && highKey > lowKey) {
                long guess = low + (long) ((high - low) * ((wanted - lowKey) / (highKey - lowKey)));
                middle = Math.max(low, Math.min(high - 1, guess));
            }
            row(middle, row);
            double key = unsigned(prefix(row, 0));
            if (Arrays.compareUnsigned(row, 0, ChunkId.LENGTH, id, 0, ChunkId.LENGTH) < 0) {
                low = middle + 1;
                lowKey = key;
            } else {
                high = middle;
                highKey = key;
            }
        }
        return low;
    }

    private static double unsigned(long value) {
        return (value >>> 1) * 2.0 + (value & 1);
    }
}
