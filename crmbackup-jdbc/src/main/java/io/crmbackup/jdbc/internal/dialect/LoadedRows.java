package io.crmbackup.jdbc.internal.dialect;

import io.crmbackup.spi.EncodedRow;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows that are loaded into a table in one go. Used by one thread at a time; starts before the first row. */
public interface LoadedRows {
    /** Whether the table is empty, and no transaction has seen it otherwise. */
    boolean areFirst();

    /** Goes to the next row; false at the end. */
    boolean next() throws IOException;

    /** The row as {@link io.crmbackup.spi.RecordCursor#rowAtHand()} gives it; null if it has to be read by {@link #values()}. */
    default @Nullable EncodedRow rowAtHand() throws IOException {
        return null;
    }

    /** The row's values, one for each field; contents can be opened until the next row. */
    List<FieldValue> values() throws IOException;
}
