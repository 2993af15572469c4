package io.crmbackup.spi;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** A large value that is read as a stream, when it is needed. */
@FunctionalInterface
public interface FieldContent {
    /**
     * Opens the value from its beginning; the caller closes the stream. Whether it can be opened again and at what times is said by whoever
     * hands it out.
     */
    InputStream open() throws IOException;

    /**
     * The same, with bytes at hand that may be similar: whoever can tell which parts are equal takes these from there, and fetches only the
     * others. What is read is the value in any case.
     */
    default InputStream open(BytesAtHand similar) throws IOException {
        return open();
    }

    /** Whether the bytes at hand are this value, byte by byte and no more; whoever can tell without fetching the value does not fetch it. */
    default boolean isEqualTo(BytesAtHand other) throws IOException {
        byte[] mine = new byte[1 << 16];
        byte[] theirs = new byte[mine.length];
        try (InputStream in = open()) {
            long position = 0;
            int length;
            while ((length = in.readNBytes(mine, 0, mine.length)) > 0) {
                if (other.readFully(position, theirs, 0, length) < length
                        || !Arrays.equals(mine, 0, length, theirs, 0, length)) {
                    return false;
                }
                position += length;
            }
            return other.read(position, theirs, 0, 1) < 0;
        }
    }
}
