package io.crmbackup.jdbc.internal.postgres.changes;

import io.crmbackup.jdbc.internal.dialect.RowCursor.Failures;
import io.crmbackup.jdbc.internal.dialect.RowStream;
import io.crmbackup.jdbc.internal.postgres.rows.Column;
import io.crmbackup.jdbc.internal.postgres.rows.PostgresTable;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.KeyCursor;
import io.crmbackup.spi.KeyRange;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Goes through the keys of a table's rows. */
final class TableKeys implements KeyCursor {
    private final String collection;
    private final List<Column> columns;
    private final KeyRange range;
    private final RowStream rows;
    private final Failures failures;
    private @Nullable RecordKey key;
    private boolean closed;

    /**
     * Creates it.
     *
     * @param range skips keys that are not in it
     * @param rows the columns of the key, in its order
     */
    TableKeys(PostgresTable table, KeyRange range, RowStream rows, Failures failures) {
        this.collection = table.table().collection();
        this.columns = table.key();
        this.range = range;
        this.rows = rows;
        this.failures = failures;
    }

    @Override
    public boolean next() throws IOException {
        try {
            do {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException("interrupted while reading keys of table " + collection);
                }
                RowStream.Row row = closed ? null : rows.next();
                key = row == null ? null : key(row.values());
            } while (key != null && !range.contains(key));
            return key != null;
        } catch (SQLException e) {
            throw failures.of("reading keys of table " + collection, e);
        }
    }

    private RecordKey key(FieldValue[] values) {
        RecordKey.Builder builder = new RecordKey.Builder();
        for (int i = 0; i < values.length; i++) {
            builder.add(columns.get(i).field().type(), values[i]);
        }
        return builder.build();
    }

    @Override
    public RecordKey key() {
        if (key == null) {
            throw new IllegalStateException("the cursor is not at a key");
        }
        return key;
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            key = null;
            try {
                rows.close();
            } catch (SQLException e) {
                throw failures.of("reading keys of table " + collection, e);
            }
        }
    }
}
