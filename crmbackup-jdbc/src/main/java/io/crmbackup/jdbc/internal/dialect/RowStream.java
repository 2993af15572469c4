package io.crmbackup.jdbc.internal.dialect;

import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Rows of one table as the server sends them. Used by one thread at a time. */
public interface RowStream extends AutoCloseable {
    /** The next row; null after the last one. Its values may be taken apart only when they are asked for. */
    @Nullable
    Row next() throws IOException, SQLException;

    /** Ends the stream; the transaction goes on, however many rows were not read. */
    @Override
    void close() throws IOException, SQLException;

    /** A row. */
    @FunctionalInterface
    interface Row {
        /** Its values, in the order of the columns; called once, after the rest. */
        FieldValue[] values() throws IOException, SQLException;

        /** One of its values, if that can be had without the others; null otherwise. */
        default @Nullable FieldValue value(int index) throws IOException, SQLException {
            return null;
        }

        /** As {@link io.crmbackup.spi.RecordCursor#encodedRow()}. */
        default byte @Nullable [] encoded() throws IOException, SQLException {
            return null;
        }

        /** The same row for as long as it is wanted, where this one ends with the next. */
        default LastingRow lasting() throws IOException, SQLException {
            FieldValue[] values = values();
            long bytes = 0;
            for (FieldValue value : values) {
                bytes += 48 + value.length();
            }
            return new TakenRow(values, bytes);
        }
    }

    /** A row that does not end with the next one. */
    interface LastingRow extends Row {
        /** About how much memory it takes. */
        long bytes();

        @Override
        default LastingRow lasting() {
            return this;
        }
    }
}
