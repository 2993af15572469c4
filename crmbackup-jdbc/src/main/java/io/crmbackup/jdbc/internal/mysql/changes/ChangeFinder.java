package io.crmbackup.jdbc.internal.mysql.changes;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import io.crmbackup.spi.ChangeDetection;
import io.crmbackup.spi.FormerCapture;
import io.crmbackup.spi.MarkCursor;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells what changed in a view's tables since a former capture, by digests that both computed. A digest takes the server some times as long as to give the row, so that it only
 * pays where rows are long on their way: for each large table that is read as a whole both are measured, and where the reading is the shorter, it is what the next capture does as well.
 */
public final class ChangeFinder {
    /** So many rows are compared in no time. */
    private static final int FEW = 100_000;

    /** So many rows have no digests that take longer than to read them. */
    private static final int LARGE = 40_000;

    /** The header of a table without digests. */
    private static final byte[] READ_ANEW = "read".getBytes(StandardCharsets.US_ASCII);

    private final Connection connection;
    private final Dialect dialect;

    /** Digests that were computed to find changes are the marks for the next time. */
    private final Map<String, TableDigests> computed = new HashMap<>();

    /** How large tables were read. */
    private final Map<String, Reading> readings = new HashMap<>();

    /** The tables of which the former capture says that reading is the shorter way. */
    private final Set<String> readAnew = new HashSet<>();

    public ChangeFinder(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    /** Tells how long the rows of a table were waited for, as all were read. */
    public void wasRead(Table table, long rows, long nanos) {
        if (rows > LARGE) {
            readings.put(table.collection(), new Reading(rows, nanos));
        }
    }

    public ChangeDetection since(Table table, FormerCapture former) throws IOException {
        Optional<byte[]> header = former.mark(TableDigests.headerKey());
        if (header.filter(known -> Arrays.equals(known, READ_ANEW)).isPresent()) {
            readAnew.add(table.collection());
            return ChangeDetection.readAll("to have its rows digested takes the server longer than to give them");
        }
        Optional<BigInteger> width = header.flatMap(ChangeFinder::width);
        if (width.isEmpty() || TableDigests.hasRanges(table) != width.get().signum() > 0) {
            return ChangeDetection.readAll("the marks of the backup before are of another kind");
        }
        try {
            TableDigests now = TableDigests.of(connection, dialect, table, width.get());
            if (!now.isComplete()) {
                return ChangeDetection.readAll("the server gave no digest of some rows");
            }
            if (now.isTooCoarse()) {
                return ChangeDetection.readAll("the ranges whose digests were kept hold too many rows by now");
            }
            computed.put(table.collection(), now);
            if (width.get().signum() == 0 && !isAsBefore(now, former)) {
                return ChangeDetection.readAll(
                        "it changed, and without a key of one whole number there is no telling where");
            }
            ChangedRanges ranges = ChangedRanges.since(connection, dialect, table, now, former);
            if (ranges.rows() > FEW && ranges.rows() > now.count() / 4) {
                return ChangeDetection.readAll("something changed in ranges of " + ranges.rows() + " of its "
                        + now.count() + " rows, which takes longer to compare than to read anew");
            }
            return ChangeDetection.found(ranges);
        } catch (SQLException e) {
            throw new DatabaseException("digesting table " + table.collection(), e);
        }
    }

    private static Optional<BigInteger> width(byte[] header) {
        String text = new String(header, StandardCharsets.US_ASCII);
        return Optional.of(text).filter(t -> t.matches("2 \\d{1,19}")).map(t -> new BigInteger(t.substring(2)));
    }

    private static boolean isAsBefore(TableDigests now, FormerCapture former) {
        Optional<byte[]> then = former.mark(TableDigests.markKey(BigInteger.ZERO));
        RangeDigest all = now.ranges().get(BigInteger.ZERO);
        return all == null
                ? then.isEmpty()
                : then.filter(mark -> Arrays.equals(mark, all.mark())).isPresent();
    }

    public MarkCursor marks(Table table) throws IOException {
        TableDigests known = computed.remove(table.collection());
        Reading reading = readings.remove(table.collection());
        if (readAnew.contains(table.collection())) {
            return TableDigests.marks(READ_ANEW);
        }
        try {
            if (known == null && reading != null && reading.isShorterThan(estimate(table, reading))) {
                return TableDigests.marks(READ_ANEW);
            }
            TableDigests all = known != null ? known : TableDigests.of(connection, dialect, table);
            if (reading != null && reading.isShorterThan(all.nanos())) {
                return TableDigests.marks(READ_ANEW);
            }
            return all.isComplete() ? all.marks() : MarkCursor.none();
        } catch (SQLException e) {
            throw new DatabaseException("digesting table " + table.collection(), e);
        }
    }

    private long estimate(Table table, Reading reading) throws SQLException {
        return TableDigests.estimate(connection, dialect, table, reading.rows());
    }

    /** How long all rows of a table were waited for. */
    private record Reading(long rows, long nanos) {
        boolean isShorterThan(long digesting) {
            return nanos < digesting;
        }
    }
}
