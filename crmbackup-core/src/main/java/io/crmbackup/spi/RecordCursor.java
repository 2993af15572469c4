package io.crmbackup.spi;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Goes through a collection's records. Used by one thread at a time; starts before the first record. */
public interface RecordCursor extends Closeable {
    /** Goes to the next record; false at the end. */
    boolean next() throws IOException;

    /**
     * The record's key. For a path it can't be made from the values, so the source gives it; for other records it is {@link
     * RecordKey#of(RecordSchema, List)}. Throws {@link IllegalStateException} if the collection's records have no key.
     */
    RecordKey key() throws IOException;

    /**
     * A cheap token that changes whenever the record does; empty if there is none. It may only rest on what is known without reading the
     * record's contents.
     */
    default byte[] fingerprint() throws IOException {
        return new byte[0];
    }

    /**
     * The record's values, one for each field of the schema. Contents can be opened until the cursor moves on. Calling it again reads the
     * record again where the source is one that can change meanwhile.
     */
    List<FieldValue> values() throws IOException;

    /**
     * The record's values in the bytes that {@link RecordCodec#encode} makes of {@link #values()}, if the source can give them so at less cost;
     * null otherwise. No value may lie apart in it: where one has to, it is null as well, and the values are read.
     */
    default byte @Nullable [] encodedRow() throws IOException {
        return null;
    }

    /**
     * As {@link #encodedRow()}, but in an array that may hold other bytes too, and with values that may lie apart: one that does can't be read from
     * the row, only by {@link #values()}. Restored collections give it at less cost; null where {@link #values()} have to be read anyway.
     */
    default @Nullable EncodedRow rowAtHand() throws IOException {
        byte[] row = encodedRow();
        return row == null ? null : new EncodedRow(row, 0, row.length);
    }

    /**
     * Whether what was read since the last call of {@link #values()}, {@link #encodedRow()} or {@link #rowAtHand()}, contents included, is one state of the record: false if the record
     * changed while it was read.
     */
    default boolean isStable() throws IOException {
        return true;
    }
}
