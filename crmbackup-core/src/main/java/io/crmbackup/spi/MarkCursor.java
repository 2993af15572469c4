package io.crmbackup.spi;

import java.io.Closeable;
import java.io.IOException;

/**
 * Goes through a collection's marks: what a source leaves with a capture to recognise changes in a later one. Used by one thread; starts before
 * the first mark.
 *
 * <p>A mark is a key of 1 to {@value #LONGEST_KEY} bytes and a value of 1 to {@value #LONGEST_VALUE}; keys ascend, compared unsigned. What they
 * mean is the source's own business. They are kept encrypted as all that is stored.
 */
public interface MarkCursor extends Closeable {
    /** The most bytes of a mark's key. */
    int LONGEST_KEY = 512;

    /** The most bytes of a mark's value. */
    int LONGEST_VALUE = 4096;

    /** Goes to the next mark; false at the end. */
    boolean next() throws IOException;

    /** The mark's key, which the caller must not change. */
    byte[] key() throws IOException;

    /** The mark's value, which the caller must not change. */
    byte[] value() throws IOException;

    /** No marks. */
    static MarkCursor none() {
        return new MarkCursor() {
            @Override
            public boolean next() {
                return false;
            }

            @Override
            public byte[] key() {
                throw new IllegalStateException("there is no mark");
            }

            @Override
            public byte[] value() {
                throw new IllegalStateException("there is no mark");
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
    }
}
