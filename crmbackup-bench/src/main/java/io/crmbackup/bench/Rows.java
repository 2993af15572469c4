package io.crmbackup.bench;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** A table of rows of 250 bytes with ascending numbers as keys, and its next version in which some rows differ. */
final class Rows {
    private static final int ROW = 250;

    private Rows() {}

    static byte[] key(int id) {
        return ByteBuffer.allocate(Long.BYTES).putLong(id).array();
    }

    static byte[] row(int id, int version) {
        byte[] row = new byte[ROW];
        new SplittableRandom(31L * id + version).nextBytes(row);
        return row;
    }

    /** Distinct row numbers in ascending order. */
    static int[] some(int rows, int count) {
        return new SplittableRandom(9)
                .ints(0, rows)
                .distinct()
                .limit(count)
                .sorted()
                .toArray();
    }
}
