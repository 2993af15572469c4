package io.crmbackup.jdbc.internal.mysql.changes;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.mysql.rows.MySqlValues;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.MarkCursor;
import io.crmbackup.spi.RecordKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Digests of a table's rows, computed by the server in the view's own transaction: for each range of keys how many rows it has, and the sum
 * of the first 64 bits of each row's MD5. More bits would have the server hash each row twice, and 64 miss one change in 2^64. A sum counts rows that are there twice and doesn't care about their order. It is of hashes that are not
 * linear: by CRC two rows that exchange values of equal length would give the same sum. A row's MD5 is of all its values one after the
 * other, each with its length or as null, in the bytes that are stored: letters that a collation takes for the same are not, nor are 1.0 and 1.000.
 *
 * <p>Tables whose key is one whole number have ranges of a fixed width of keys, about {@value #ROWS} rows each at first; others have one range. The
 * width stays what it was, so that ranges can be compared.
 */
final class TableDigests {
    private static final int ROWS = 8000;

    /** So many rows tell how long others take. */
    private static final int SOME = 2000;

    private static final byte[] HEADER = {'h'};

    /** Stands for a row without a digest: no sum of digests comes near it. */
    private static final BigInteger NONE = BigInteger.TEN.pow(40);

    private final BigInteger width;
    private final TreeMap<BigInteger, RangeDigest> ranges = new TreeMap<>();
    private boolean complete = true;
    private long nanos;

    private TableDigests(BigInteger width) {
        this.width = width;
    }

    /** Whether a table's key is one whole number; a year is none, as servers compare it with 70 as with 1970. */
    static boolean hasRanges(Table table) {
        List<String> key = table.schema().key();
        if (key.size() != 1) {
            return false;
        }
        Field field = table.schema().fields().get(table.schema().indexOf(key.get(0)));
        return field.type() == FieldType.INTEGER && !field.nativeType().startsWith("year");
    }

    /** Digests with a width that fits the table as it is now. */
    static TableDigests of(Connection connection, Dialect dialect, Table table) throws SQLException {
        return of(connection, dialect, table, hasRanges(table) ? width(connection, dialect, table) : BigInteger.ZERO);
    }

    /** About how many nanoseconds the server takes to digest so many rows, by some of them; 0 if they don't tell. */
    static long estimate(Connection connection, Dialect dialect, Table table, long rows) throws SQLException {
        String sql = "SELECT " + hash(dialect, table) + " FROM " + dialect.quote(table.name()) + " LIMIT " + SOME;
        long begin = System.nanoTime();
        int digested = Dialect.strings(connection, sql).size();
        return digested < SOME ? 0 : (long) ((double) (System.nanoTime() - begin) / SOME * rows);
    }

    /** Digests with a given width; 0 for one range of all rows. */
    static TableDigests of(Connection connection, Dialect dialect, Table table, BigInteger width) throws SQLException {
        TableDigests digests = new TableDigests(width);
        long begin = System.nanoTime();
        String bucket =
                width.signum() == 0 ? "0" : dialect.quote(table.schema().key().get(0)) + " DIV " + width;
        String sql = "SELECT " + bucket + ", COUNT(*), SUM(IFNULL(" + hash(dialect, table) + ", " + NONE + ")) FROM "
                + dialect.quote(table.name())
                + (width.signum() == 0 ? "" : " GROUP BY 1");
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                if (rows.getLong(2) > 0) {
                    String sum = rows.getString(3);
                    digests.complete &= new BigInteger(sum).compareTo(NONE) < 0;
                    digests.ranges.put(new BigInteger(rows.getString(1)), new RangeDigest(rows.getLong(2), sum));
                }
            }
        }
        digests.nanos = System.nanoTime() - begin;
        return digests;
    }

    private static String hash(Dialect dialect, Table table) {
        return "CAST(CONV(LEFT(MD5(" + row(dialect, table) + "), 16), 16, 10) AS UNSIGNED)";
    }

    private static BigInteger width(Connection connection, Dialect dialect, Table table) throws SQLException {
        String key = dialect.quote(table.schema().key().get(0));
        String sql = "SELECT MIN(" + key + "), MAX(" + key + "), COUNT(*) FROM " + dialect.quote(table.name());
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            long count = rows.getLong(3);
            if (count == 0) {
                return BigInteger.valueOf(ROWS);
            }
            BigInteger span = new BigInteger(rows.getString(2)).subtract(new BigInteger(rows.getString(1)));
            BigInteger width = span.divide(BigInteger.valueOf(1 + count / ROWS)).max(BigInteger.valueOf(ROWS));
            // A server divides by what is a number to it.
            return width.min(BigInteger.valueOf(Long.MAX_VALUE));
        }
    }

    /**
     * All values of a row as one value. Each is written once, as that is what takes the time; only values that may hold any characters need
     * their length before them. Long ones are hashed by themselves: a server joins no more than max_allowed_packet.
     */
    private static String row(Dialect dialect, Table table) {
        List<String> parts = new ArrayList<>();
        for (Field field : table.schema().fields()) {
            parts.add(value(field, dialect.quote(field.name())));
        }
        return parts.isEmpty() ? "''" : "CONCAT(" + String.join(", ", parts) + ")";
    }

    private static String value(Field field, String column) {
        return switch (field.type()) {
            case FLOAT -> plain("CAST(" + column + " * 1e0 AS CHAR)");
            case TEXT, BYTES ->
                MySqlValues.isLong(field)
                        ? plain("MD5(" + column + ")")
                        : "IFNULL(LENGTH(" + column + "), 'N'), ':', IFNULL(CAST(" + column + " AS BINARY), '')";
            case JSON ->
                plain(
                        field.nativeType().startsWith("json")
                                ? "MD5(CONVERT(" + column + " USING utf8mb4))"
                                : "MD5(" + column + ")");
            default -> plain("CAST(" + column + " AS CHAR)");
        };
    }

    /** A value without N and comma. */
    private static String plain(String value) {
        return "IFNULL(" + value + ", 'N'), ','";
    }

    /** Whether the server gave a digest of each row: some are set up to give none, and none comes of a row that is too long for it. */
    boolean isComplete() {
        return complete;
    }

    /** How long the server took, in nanoseconds. */
    long nanos() {
        return nanos;
    }

    BigInteger width() {
        return width;
    }

    /** How many rows there are. */
    long count() {
        return ranges.values().stream().mapToLong(RangeDigest::count).sum();
    }

    /** Whether so many rows have come into the ranges that new ones pay. */
    boolean isTooCoarse() {
        return width.signum() > 0 && count() / Math.max(1, ranges.size()) > 8L * ROWS;
    }

    Map<BigInteger, RangeDigest> ranges() {
        return ranges;
    }

    /** The key of the mark of a range. */
    static byte[] markKey(BigInteger range) {
        byte[] number = new RecordKey.Builder().addInteger(range).build().bytes();
        byte[] key = new byte[number.length + 1];
        key[0] = 'r';
        System.arraycopy(number, 0, key, 1, number.length);
        return key;
    }

    static byte[] headerKey() {
        return HEADER.clone();
    }

    /** How the digests are made; other ones can't be compared. */
    static byte[] header(BigInteger width) {
        return ("2 " + width).getBytes(StandardCharsets.US_ASCII);
    }

    MarkCursor marks() {
        return marks(header(width), ranges);
    }

    /** A header without digests. */
    static MarkCursor marks(byte[] header) {
        return marks(header, new TreeMap<>());
    }

    private static MarkCursor marks(byte[] header, TreeMap<BigInteger, RangeDigest> ranges) {
        Iterator<Map.Entry<BigInteger, RangeDigest>> left = ranges.entrySet().iterator();
        return new MarkCursor() {
            private byte[] key = {};
            private byte[] value = {};

            @Override
            public boolean next() {
                if (key.length == 0) {
                    key = headerKey();
                    value = header;
                    return true;
                } else if (!left.hasNext()) {
                    return false;
                }
                Map.Entry<BigInteger, RangeDigest> range = left.next();
                key = markKey(range.getKey());
                value = range.getValue().mark();
                return true;
            }

            @Override
            public byte[] key() {
                return key;
            }

            @Override
            public byte[] value() {
                return value;
            }

            @Override
            public void close() {}
        };
    }
}
