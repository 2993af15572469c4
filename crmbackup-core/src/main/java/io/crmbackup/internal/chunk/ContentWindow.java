package io.crmbackup.internal.chunk;

import java.io.IOException;
import java.io.InputStream;

/** The part of a content that is in memory: an array that slides over it. */
final class ContentWindow {
    private final byte[] bytes;
    private final int slice;
    private long start;
    private int length;

    /** A window that takes new bytes as long as at most half of {@code capacity} is to be kept. */
    ContentWindow(int capacity) {
        bytes = new byte[capacity];
        slice = capacity / 4;
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
        if (bytes.length - length < slice) {
            int dropped = index(position);
            System.arraycopy(bytes, dropped, bytes, 0, length - dropped);
            start = position;
            length -= dropped;
        }
    }

    /** Takes some of the bytes and returns how many. */
    int append(byte[] source, int offset, int available) {
        int taken = Math.min(available, slice);
        System.arraycopy(source, offset, bytes, length, taken);
        length += taken;
        return taken;
    }

    /** Reads once from a stream; false at its end. */
    boolean read(InputStream in) throws IOException {
        int taken = in.read(bytes, length, slice);
        if (taken < 0) {
            return false;
        }
        length += taken;
        return true;
    }
}
