package io.crmbackup.jdbc.internal.restore;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.ValueFormat;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** One prepared statement that takes fields of records. Used by one thread at a time. */
public final class RowWriter implements AutoCloseable {
    private static final int ROWS_IN_BATCH = 500;
    private static final long BYTES_IN_BATCH = 1 << 20;

    private final PreparedStatement statement;
    private final List<ValueFormat> formats;
    private int rows;
    private long bytes;

    /** Prepares a statement with the placeholders of these fields, in this order. */
    public RowWriter(Connection connection, Dialect dialect, String sql, List<Field> fields) throws SQLException {
        this.formats = fields.stream().map(dialect::format).toList();
        this.statement = connection.prepareStatement(sql);
    }

    /** Adds a record's values to a batch; true if that was executed. */
    public boolean add(List<FieldValue> values) throws SQLException, IOException {
        bind(values);
        statement.addBatch();
        boolean streams = false;
        for (FieldValue value : values) {
            bytes += Math.max(0, value.length());
            streams |= value.isContent();
        }
        // Some drivers read a stream only when the batch is executed, and it ends when the record is left.
        rows++;
        if (streams || rows >= ROWS_IN_BATCH || bytes >= BYTES_IN_BATCH) {
            flush();
            return true;
        }
        return false;
    }

    /** Executes the batch. */
    public void flush() throws SQLException {
        if (rows > 0) {
            statement.executeBatch();
            rows = 0;
            bytes = 0;
        }
    }

    /** Executes the statement for one record; the number of rows that it changed. */
    public int execute(List<FieldValue> values) throws SQLException, IOException {
        bind(values);
        return statement.executeUpdate();
    }

    /** Executes the statement, a query, for one record; whether it found a row. */
    public boolean finds(List<FieldValue> values) throws SQLException, IOException {
        bind(values);
        try (var result = statement.executeQuery()) {
            return result.next();
        }
    }

    private void bind(List<FieldValue> values) throws SQLException, IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while writing");
        }
        int index = 1;
        for (int i = 0; i < formats.size(); i++) {
            formats.get(i).bind(statement, index, values.get(i));
            index += formats.get(i).bound();
        }
    }

    @Override
    public void close() throws SQLException {
        statement.close();
    }
}
