package io.crmbackup.jdbc.internal.postgres.rows;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.spi.CapturedCollection.Order;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Divides a table into parts of about {@value #PAGES} pages: by its first key column if the order is to stay and that is a number, otherwise by where
 * the rows lie. Parts may turn out larger or empty; together they are the table in its order. A table whose rows are known to lie in another order than
 * their keys is not divided: each part would go through most of its pages.
 */
final class Parts {
    /** Some megabytes, so that a few parts fit into memory whole. */
    private static final int PAGES = 512;

    private static final int MOST = 100_000;

    /** How well the order of rows and that of keys agree at least, from 0 to 1, as far as the server knows. */
    private static final double AGREEMENT = 0.5;

    private Parts() {}

    /** The conditions of the parts, in order; one that is empty, for all rows, if the table is small or can't be divided. */
    static List<String> of(PostgresTable table, Connection connection) throws SQLException {
        long pages = Dialect.number(
                connection,
                "SELECT pg_catalog.pg_relation_size(" + table.relation().oid()
                        + ") / pg_catalog.current_setting('block_size')::int8");
        int count = (int) Math.min(MOST, pages / PAGES);
        if (count < 2) {
            return List.of("");
        }
        if (table.table().order() == Order.UNSORTED) {
            return byPlace(pages, count);
        }
        Column first = table.key().get(0);
        return switch (first.base().name()) {
            case "int2", "int4", "int8" -> byNumber(table, first, connection, count);
            default -> List.of("");
        };
    }

    private static List<String> byPlace(long pages, int count) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String from = "ctid >= '(" + pages * i / count + ",0)'::pg_catalog.tid";
            // The last part has no end: the table may have grown since, by rows that the snapshot has.
            parts.add(
                    i == count - 1 ? from : from + " AND ctid < '(" + pages * (i + 1) / count + ",0)'::pg_catalog.tid");
        }
        return parts;
    }

    private static List<String> byNumber(PostgresTable table, Column key, Connection connection, int count)
            throws SQLException {
        String name = TableRead.quote(key.name());
        List<String> ends = Dialect.strings(
                connection,
                "SELECT pg_catalog.unnest(ARRAY[min(" + name + "), max(" + name + ")]::text[]) FROM ONLY "
                        + TableRead.name(table));
        if (ends.contains(null) || !liesInOrder(table, key, connection)) {
            return List.of("");
        }
        BigInteger least = new BigInteger(ends.get(0));
        BigInteger span = new BigInteger(ends.get(1)).subtract(least);
        List<String> bounds = new ArrayList<>();
        for (int i = 1; i < count; i++) {
            String bound = least.add(span.multiply(BigInteger.valueOf(i)).divide(BigInteger.valueOf(count)))
                    .toString();
            if (bounds.isEmpty() || !bounds.get(bounds.size() - 1).equals(bound)) {
                bounds.add(bound);
            }
        }
        List<String> parts = new ArrayList<>();
        for (int i = 0; i <= bounds.size(); i++) {
            String from = i == 0 ? "" : name + " >= '" + bounds.get(i - 1) + "'";
            String to = i == bounds.size() ? "" : name + " < '" + bounds.get(i) + "'";
            parts.add(from + (from.isEmpty() || to.isEmpty() ? "" : " AND ") + to);
        }
        return parts;
    }

    private static boolean liesInOrder(PostgresTable table, Column key, Connection connection) throws SQLException {
        String sql =
                "SELECT correlation FROM pg_catalog.pg_stats WHERE NOT inherited AND schemaname = ? AND tablename = ? AND attname = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, table.relation().name().schema());
            statement.setString(2, table.relation().name().table());
            statement.setString(3, key.name());
            try (ResultSet rows = statement.executeQuery()) {
                return !rows.next() || rows.getString(1) == null || Math.abs(rows.getDouble(1)) >= AGREEMENT;
            }
        }
    }
}
