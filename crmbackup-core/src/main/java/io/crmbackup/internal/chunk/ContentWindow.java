package io.crmbackup.internal.chunk;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The part of a content that is in memory: an array that slides over it, and grows to its capacity as contents need it. */
final class ContentWindow {
    private static final int FIRST_LENGTH = 64 * 1024;

    private final int capacity;
    private final int slice;
    private byte[] bytes;
    private long start;
    private int length;

    /** A window that takes new bytes as long as at most half of {@code capacity} is to be kept. */
    ContentWindow(int capacity) {
        this.capacity = capacity;
        slice = capacity / 4;
        bytes = new byte[Math.min(capacity, FIRST_LENGTH)];
    }

    void clear() {
        start = 0;
        length = 0;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Where a position of the content is in the array. */
    int index(long position) {
        return (int) (position - start);
    }

    /** The position after the last byte. */
    long end() {
        return start + length;
    }

    /** Makes room for new bytes if need be, by dropping those before {@code position}. */
    void keepFrom(long position) {
        if (capacity - length < slice) {
            int dropped = index(position);
            System.arraycopy(bytes, dropped, bytes, 0, length - dropped);
            start = position;
            length -= dropped;
        }
    }

    /** Takes some of the bytes and returns how many. */
    int append(byte[] source, int offset, int available) {
        int taken = Math.min(available, slice);
        grow(taken);
        System.arraycopy(source, offset, bytes, length, taken);
        length += taken;
        return taken;
    }

    /** Reads once from a stream; false at its end. */
    boolean read(InputStream in) throws IOException {
        if (length == bytes.length) {
            grow(1);
        }
        int taken = in.read(bytes, length, Math.min(slice, bytes.length - length));
        if (taken < 0) {
            return false;
        }
        length += taken;
        return true;
    }

    private void grow(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.min(capacity, Math.max(length + more, 2 * bytes.length)));
        }
    }
}
