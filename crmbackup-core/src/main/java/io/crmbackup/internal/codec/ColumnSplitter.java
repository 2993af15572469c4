package io.crmbackup.internal.codec;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Brings leaves of rows into columns (form: package description). The buffers grow to the largest leaf and stay. Not thread-safe.
 */
final class ColumnSplitter {
    private static final long NO_INTEGER = Long.MIN_VALUE;

    private final LeafRows rows = new LeafRows();
    private byte[] leaf = {};
    private byte[] columns = {};
    private int to;
    private int limit;

    /**
     * A leaf in columns.
     *
     * @param bytes where they stand; valid until the next leaf is split
     * @param begin where they begin there
     * @param length how many bytes they have, head and keys included
     * @param count how many they are
     */
    record Columns(byte[] bytes, int begin, int length, int count) {}

    /** The columns of a leaf; null if these bytes are no leaf of rows, or not shorter in columns. */
    @Nullable
    Columns split(byte[] plain, int offset, int length) {
        if (!rows.find(plain, offset, length)) {
            return null;
        }
        leaf = plain;
        int fields = rows.fields();
        int room = 2 * (1 + fields) * NumberCursor.WIDEST;
        // No column takes more than its fields do in the leaf, and neither do keys, with the lengths and flags of their
        // values.
        limit = room + length;
        if (columns.length < limit) {
            columns = new byte[limit];
        }
        to = room;
        putKeys();
        int[] forms = new int[fields];
        int[] lengths = new int[fields];
        for (int field = 0; field < fields; field++) {
            int begin = to;
            forms[field] = putColumn(field);
            lengths[field] = to - begin;
        }
        int begin = putHead(room, forms, lengths);
        return to - begin < length ? new Columns(columns, begin, to - begin, fields) : null;
    }

    /** Writes the head so that it ends where the keys begin, and returns where it begins. */
    private int putHead(int end, int[] forms, int[] lengths) {
        byte[] head = new byte[end];
        int length = NumberCursor.put(head, 0, rows.count());
        length = NumberCursor.put(head, length, forms.length);
        for (int field = 0; field < forms.length; field++) {
            length = NumberCursor.put(head, length, forms[field]);
            length = NumberCursor.put(head, length, lengths[field]);
        }
        System.arraycopy(head, 0, columns, end - length, length);
        return end - length;
    }

    private void putKeys() {
        int before = 0;
        int beforeEnd = 0;
        for (int i = 0; i < rows.count(); i++) {
            int key = rows.keyBegin(i);
            int keyEnd = rows.keyEnd(i);
            int valueLength = rows.isRow(i) ? 0 : rows.valueEnd(i) - keyEnd;
            long step = i == 0 ? 0 : step(before, beforeEnd, key, keyEnd);
            to = NumberCursor.put(columns, to, 2 * step + (rows.isRow(i) ? 0 : 1));
            if (step == 0) {
                to = NumberCursor.put(columns, to, keyEnd - key);
                copy(key, keyEnd);
            }
            // With its length, as it stands in the leaf.
            copy(keyEnd, keyEnd + valueLength);
            before = key;
            beforeEnd = keyEnd;
        }
    }

    /** By how much a key is above the one before; 0 if that can't be said. */
    private long step(int before, int beforeEnd, int key, int keyEnd) {
        int counted = Math.max(key, keyEnd - ColumnForm.COUNTED);
        int beforeCounted = counted - key + before;
        if (keyEnd - key != beforeEnd - before || !Arrays.equals(leaf, key, counted, leaf, before, beforeCounted)) {
            return 0;
        }
        long step = ColumnForm.bigEndian(leaf, counted, keyEnd) - ColumnForm.bigEndian(leaf, beforeCounted, beforeEnd);
        return step > 0 && step <= ColumnForm.LARGEST_STEP ? step : 0;
    }

    private int putColumn(int field) {
        int begin = to;
        if (putIntegers(field)) {
            return ColumnForm.INTEGERS;
        }
        to = begin;
        if (putText(field)) {
            return ColumnForm.TEXT;
        }
        to = begin;
        for (int row = 0; row < rows.rows(); row++) {
            copy(rows.place(row, field), rows.place(row, field + 1));
        }
        return ColumnForm.AS_IN_ROWS;
    }

    private boolean putIntegers(int field) {
        int begin = to;
        int asText = 0;
        long before = 0;
        for (int row = 0; row < rows.rows(); row++) {
            int place = rows.place(row, field);
            int end = rows.place(row, field + 1);
            long number = 0;
            if (leaf[place] != 0) {
                long value = integer(place + 1, end);
                if (value == NO_INTEGER) {
                    return false;
                }
                long difference = value - before;
                number = (difference << 1 ^ difference >> (Long.SIZE - 1)) + 1;
                before = value;
            }
            if (to + NumberCursor.WIDEST > limit) {
                return false;
            }
            to = NumberCursor.put(columns, to, number);
            asText += end - place;
        }
        return to - begin <= asText;
    }

    /** The integer whose shortest decimal form these bytes are, or {@link #NO_INTEGER}. */
    private long integer(int from, int end) {
        boolean negative = from < end && leaf[from] == '-';
        int first = negative ? from + 1 : from;
        int digits = end - first;
        if (digits < 1 || digits > ColumnForm.MOST_DIGITS || leaf[first] == '0' && end - from > 1) {
            return NO_INTEGER;
        }
        long value = 0;
        for (int i = first; i < end; i++) {
            int digit = leaf[i] - '0';
            if (digit < 0 || digit > 9) {
                return NO_INTEGER;
            }
            value = 10 * value + digit;
        }
        return negative ? -value : value;
    }

    private boolean putText(int field) {
        int begin = to;
        for (int row = 0; row < rows.rows(); row++) {
            int place = rows.place(row, field);
            switch (leaf[place]) {
                case 0 -> columns[to++] = ColumnForm.NO_VALUE;
                case 1 -> {
                    return false;
                }
                default -> {
                    int value = place;
                    while (leaf[value++] < 0) {
                        // Still in the number that tells the length.
                    }
                    copy(value, rows.place(row, field + 1));
                    columns[to++] = ColumnForm.END;
                }
            }
        }
        return Zeros.countBelowTwo(columns, begin, to) == rows.rows();
    }

    private void copy(int from, int end) {
        System.arraycopy(leaf, from, columns, to, end - from);
        to += end - from;
    }
}
