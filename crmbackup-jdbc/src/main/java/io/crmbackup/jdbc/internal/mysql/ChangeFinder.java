package io.crmbackup.jdbc.internal.mysql;

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
import java.util.Map;
import java.util.Optional;

/** Tells what changed in a view's tables since a former capture, by digests that both computed. */
final class ChangeFinder {
    /** So many rows are compared in no time. */
    private static final int FEW = 100_000;

    private final Connection connection;
    private final Dialect dialect;

    /** Digests that were computed to find changes are the marks for the next time. */
    private final Map<String, TableDigests> computed = new HashMap<>();

    ChangeFinder(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    ChangeDetection since(Table table, FormerCapture former) throws IOException {
        Optional<BigInteger> width = former.mark(TableDigests.headerKey()).flatMap(ChangeFinder::width);
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

    MarkCursor marks(Table table) throws IOException {
        TableDigests known = computed.remove(table.collection());
        try {
            TableDigests all = known != null ? known : TableDigests.of(connection, dialect, table);
            return all.isComplete() ? all.marks() : MarkCursor.none();
        } catch (SQLException e) {
            throw new DatabaseException("digesting table " + table.collection(), e);
        }
    }
}
