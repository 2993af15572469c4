package io.crmbackup.jdbc.internal.mysql.rows;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.dialect.TableCursor;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import io.crmbackup.spi.CapturedCollection.Order;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table of which some are too large for memory: those one by one, each at its place if the rows come by key, otherwise last, and
 * the others as the server streams them.
 */
public final class TableRows implements RecordCursor {
    private final Connection connection;
    private final Dialect dialect;
    private final Table table;
    private final LargeRows rows;
    private final List<LargeRow> large;
    private final boolean ordered;

    /** The large row that comes next, or whose turn it is. */
    private int next;

    private boolean onLarge;
    private @Nullable TableCursor open;
    private @Nullable List<FieldValue> current;

    private TableRows(Connection connection, Dialect dialect, Table table, LargeRows rows, List<LargeRow> large)
            throws IOException {
        this.connection = connection;
        this.dialect = dialect;
        this.table = table;
        this.rows = rows;
        this.large = large;
        this.ordered = table.order() == Order.BY_KEY;
        this.open = streamed();
    }

    public static RecordCursor all(Connection connection, Dialect dialect, Table table) throws IOException {
        return where(connection, dialect, table, "");
    }

    /** The rows for which a condition in SQL holds; all if it is empty. */
    public static RecordCursor where(Connection connection, Dialect dialect, Table table, String condition)
            throws IOException {
        LargeRows rows = new LargeRows(dialect, table, condition);
        if (rows.areThereNone()) {
            return TableCursor.where(connection, dialect, table, condition);
        }
        try {
            List<LargeRow> large = rows.find(connection);
            return large.isEmpty()
                    ? TableCursor.where(connection, dialect, table, condition)
                    : new TableRows(connection, dialect, table, rows, large);
        } catch (SQLException e) {
            throw new DatabaseException("looking for large rows of table " + table.collection(), e);
        }
    }

    private TableCursor streamed() throws IOException {
        String condition = ordered ? rows.between(large, next - 1, next) : rows.isSmall();
        return TableCursor.where(connection, dialect, table, condition);
    }

    @Override
    public boolean next() throws IOException {
        current = null;
        if (open != null && open.next()) {
            return true;
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while reading table " + table.collection());
        }
        if (onLarge) {
            onLarge = false;
            next++;
            if (ordered) {
                open = streamed();
                if (open.next()) {
                    return true;
                }
            }
        }
        if (open != null) {
            open.close();
            open = null;
        }
        onLarge = next < large.size();
        return onLarge;
    }

    @Override
    public RecordKey key() throws IOException {
        return onLarge ? RecordKey.of(table.schema(), table.schema().keyIndexes(), values()) : row().key();
    }

    @Override
    public List<FieldValue> values() throws IOException {
        if (!onLarge) {
            return row().values();
        }
        if (current == null) {
            current = large.get(next).values();
        }
        return current;
    }

    private TableCursor row() {
        if (open == null) {
            throw new IllegalStateException("the cursor is not on a row");
        }
        return open;
    }

    @Override
    public void close() throws IOException {
        onLarge = false;
        next = large.size();
        if (open != null) {
            open.close();
        }
    }
}
