package io.crmbackup.jdbc.internal.postgres.changes;

import io.crmbackup.jdbc.internal.dialect.RowCursor;
import io.crmbackup.jdbc.internal.dialect.RowCursor.Failures;
import io.crmbackup.jdbc.internal.dialect.RowStream;
import io.crmbackup.jdbc.internal.postgres.rows.PostgresTable;
import io.crmbackup.jdbc.internal.postgres.rows.Rows;
import io.crmbackup.jdbc.internal.postgres.rows.TableRead;
import io.crmbackup.spi.CapturedCollection.Order;
import io.crmbackup.spi.KeyCursor;
import io.crmbackup.spi.KeyRange;
import io.crmbackup.spi.RecordChanges;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import java.io.Closeable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table that were written since a former snapshot.
 *
 * <p>Every version of a row carries the transaction that wrote it. All transactions below the former snapshot's oldest running one were over then,
 * and what they wrote was in it; so whatever was not, some transaction from that one on has written. Among those are some
 * whose rows were in it: they are read again in vain. The server's own test whether a transaction is in a snapshot is no substitute: it takes what
 * was written after a savepoint by a transaction that was running then for what had been committed.
 *
 * <p>Rows carry the low 32 bits of the transaction's number. {@code age} counts back from now in that ring: rows that are older than half of it
 * pass the test as well, and are read in vain too.
 */
final class WrittenRows implements RecordChanges {
    /** The keys of so many ranges one statement asks for. */
    private static final int BATCH = 100;

    private final Connection connection;
    private final PostgresTable table;
    private final long since;
    private final boolean hasProbablyRemoved;
    private final Failures failures;
    private final KeyBounds keys;
    private @Nullable Closeable open;

    /**
     * Creates it.
     *
     * @param since the oldest transaction that was running at the former snapshot, or the next one if none was
     * @param hasProbablyRemoved what the server's statistics say of rows that were deleted
     */
    WrittenRows(Connection connection, PostgresTable table, long since, boolean hasProbablyRemoved, Failures failures) {
        this.connection = connection;
        this.table = table;
        this.since = since;
        this.hasProbablyRemoved = hasProbablyRemoved;
        this.failures = failures;
        this.keys = new KeyBounds(table);
    }

    /** The condition that a row was written since. */
    static String isWritten(long since) {
        return "pg_catalog.age(xmin) <= (SELECT pg_catalog.age('" + (since & 0xffffffffL) + "'::pg_catalog.xid))";
    }

    /** Whether no row was written. */
    boolean isEmpty() throws IOException {
        return number("SELECT 1 FROM ONLY " + TableRead.name(table) + " WHERE " + isWritten(since) + " LIMIT 1") == 0;
    }

    @Override
    public String method() {
        return "rows written since transaction " + since;
    }

    @Override
    public RecordCursor changed() throws IOException {
        close();
        try {
            RowCursor cursor =
                    new RowCursor(table.table(), new TableRead(table).some(connection, isWritten(since)), failures);
            open = cursor;
            return cursor;
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    @Override
    public boolean hasProbablyRemoved() {
        return hasProbablyRemoved;
    }

    @Override
    public long count() throws IOException {
        return number("SELECT pg_catalog.count(*) FROM ONLY " + TableRead.name(table));
    }

    @Override
    public long[] counts(KeyRange range, List<RecordKey> bounds) throws IOException {
        if (bounds.stream().anyMatch(bound -> !keys.isWhole(bound))) {
            // No number of rows: what can't be counted by such bounds is to be read instead.
            long[] impossible = new long[bounds.size() + 1];
            Arrays.fill(impossible, -1);
            return impossible;
        }
        String from = " FROM ONLY " + TableRead.name(table) + keys.condition(range);
        if (bounds.isEmpty()) {
            return new long[] {number("SELECT pg_catalog.count(*)" + from)};
        }
        long[] counts = new long[bounds.size() + 1];
        close();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT " + keys.bucket(bounds) + ", pg_catalog.count(*)" + from + " GROUP BY 1")) {
            while (rows.next()) {
                counts[rows.getInt(1)] = rows.getLong(2);
            }
        } catch (SQLException e) {
            throw failure(e);
        }
        return counts;
    }

    @Override
    public KeyCursor keys(KeyRange range) throws IOException {
        close();
        boolean ordered = table.table().order() == Order.BY_KEY;
        String tail = ordered ? keys.condition(range) + " ORDER BY " + TableRead.keyColumns(table) : "";
        try {
            RowStream rows = range.equals(KeyRange.ALL)
                    ? TableRead.of(connection, table, table.key(), tail)
                    : TableRead.few(connection, table, table.key(), tail);
            TableKeys cursor = new TableKeys(table, range, rows, failures);
            open = cursor;
            return cursor;
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    @Override
    public KeyCursor keys(List<KeyRange> ranges) throws IOException {
        if (ranges.size() < 2 || !ranges.stream().allMatch(keys::isWhole)) {
            return RecordChanges.super.keys(ranges);
        }
        close();
        TableKeys cursor = new TableKeys(table, KeyRange.ALL, new Rows(keysInBatches(ranges)), failures);
        open = cursor;
        return cursor;
    }

    /** Each range is planned for itself, by the server's index of the key: too many at once would have it plan for long. */
    private List<Rows.Opening> keysInBatches(List<KeyRange> ranges) {
        List<Rows.Opening> batches = new ArrayList<>();
        for (int from = 0; from < ranges.size(); from += BATCH) {
            List<String> conditions = ranges.subList(from, Math.min(from + BATCH, ranges.size())).stream()
                    .map(keys::condition)
                    .toList();
            batches.add(() -> TableRead.keys(connection, table, conditions));
        }
        return batches;
    }

    /** The number that a query answers with; 0 if it has no row. */
    private long number(String sql) throws IOException {
        close();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getLong(1) : 0;
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private IOException failure(SQLException cause) {
        return failures.of("looking for changes in table " + table.table().collection(), cause);
    }

    @Override
    public void close() throws IOException {
        if (open != null) {
            Closeable cursor = open;
            open = null;
            cursor.close();
        }
    }
}
