package io.crmbackup.jdbc.internal.replace;

import io.crmbackup.jdbc.internal.dialect.LoadedRows;
import io.crmbackup.spi.EncodedRow;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All records of a collection as rows that are loaded, and counted. */
final class RowsOfRecords implements LoadedRows {
    private final RecordCursor records;
    private final boolean first;
    private long count;

    /**
     * Begins with the first one.
     *
     * @param first whether the table was made in the same transaction
     */
    RowsOfRecords(RecordCursor records, boolean first) {
        this.records = records;
        this.first = first;
    }

    @Override
    public boolean areFirst() {
        return first;
    }

    @Override
    public boolean next() throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while writing");
        }
        boolean found = records.next();
        count += found ? 1 : 0;
        return found;
    }

    @Override
    public @Nullable EncodedRow rowAtHand() throws IOException {
        return records.rowAtHand();
    }

    @Override
    public List<FieldValue> values() throws IOException {
        return records.values();
    }

    long count() {
        return count;
    }
}
