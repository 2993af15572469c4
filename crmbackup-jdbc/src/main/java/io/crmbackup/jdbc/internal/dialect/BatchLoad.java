package io.crmbackup.jdbc.internal.dialect;

import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Rows by an INSERT that is executed for many of them at a time: what every product can. */
final class BatchLoad {
    private static final int ROWS_IN_BATCH = 500;
    private static final long BYTES_IN_BATCH = 1 << 20;

    private final PreparedStatement statement;
    private final List<ValueFormat> formats;
    private int rows;
    private long bytes;
    private long taken;

    private BatchLoad(PreparedStatement statement, List<ValueFormat> formats) {
        this.statement = statement;
        this.formats = formats;
    }

    /** Loads rows; how many the database took. */
    static long run(Dialect dialect, Connection connection, TableName table, List<Field> fields, LoadedRows rows)
            throws IOException, SQLException {
        try (PreparedStatement statement = connection.prepareStatement(dialect.insert(table, fields))) {
            BatchLoad load = new BatchLoad(
                    statement, fields.stream().map(dialect::format).toList());
            while (rows.next()) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException("interrupted while writing");
                }
                load.add(rows.values());
            }
            load.flush();
            return load.taken;
        }
    }

    private void add(List<FieldValue> values) throws SQLException, IOException {
        int index = 1;
        boolean streams = false;
        for (int i = 0; i < formats.size(); i++) {
            FieldValue value = values.get(i);
            formats.get(i).bind(statement, index, value);
            index += formats.get(i).bound();
            bytes += Math.max(0, value.length());
            streams |= value.isContent();
        }
        statement.addBatch();
        rows++;
        // Some drivers read a stream only when the batch is executed, and it ends when the record is left.
        if (streams || rows >= ROWS_IN_BATCH || bytes >= BYTES_IN_BATCH) {
            flush();
        }
    }

    private void flush() throws SQLException {
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
}
