package io.crmbackup.internal.index;

import io.crmbackup.internal.hash.ChunkId;
import java.util.Arrays;
import java.util.function.Consumer;

/** The newest rows, in the heap: an array of rows and a hash table of their numbers. Guarded by the index's lock. */
final class RecentRows {
    private static final int FIRST_CAPACITY = 1 << 10;

    /** Bits that a row's number takes in a sort key; more rows are never held. */
    private static final int NUMBER_BITS = 20;

    private final int most;
    private byte[] rows = new byte[FIRST_CAPACITY * Rows.LENGTH];
    private int[] table = new int[FIRST_CAPACITY * 2];
    private int count;

    RecentRows(int most) {
        if (most < 1 || most > 1 << NUMBER_BITS) {
            throw new IllegalArgumentException("rows in the heap: " + most);
        }
        this.most = most;
    }

    int count() {
        return count;
    }

    boolean isFull() {
        return count == most;
    }

    /** Whether there is a row of the same copy. */
    boolean contains(byte[] row) {
        int mask = table.length - 1;
        for (int slot = hash(row, 0) & mask; table[slot] != 0; slot = slot + 1 & mask) {
            int at = (table[slot] - 1) * Rows.LENGTH;
            if (Arrays.equals(rows, at, at + Rows.COPY, row, 0, Rows.COPY)) {
                return true;
            }
        }
        return false;
    }

    void add(byte[] row) {
        if ((count + 1) * Rows.LENGTH > rows.length) {
            grow();
        }
        System.arraycopy(row, 0, rows, count * Rows.LENGTH, Rows.LENGTH);
        table[free(row, 0)] = ++count;
    }

    /** Hands out each row of a chunk. */
    void find(byte[] id, Consumer<byte[]> consumer) {
        int mask = table.length - 1;
        for (int slot = hash(id, 0) & mask; table[slot] != 0; slot = slot + 1 & mask) {
            int at = (table[slot] - 1) * Rows.LENGTH;
            if (Arrays.equals(rows, at, at + ChunkId.LENGTH, id, 0, ChunkId.LENGTH)) {
                consumer.accept(Arrays.copyOfRange(rows, at, at + Rows.LENGTH));
            }
        }
    }

    /** Hands out all rows, ordered by their bytes; the array is the same each time. */
    void sorted(Consumer<byte[]> consumer) {
        byte[] row = new byte[Rows.LENGTH];
        for (int number : order()) {
            System.arraycopy(rows, number * Rows.LENGTH, row, 0, Rows.LENGTH);
            consumer.accept(row);
        }
    }

    /** Sorts primitive keys of the rows' first bits and their numbers, then the few rows that agree in those bits. */
    private int[] order() {
        long[] keys = new long[count];
        for (int i = 0; i < count; i++) {
            long prefix = Segment.prefix(rows, i * Rows.LENGTH);
            keys[i] = (prefix >>> NUMBER_BITS << NUMBER_BITS | i) ^ Long.MIN_VALUE;
        }
        Arrays.sort(keys);
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int number = (int) (keys[i] & (1 << NUMBER_BITS) - 1);
            int at = i;
            for (; at > 0 && compare(order[at - 1], number) > 0; at--) {
                order[at] = order[at - 1];
            }
            order[at] = number;
        }
        return order;
    }

    private int compare(int left, int right) {
        int l = left * Rows.LENGTH;
        int r = right * Rows.LENGTH;
        return Arrays.compareUnsigned(rows, l, l + Rows.LENGTH, rows, r, r + Rows.LENGTH);
    }

    private void grow() {
        rows = Arrays.copyOf(rows, rows.length * 2);
        table = new int[table.length * 2];
        for (int number = 1; number <= count; number++) {
            table[free(rows, (number - 1) * Rows.LENGTH)] = number;
        }
    }

    private int free(byte[] source, int at) {
        int mask = table.length - 1;
        int slot = hash(source, at) & mask;
        while (table[slot] != 0) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    /** Bits of the id that are evenly distributed and not those that order it. */
    private static int hash(byte[] source, int at) {
        return (int) Segment.prefix(source, at + 8);
    }
}
