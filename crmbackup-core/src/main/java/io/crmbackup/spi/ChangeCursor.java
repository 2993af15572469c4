package io.crmbackup.spi;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Goes through the records of a collection that differ between two snapshots, ordered by key, to undo what happened between them. Used by one
 * thread at a time; starts before the first record.
 */
public interface ChangeCursor extends Closeable {
    /** Goes to the next record; false at the end. */
    boolean next() throws IOException;

    /** The record's key. */
    RecordKey key() throws IOException;

    /**
     * The values to go back to, one for each field of the collection's schema; empty if the record was not there. Contents can be opened until
     * the cursor moves on.
     */
    Optional<List<FieldValue>> before() throws IOException;

    /**
     * The values that the record had after what is to be undone, for the same fields; empty if the record was gone. A field that did not exist
     * then has no value. Contents can be opened until the cursor moves on.
     */
    Optional<List<FieldValue>> after() throws IOException;
}
