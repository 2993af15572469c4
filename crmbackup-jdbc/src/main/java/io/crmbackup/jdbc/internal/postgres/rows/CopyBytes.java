package io.crmbackup.jdbc.internal.postgres.rows;

import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCodec;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Encodes a row of COPY while going through it, eight bytes at a time: they are passed on before it is known whether the value ends among them, and what follows then takes the
 * place of those that were too many. Takes one row after the other; the buffer stays. Not thread-safe.
 */
final class CopyBytes {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOWEST = 0x0101010101010101L;
    private static final long HIGHEST = 0x8080808080808080L;
    private static final long TABS = '\t' * LOWEST;
    private static final long BACKSLASHES = '\\' * LOWEST;

    /** The longest value whose number is one byte. */
    private static final int SHORT = 0x7f - 2;

    /** Longer rows are not worth the buffer. */
    private static final int LONGEST_ROW = 1 << 16;

    private byte[] row = {};
    private int end;
    private byte[] encoded = {};
    private int at;
    private int to;
    private boolean isShort;

    /**
     * Begins a row; false if it is too long.
     *
     * @param valuesEnd where its values end
     */
    boolean begin(byte[] source, int valuesEnd) {
        row = source;
        end = valuesEnd;
        at = 0;
        to = 0;
        isShort = true;
        // A value and its tab are at most three times as long afterwards, which truth values are; and words are passed
        // on whole.
        int most = 3 * (end + 1) + 2 * Long.BYTES;
        if (end <= LONGEST_ROW && encoded.length < most) {
            encoded = new byte[2 * most];
        }
        return end <= LONGEST_ROW;
    }

    /** The first tab from a place on, or the end. */
    static int tab(byte[] row, int from, int end) {
        int place = from;
        while (place < end && row[place] != '\t') {
            place++;
        }
        return place;
    }

    boolean isAtEnd() {
        return at > end;
    }

    int position() {
        return at;
    }

    /** Whether the value that was passed on may lie in a row. */
    boolean isShort() {
        return isShort;
    }

    /** Passes on the next value as it stands; false if it doesn't stand as it is, and nothing was passed on. */
    boolean passOn() {
        int begin = to + 1;
        int place = begin;
        int from = at;
        for (; from <= end - Long.BYTES; from += Long.BYTES, place += Long.BYTES) {
            long word = (long) LONG.get(row, from);
            LONG.set(encoded, place, word);
            long found = zeros(word ^ TABS) | zeros(word ^ BACKSLASHES);
            if (found != 0) {
                int bytes = Long.numberOfTrailingZeros(found) >>> 3;
                return row[from + bytes] == '\t' && ends(begin, place + bytes, from + bytes);
            }
        }
        for (; from < end && row[from] != '\t'; from++) {
            if (row[from] == '\\') {
                return false;
            }
            encoded[place++] = row[from];
        }
        return ends(begin, place, from);
    }

    /** Sets the highest bit of the first byte that is zero, and perhaps of others after it. */
    private static long zeros(long word) {
        return word - LOWEST & ~word & HIGHEST;
    }

    private boolean ends(int begin, int place, int tab) {
        int length = place - begin;
        isShort = length <= RecordCodec.LONGEST_INLINE;
        if (length <= SHORT) {
            encoded[begin - 1] = (byte) (length + 2);
            to = place;
        } else {
            System.arraycopy(encoded, begin, encoded, begin + 1, length);
            putLong(begin - 1, length + 2);
            to = place + 1;
        }
        at = tab + 1;
        return true;
    }

    private void putLong(int place, int number) {
        encoded[place] = (byte) (number & 0x7f | 0x80);
        encoded[place + 1] = (byte) (number >>> 7);
    }

    /** Passes over the next value and returns where it ends. */
    int skip() {
        int tab = tab(row, at, end);
        at = tab + 1;
        return tab;
    }

    /** Adds a value; false if it is too long for a row. */
    boolean put(FieldValue value) {
        if (value.isNull()) {
            encoded[to++] = 0;
            return true;
        }
        byte[] bytes = value.bytes();
        if (bytes.length > RecordCodec.LONGEST_INLINE) {
            return false;
        }
        if (bytes.length <= SHORT) {
            encoded[to++] = (byte) (bytes.length + 2);
        } else {
            putLong(to, bytes.length + 2);
            to += 2;
        }
        System.arraycopy(bytes, 0, encoded, to, bytes.length);
        to += bytes.length;
        return true;
    }

    /** The values that were passed on or added. */
    byte[] encoded() {
        return Arrays.copyOf(encoded, to);
    }
}
