package io.crmbackup.jdbc.internal.dialect;

import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Goes through a table's rows. */
public final class RowCursor implements RecordCursor {
    private final String collection;
    private final RecordSchema schema;
    private final int[] key;
    private final Failures failures;
    private final RowStream rows;
    private RowStream.@Nullable Row row;
    private @Nullable List<FieldValue> values;
    private boolean closed;

    public RowCursor(Table table, RowStream rows, Failures failures) {
        this.collection = table.collection();
        this.schema = table.schema();
        this.key = schema.keyIndexes();
        this.rows = rows;
        this.failures = failures;
    }

    /** Says what a failure of the connection is. */
    @FunctionalInterface
    public interface Failures {
        IOException of(String doing, SQLException failure);
    }

    @Override
    public boolean next() throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while reading table " + collection);
        }
        values = null;
        try {
            row = closed ? null : rows.next();
        } catch (SQLException e) {
            throw failures.of("reading table " + collection, e);
        }
        return row != null;
    }

    @Override
    public RecordKey key() throws IOException {
        if (key.length == 0) {
            throw new IllegalStateException("rows of table " + collection + " have no key");
        }
        RecordKey quick = values == null ? quickKey() : null;
        return quick == null ? RecordKey.of(schema, key, values()) : quick;
    }

    /** The key, made of its own values only; null if these can't be had alone. */
    private @Nullable RecordKey quickKey() throws IOException {
        RecordKey.Builder builder = new RecordKey.Builder();
        try {
            for (int index : key) {
                FieldValue value = onRow().value(index);
                if (value == null) {
                    return null;
                }
                builder.add(schema.fields().get(index).type(), value);
            }
        } catch (SQLException e) {
            throw failures.of("reading table " + collection, e);
        }
        return builder.build();
    }

    @Override
    public byte @Nullable [] encodedRow() throws IOException {
        try {
            return values == null ? onRow().encoded() : null;
        } catch (SQLException e) {
            throw failures.of("reading table " + collection, e);
        }
    }

    private RowStream.Row onRow() {
        if (row == null) {
            throw new IllegalStateException("the cursor is not on a row");
        }
        return row;
    }

    @Override
    public List<FieldValue> values() throws IOException {
        RowStream.Row here = onRow();
        if (values == null) {
            try {
                values = Collections.unmodifiableList(Arrays.asList(here.values()));
            } catch (SQLException e) {
                throw failures.of("reading table " + collection, e);
            }
        }
        return values;
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            row = null;
            try {
                rows.close();
            } catch (SQLException e) {
                throw failures.of("reading table " + collection, e);
            }
        }
    }
}
