package io.crmbackup.internal.codec;

/**
 * Reads a part of an array from its begin. Numbers are those of leaves: seven bits a byte, lowest first, the highest bit set in all bytes but the last, no needless bytes. What
 * can't be read is {@link #NONE}, so that bytes of any kind are tried without the cost of exceptions. Not thread-safe.
 */
final class NumberCursor {
    /** There is no such number. */
    static final int NONE = -1;

    /** The most bytes of a number, which so has at most 63 bits. */
    static final int WIDEST = 9;

    private byte[] bytes = {};
    private int at;
    private int end;

    void reset(byte[] source, int from, int to) {
        bytes = source;
        at = from;
        end = to;
    }

    int position() {
        return at;
    }

    int left() {
        return end - at;
    }

    /** The number that stands here, or {@link #NONE}. */
    long number() {
        if (at < end && bytes[at] >= 0) {
            return bytes[at++];
        }
        long value = 0;
        for (int shift = 0; at < end && shift < 7 * WIDEST; shift += 7) {
            byte b = bytes[at++];
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                return b == 0 ? NONE : value;
            }
        }
        return NONE;
    }

    /** The number that stands here if so many bytes follow, which are passed over; or {@link #NONE}. */
    int skipped() {
        long length = number();
        return length >= 0 && skip(length) ? (int) length : NONE;
    }

    /** Passes over bytes and returns whether there are so many. */
    boolean skip(long count) {
        if (count < 0 || count > end - at) {
            return false;
        }
        at += (int) count;
        return true;
    }

    /** Writes a number that isn't negative and returns where it ends. */
    static int put(byte[] target, int to, long number) {
        int place = to;
        long rest = number;
        while (rest > 0x7f) {
            target[place++] = (byte) (rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        target[place++] = (byte) rest;
        return place;
    }
}
