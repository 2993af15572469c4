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
