package io.crmbackup.jdbc.internal.dialect;

import io.crmbackup.jdbc.internal.sql.DatabaseException;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Goes through a table's rows as the database streams them. */
public final class TableCursor implements RecordCursor {
    private final Table table;
    private final TransactionDialect.TableWatch watch;
    private final List<ValueFormat> formats = new ArrayList<>();
    private final int[] key;
    private final Statement statement;
    private final ResultSet rows;
    private long count;
    private boolean onRow;
    private @Nullable List<FieldValue> current;
    private boolean ended;

    /**
     * Begins to read.
     *
     * @param watch is asked after the last row
     */
    public TableCursor(Connection connection, Dialect dialect, Table table, TransactionDialect.TableWatch watch)
            throws IOException {
        this(connection, dialect, table, watch, dialect.select(table));
    }

    private TableCursor(
            Connection connection, Dialect dialect, Table table, TransactionDialect.TableWatch watch, String sql)
            throws IOException {
        this.table = table;
        this.watch = watch;
        checkInterrupt();
        this.key = table.schema().keyIndexes();
        for (Field field : table.schema().fields()) {
            formats.add(dialect.format(table, field));
        }
        try {
            this.rows = dialect.stream(connection, sql, table);
            this.statement = rows.getStatement();
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /**
     * Begins to read some rows.
     *
     * @param condition which ones, in SQL
     */
    public static TableCursor where(Connection connection, Dialect dialect, Table table, String condition)
            throws IOException {
        return new TableCursor(connection, dialect, table, rows -> {}, dialect.select(table, condition));
    }

    @Override
    public boolean next() throws IOException {
        checkInterrupt();
        if (ended) {
            return false;
        }
        try {
            current = null;
            watch.proceed();
            onRow = rows.next();
            if (onRow) {
                count++;
            } else {
                ended = true;
                watch.check(count);
            }
            return onRow;
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private void checkInterrupt() throws InterruptedIOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while reading table " + table.collection());
        }
    }

    @Override
    public RecordKey key() throws IOException {
        if (key.length == 0) {
            throw new IllegalStateException("rows of table " + table.collection() + " have no key");
        }
        return RecordKey.of(table.schema(), key, values());
    }

    @Override
    public List<FieldValue> values() throws IOException {
        if (!onRow) {
            throw new IllegalStateException("the cursor is not on a row");
        }
        if (current == null) {
            current = readRow();
        }
        return current;
    }

    private List<FieldValue> readRow() throws IOException {
        List<FieldValue> values = new ArrayList<>(formats.size());
        int index = 1;
        for (int i = 0; i < formats.size(); i++) {
            ValueFormat format = formats.get(i);
            try {
                FieldValue value = format.read(rows, index);
                values.add(isKey(i) ? inMemory(value) : value);
            } catch (SQLException e) {
                throw new DatabaseException("reading " + column(i), e);
            } catch (IOException e) {
                throw new IOException("reading " + column(i) + " failed: " + e.getMessage(), e);
            }
            index += format.selected();
        }
        return List.copyOf(values);
    }

    private static FieldValue inMemory(FieldValue value) throws IOException {
        return value.isContent() ? FieldValue.of(Dialect.wholeValue(value)) : value;
    }

    private boolean isKey(int index) {
        for (int i : key) {
            if (i == index) {
                return true;
            }
        }
        return false;
    }

    private String column(int index) {
        return table.collection() + "." + table.schema().fields().get(index).name();
    }

    private DatabaseException failure(SQLException cause) {
        return new DatabaseException("reading table " + table.collection(), cause);
    }

    @Override
    public void close() throws IOException {
        ended = true;
        onRow = false;
        try (statement) {
            rows.close();
        } catch (SQLException e) {
            throw new DatabaseException("closing table " + table.collection(), e);
        }
    }
}
