package io.crmbackup.spi;

import java.io.Closeable;
import java.io.IOException;

/** Goes through records' keys. Used by one thread; starts before the first. */
public interface KeyCursor extends Closeable {
    /** Goes to the next key; false at the end. */
    boolean next() throws IOException;

    /** The key; throws {@link IllegalStateException} if the cursor is at none. */
    RecordKey key() throws IOException;
}
