package io.crmbackup.spi;

import java.io.IOException;
import java.util.Objects;

/**
 * Bytes that are close by and that a value may have much in common with, such as a file that the value is to replace. What is equal need not
 * be fetched. The bytes may change at any time: nothing is taken from them that was not proved after it was read. Used by one thread at a time.
 */
@FunctionalInterface
public interface BytesAtHand {
    /**
     * Reads bytes from a position, counted from 0.
     *
     * @return how many were read, at least 1; -1 if there are none at or behind the position
     */
    int read(long position, byte[] target, int offset, int length) throws IOException;

    /** Reads until the length is reached or the bytes end; returns how many there were. */
    default int readFully(long position, byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        int total = 0;
        while (total < length) {
            int read = read(position + total, target, offset + total, length - total);
            if (read < 0) {
                break;
            }
            total += read;
        }
        return total;
    }
}
