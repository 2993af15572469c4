package io.crmbackup.jdbc.internal.mysql.changes;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.mysql.rows.TableRows;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.FormerCapture;
import io.crmbackup.spi.KeyCursor;
import io.crmbackup.spi.KeyRange;
import io.crmbackup.spi.RecordChanges;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows of the ranges whose digests are not what they were. */
final class ChangedRanges implements RecordChanges {
    /** So many counts one statement asks for. */
    private static final int COUNTS = 100;

    private final Connection connection;
    private final Dialect dialect;
    private final Table table;
    private final TableDigests digests;
    private final List<String> changed;
    private final long rows;

    private ChangedRanges(
            Connection connection,
            Dialect dialect,
            Table table,
            TableDigests digests,
            List<String> changed,
            long rows) {
        this.connection = connection;
        this.dialect = dialect;
        this.table = table;
        this.digests = digests;
        this.changed = changed;
        this.rows = rows;
    }

    static ChangedRanges since(
            Connection connection, Dialect dialect, Table table, TableDigests digests, FormerCapture former) {
        List<String> conditions = new ArrayList<>();
        long rows = 0;
        BigInteger from = null;
        BigInteger to = null;
        for (Map.Entry<BigInteger, RangeDigest> range : digests.ranges().entrySet()) {
            boolean same = former.mark(TableDigests.markKey(range.getKey()))
                    .filter(mark -> Arrays.equals(mark, range.getValue().mark()))
                    .isPresent();
            if (same || digests.width().signum() == 0) {
                continue;
            }
            rows += range.getValue().count();
            BigInteger first = first(range.getKey(), digests.width());
            if (to != null && first.equals(to.add(BigInteger.ONE))) {
                to = last(range.getKey(), digests.width());
                continue;
            }
            if (from != null && to != null) {
                conditions.add(between(dialect, table, from, to));
            }
            from = first;
            to = last(range.getKey(), digests.width());
        }
        if (from != null && to != null) {
            conditions.add(between(dialect, table, from, to));
        }
        return new ChangedRanges(connection, dialect, table, digests, conditions, rows);
    }

    /** How many rows the ranges have that differ. */
    long rows() {
        return rows;
    }

    /** The server's DIV goes towards zero. */
    private static BigInteger first(BigInteger range, BigInteger width) {
        return range.signum() > 0
                ? range.multiply(width)
                : range.subtract(BigInteger.ONE).multiply(width).add(BigInteger.ONE);
    }

    private static BigInteger last(BigInteger range, BigInteger width) {
        return range.signum() < 0
                ? range.multiply(width)
                : range.add(BigInteger.ONE).multiply(width).subtract(BigInteger.ONE);
    }

    private static String between(Dialect dialect, Table table, BigInteger from, BigInteger to) {
        return dialect.quote(table.schema().key().get(0)) + " BETWEEN " + from + " AND " + to;
    }

    @Override
    public String method() {
        return digests.width().signum() == 0
                ? "a digest of all rows"
                : "digests of ranges of " + digests.width() + " keys";
    }

    @Override
    public RecordCursor changed() {
        return new Ranges();
    }

    @Override
    public long count() {
        return digests.count();
    }

    @Override
    public long[] counts(KeyRange range, List<RecordKey> bounds) throws IOException {
        long[] counts = new long[bounds.size() + 1];
        for (int i = 0; i < counts.length; i += COUNTS) {
            List<String> parts = new ArrayList<>();
            for (int j = i; j < Math.min(counts.length, i + COUNTS); j++) {
                KeyRange part = new KeyRange(
                        j == 0 ? range.from() : bounds.get(j - 1), j == bounds.size() ? range.to() : bounds.get(j));
                parts.add("SELECT " + j + ", COUNT(*) FROM " + dialect.quote(table.name()) + where(part));
            }
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(String.join(" UNION ALL ", parts))) {
                while (rows.next()) {
                    counts[rows.getInt(1)] = rows.getLong(2);
                }
            } catch (SQLException e) {
                throw new DatabaseException("counting the rows of table " + table.collection(), e);
            }
        }
        return counts;
    }

    private String where(KeyRange range) {
        List<String> conditions = new ArrayList<>();
        if (range.from() != null) {
            conditions.add(key() + " >= " + number(range.from()));
        }
        if (range.to() != null) {
            conditions.add(key() + " < " + number(range.to()));
        }
        return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    }

    private String key() {
        if (digests.width().signum() == 0) {
            throw new IllegalStateException(
                    "table " + table.collection() + " did not change: there is nothing to look for");
        }
        return dialect.quote(table.schema().key().get(0));
    }

    /** The whole number that a key is: no text of it goes into a statement. */
    private BigInteger number(RecordKey key) {
        return new BigInteger(String.valueOf(key.fields(table.schema()).get(0).text()));
    }

    @Override
    public KeyCursor keys(KeyRange range) throws IOException {
        String sql =
                "SELECT " + key() + " + 0 FROM " + dialect.quote(table.name()) + where(range) + " ORDER BY " + key();
        try {
            return new Numbers(dialect.stream(connection, sql));
        } catch (SQLException e) {
            throw new DatabaseException("reading the keys of table " + table.collection(), e);
        }
    }

    @Override
    public void close() {}

    /** One range after the other. */
    private final class Ranges implements RecordCursor {
        private int next;
        private @Nullable RecordCursor open;

        @Override
        public boolean next() throws IOException {
            while (open == null || !open.next()) {
                if (open != null) {
                    open.close();
                    open = null;
                }
                if (next == changed.size()) {
                    return false;
                }
                open = TableRows.where(connection, dialect, table, changed.get(next++));
            }
            return true;
        }

        private RecordCursor row() {
            if (open == null) {
                throw new IllegalStateException("the cursor is not on a row");
            }
            return open;
        }

        @Override
        public RecordKey key() throws IOException {
            return row().key();
        }

        @Override
        public List<FieldValue> values() throws IOException {
            return row().values();
        }

        @Override
        public void close() throws IOException {
            if (open != null) {
                open.close();
            }
        }
    }

    private final class Numbers implements KeyCursor {
        private final ResultSet rows;
        private @Nullable RecordKey current;

        Numbers(ResultSet rows) {
            this.rows = rows;
        }

        @Override
        public boolean next() throws IOException {
            try {
                current = rows.next()
                        ? new RecordKey.Builder()
                                .addInteger(new BigInteger(rows.getString(1)))
                                .build()
                        : null;
                return current != null;
            } catch (SQLException e) {
                throw new DatabaseException("reading the keys of table " + table.collection(), e);
            }
        }

        @Override
        public RecordKey key() {
            if (current == null) {
                throw new IllegalStateException("the cursor is at no key");
            }
            return current;
        }

        @Override
        public void close() throws IOException {
            try {
                rows.getStatement().close();
            } catch (SQLException e) {
                throw new DatabaseException("closing table " + table.collection(), e);
            }
        }
    }
}
