package io.crmbackup.jdbc.internal.mysql.rows;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.spi.CapturedCollection.Order;
import io.crmbackup.spi.FieldType;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Divides a table into ranges of about {@value #BYTES} bytes, by the first column of its primary key if that is a whole number. Ranges may
 * turn out larger or empty; together they are the table in its order.
 */
public final class KeyRanges {
    /** Some megabytes, so that a few ranges fit into memory whole. */
    private static final long BYTES = 4 << 20;

    private static final long MOST = 100_000;

    private KeyRanges() {}

    /** The conditions of the ranges, in order; none if the table is small or can't be divided. */
    public static List<String> of(Connection connection, Dialect dialect, Table table) throws SQLException {
        if (table.order() != Order.BY_KEY) {
            return List.of();
        }
        String first = table.schema().key().get(0);
        FieldType type =
                table.schema().fields().get(table.schema().indexOf(first)).type();
        long count = Math.min(MOST, size(connection, table) / BYTES);
        return type == FieldType.INTEGER && count > 1
                ? divided(connection, dialect, table, dialect.quote(first), count)
                : List.of();
    }

    /** About as many bytes as it has, by the server's statistics. */
    private static long size(Connection connection, Table table) throws SQLException {
        String sql = "SELECT COALESCE(DATA_LENGTH, 0) FROM information_schema.TABLES"
                + " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, table.name().table());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    private static List<String> divided(Connection connection, Dialect dialect, Table table, String column, long count)
            throws SQLException {
        BigInteger least;
        BigInteger most;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT MIN(" + column + ") + 0, MAX(" + column + ") + 0 FROM "
                        + dialect.quote(table.name()))) {
            row.next();
            if (row.getString(1) == null) {
                return List.of();
            }
            least = new BigInteger(row.getString(1));
            most = new BigInteger(row.getString(2));
        }
        BigInteger width =
                most.subtract(least).divide(BigInteger.valueOf(count)).max(BigInteger.ONE);
        List<String> ranges = new ArrayList<>();
        BigInteger from = least;
        for (BigInteger to = least.add(width); to.compareTo(most) < 0; to = to.add(width)) {
            ranges.add((ranges.isEmpty() ? "" : column + " >= " + from + " AND ") + column + " < " + to);
            from = to;
        }
        ranges.add(ranges.isEmpty() ? "" : column + " >= " + from);
        return ranges;
    }
}
