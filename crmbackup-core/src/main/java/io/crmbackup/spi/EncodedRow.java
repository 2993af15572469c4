package io.crmbackup.spi;

import java.util.Objects;

/**
 * A record's values in the bytes of {@link RecordCodec#encode}, among other bytes that are none of the row's. The array belongs to who gives it: it must not
 * be changed, and holds the row until the cursor moves on. Values may lie apart.
 */
public final class EncodedRow {
    private final byte[] bytes;
    private final int begin;
    private final int end;

    /** The row from {@code begin} to {@code end}, which is exclusive; the array is not copied. */
    public EncodedRow(byte[] bytes, int begin, int end) {
        Objects.checkFromToIndex(begin, end, bytes.length);
        this.bytes = bytes;
        this.begin = begin;
        this.end = end;
    }

    /** The array that the row is in. */
    public byte[] bytes() {
        return bytes;
    }

    /** Where the row's first byte is. */
    public int begin() {
        return begin;
    }

    /** Where the row's bytes are over. */
    public int end() {
        return end;
    }

    /** How many bytes the row has. */
    public int length() {
        return end - begin;
    }

    /** Whether it consists of so many values, none of which lies apart. */
    public boolean isWhole(int fields) {
        int at = begin;
        for (int field = fields; field > 0; field--) {
            if (at >= end) {
                return false;
            }
            int number = bytes[at++];
            if (number < 0) {
                // No value that lies in the row has a length of more than two bytes.
                if (at >= end || bytes[at] <= 0) {
                    return false;
                }
                number = number & 0x7f | bytes[at++] << 7;
            }
            int size = Math.max(0, number - 2);
            if (number == 1 || size > end - at) {
                return false;
            }
            at += size;
        }
        return at == end;
    }
}
