package io.crmbackup.jdbc.internal.postgres.rows;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.spi.CapturedCollection.Order;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the rows of a table that are too large to be held in memory, so that their large values can be read in pieces. The server knows most
 * values' lengths without reading them; tables that have no large values at all are not even looked at.
 */
final class LargeRows {
    /** The most bytes of a row that is read in one piece. */
    static final long LARGEST_ROW = 4 << 20;

    /** Compressed, a large value may be 255 times shorter. */
    private static final long LEAST_STORED = LARGEST_ROW / 256;

    private final PostgresTable table;

    LargeRows(PostgresTable table) {
        this.table = table;
    }

    /**
     * A row.
     *
     * @param place where it lies, which stays as long as the snapshot does
     * @param key its key, as an expression; empty if the table's rows have none
     */
    record Place(String place, String key) {}

    /** Those for which a condition holds. */
    List<Place> find(Connection connection, String condition) throws SQLException {
        List<Place> found = new ArrayList<>();
        if (!mayHaveAny(connection)) {
            return found;
        }
        boolean ordered = table.table().order() == Order.BY_KEY;
        List<String> key =
                ordered ? table.key().stream().map(LargeRows::literal).toList() : List.of("''");
        String sql = "SELECT ctid, pg_catalog.concat_ws(', ', " + String.join(", ", key) + ") FROM ONLY "
                + TableRead.name(table) + " WHERE " + condition + " AND " + isLarge()
                + (ordered ? " ORDER BY " + TableRead.keyColumns(table) : "");
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(1000);
            try (ResultSet rows = statement.executeQuery(sql)) {
                while (rows.next()) {
                    found.add(new Place(rows.getString(1), rows.getString(2)));
                }
            }
        }
        return found;
    }

    private boolean mayHaveAny(Connection connection) throws SQLException {
        long toast = table.relation().toast();
        boolean possible = toast != 0
                && table.columns().stream().anyMatch(column -> column.base().variable());
        return possible
                && Dialect.number(connection, "SELECT pg_catalog.pg_relation_size(" + toast + ")") > LEAST_STORED;
    }

    /** A key's value as what its type is made of: a cast to a domain would run the domain's checks. Keys that order rows are of the server's own types. */
    private static String literal(Column column) {
        return "pg_catalog.quote_literal(pg_catalog.format('%s', " + TableRead.quote(column.name())
                + ")) || '::pg_catalog." + column.base().name() + "'";
    }

    /** The condition that a row is large. */
    String isLarge() {
        List<String> lengths = table.columns().stream()
                .filter(column -> column.base().variable())
                .map(LargeRows::length)
                .toList();
        return lengths.isEmpty() ? "false" : String.join(" + ", lengths) + " > " + LARGEST_ROW;
    }

    /** The length of a value as text, 0 for none. Where only reading it would tell, short ones count as nothing. */
    static String length(Column column) {
        String name = TableRead.quote(column.name());
        return column.base().hasLength()
                ? "coalesce(pg_catalog.octet_length(" + name + ")::int8, 0)"
                : "CASE WHEN pg_catalog.pg_column_size(" + name + ") > " + LEAST_STORED / 2
                        + " THEN pg_catalog.octet_length(pg_catalog.format('%s', " + name + "))::int8 ELSE 0 END";
    }
}
