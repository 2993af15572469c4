package io.crmbackup.spi;

import java.io.IOException;
import java.io.InputStream;

/** A large value that is read as a stream, when it is needed. */
@FunctionalInterface
public interface FieldContent {
    /**
     * Opens the value from its beginning; the caller closes the stream. Whether it can be opened again and at what times is said by whoever
     * hands it out.
     */
    InputStream open() throws IOException;
}
