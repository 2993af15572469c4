package io.crmbackup.internal.codec;

import java.util.Arrays;

/**
 * Where the entries of a leaf lie, and the fields of those that are rows: values with flags 0 and as many fields as the first row has. The arrays grow to the largest leaf
 * and stay. Not thread-safe.
 */
final class LeafRows {
    /** The bytes that say where a value lies that lies apart. */
    static final int APART_LENGTH = 41;

    private static final int WIDTH = 4;

    private final NumberCursor in = new NumberCursor();

    /** For each entry: where its key begins and ends, where its value ends, and which row it is, or -1. */
    private int[] entries = {};

    /** Row by row where its fields begin, and where the last one ends. */
    private int[] places = new int[1024];

    private int count;
    private int fields;
    private int rows;

    /** Finds the entries; returns whether these bytes are a leaf and at least half of its entries are rows. */
    boolean find(byte[] leaf, int offset, int length) {
        fields = 0;
        rows = 0;
        in.reset(leaf, offset, offset + length);
        long level = in.number();
        long number = in.number();
        if (level != 0 || number < 1 || number > length / 2) {
            return false;
        }
        count = (int) number;
        if (entries.length < WIDTH * count) {
            entries = new int[WIDTH * count];
        }
        for (int i = 0; i < count; i++) {
            int keyLength = in.skipped();
            int keyEnd = in.position();
            int valueLength = in.skipped();
            if (keyLength < 0 || valueLength < 0) {
                return false;
            }
            int valueEnd = in.position();
            entries[WIDTH * i] = keyEnd - keyLength;
            entries[WIDTH * i + 1] = keyEnd;
            entries[WIDTH * i + 2] = valueEnd;
            entries[WIDTH * i + 3] = findFields(leaf, valueEnd - valueLength, valueEnd) ? rows++ : -1;
        }
        return in.left() == 0 && rows > 0 && rows >= count - rows;
    }

    /** Written out without calls: it runs over each field of each row. */
    private boolean findFields(byte[] leaf, int begin, int end) {
        if (begin == end || leaf[begin] != 0) {
            return false;
        }
        int expected = rows == 0 ? end - begin : fields;
        int first = rows * (fields + 1);
        if (places.length - first < expected + 1) {
            places = Arrays.copyOf(places, Math.max(2 * places.length, first + expected + 1));
        }
        int[] to = places;
        int found = 0;
        int at = begin + 1;
        while (at < end) {
            if (found == expected) {
                return false;
            }
            to[first + found++] = at;
            int number = leaf[at++];
            if (number < 0) {
                // No field of a row has a length of more than two bytes.
                int high = at < end ? leaf[at++] : 0;
                if (high <= 0) {
                    return false;
                }
                number = number & 0x7f | high << 7;
            }
            at += number > 1 ? number - 2 : number * APART_LENGTH;
        }
        to[first + found] = end;
        if (rows == 0) {
            fields = found;
        }
        return at == end && found > 0 && found == fields;
    }

    int count() {
        return count;
    }

    int rows() {
        return rows;
    }

    int fields() {
        return fields;
    }

    int keyBegin(int entry) {
        return entries[WIDTH * entry];
    }

    int keyEnd(int entry) {
        return entries[WIDTH * entry + 1];
    }

    int valueEnd(int entry) {
        return entries[WIDTH * entry + 2];
    }

    boolean isRow(int entry) {
        return entries[WIDTH * entry + 3] >= 0;
    }

    /** Where a field of a row begins, with the number that tells its length; for {@code field == fields()} where the row ends. */
    int place(int row, int field) {
        return places[row * (fields + 1) + field];
    }
}
