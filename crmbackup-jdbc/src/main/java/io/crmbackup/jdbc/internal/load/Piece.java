package io.crmbackup.jdbc.internal.load;

import io.crmbackup.jdbc.internal.dialect.LoadedRows;
import io.crmbackup.spi.EncodedRow;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The next records of a collection, up to a number of bytes: as much as is loaded in one transaction. Not thread-safe. */
final class Piece implements LoadedRows {
    private final RecordCursor cursor;
    private final boolean first;
    private final long mostBytes;
    private long rows;
    private long bytes;
    private boolean atEnd;

    Piece(RecordCursor cursor, boolean first, long mostBytes) {
        this.cursor = cursor;
        this.first = first;
        this.mostBytes = mostBytes;
    }

    @Override
    public boolean areFirst() {
        return first;
    }

    @Override
    public boolean next() throws IOException {
        if (bytes >= mostBytes) {
            return false;
        }
        if (!cursor.next()) {
            atEnd = true;
            return false;
        }
        rows++;
        return true;
    }

    @Override
    public @Nullable EncodedRow rowAtHand() throws IOException {
        EncodedRow row = cursor.rowAtHand();
        bytes += row == null ? 0 : row.length();
        return row;
    }

    @Override
    public List<FieldValue> values() throws IOException {
        List<FieldValue> values = cursor.values();
        bytes += values.size();
        for (FieldValue value : values) {
            bytes += Math.max(0, value.length());
        }
        return values;
    }

    long rows() {
        return rows;
    }

    /** Whether there are no records behind it. */
    boolean isLast() {
        return atEnd;
    }
}
