package io.crmbackup.spi;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of an object to be put: their length is known, and they can be read several times. */
public interface SinkContent {
    /** Number of bytes, at least 0. */
    long length();

    /** Opens the bytes from the beginning; the caller closes the stream. */
    InputStream open() throws IOException;

    /**
     * Reads all bytes into memory, for sinks that keep small objects or have no other way.
     *
     * @throws IOException if there are fewer or more bytes than {@link #length()} says
     */
    default byte[] readBytes() throws IOException {
        if (length() > Integer.MAX_VALUE - 8) {
            throw new IOException("a content of " + length() + " bytes can't be held in memory");
        }
        try (InputStream in = open()) {
            byte[] bytes = in.readNBytes((int) length());
            if (bytes.length != length() || in.read() >= 0) {
                throw new IOException("the content does not have the " + length() + " bytes that it says");
            }
            return bytes;
        }
    }

    /** A content that is an array, which must not change meanwhile. */
    static SinkContent of(byte[] bytes) {
        return of(bytes, bytes.length);
    }

    /** A content that is the first {@code length} bytes of an array, which must not change meanwhile. */
    static SinkContent of(byte[] bytes, int length) {
        if (length < 0 || length > bytes.length) {
            throw new IllegalArgumentException("length " + length + " is not within 0.." + bytes.length);
        }
        return new SinkContent() {
            @Override
            public long length() {
                return length;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(bytes, 0, length);
            }
        };
    }
}
