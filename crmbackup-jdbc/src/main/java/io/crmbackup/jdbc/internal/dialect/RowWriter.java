package io.crmbackup.jdbc.internal.dialect;

import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** One prepared statement that takes fields of records, for many of them at a time or for one. Used by one thread at a time. */
public final class RowWriter implements AutoCloseable {
    private static final int ROWS_IN_BATCH = 500;
    private static final long BYTES_IN_BATCH = 1 << 20;

    private final PreparedStatement statement;
    private final List<ValueFormat> formats;
    private int rows;
    private long added;
    private long bytes;
    private long taken;

    /** Prepares a statement with the placeholders of these fields, in this order. */
    public RowWriter(Connection connection, Dialect dialect, String sql, List<Field> fields) throws SQLException {
        this.formats = fields.stream().map(dialect::format).toList();
        this.statement = connection.prepareStatement(sql);
    }

    /** Adds a record's values to a batch, which is executed when it is large. */
    public void add(List<FieldValue> values) throws SQLException, IOException {
        bind(values);
        statement.addBatch();
        boolean streams = false;
        for (FieldValue value : values) {
            bytes += Math.max(0, value.length());
            streams |= value.isContent();
        }
        // Some drivers read a stream only when the batch is executed, and it ends when the record is left.
        rows++;
        added++;
        if (streams || rows >= ROWS_IN_BATCH || bytes >= BYTES_IN_BATCH) {
            flush();
        }
    }

    /** Executes the batch. */
    public void flush() throws SQLException {
        if (rows > 0) {
            for (int count : statement.executeBatch()) {
                // Drivers that send several rows as one statement don't tell them apart; that it succeeded is all they
                // say.
                taken += count == Statement.SUCCESS_NO_INFO ? 1 : count;
            }
            rows = 0;
            bytes = 0;
        }
    }

    /** Executes the statement for one record; the number of rows that it changed. */
    public int execute(List<FieldValue> values) throws SQLException, IOException {
        bind(values);
        return statement.executeUpdate();
    }

    /** How many rows the database took in batches so far. */
    long taken() {
        return taken;
    }

    /** How many rows of the batches that were executed the database did not take, as its triggers and rules can order. */
    public long notTaken() {
        return Math.max(0, added - rows - taken);
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
