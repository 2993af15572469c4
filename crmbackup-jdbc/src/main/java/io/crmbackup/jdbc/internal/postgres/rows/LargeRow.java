package io.crmbackup.jdbc.internal.postgres.rows;

import io.crmbackup.jdbc.internal.dialect.RowStream;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One row that is too large to be held in memory: its long values are contents that are read from the server in pieces. */
final class LargeRow implements RowStream {
    /** Longer values are contents; more than what lies inside of records. */
    private static final int LONG = 1 << 16;

    private static final int PIECE = 1 << 20;

    private final Connection connection;
    private final PostgresTable table;
    private final String place;
    private boolean given;

    LargeRow(Connection connection, PostgresTable table, String place) {
        this.connection = connection;
        this.table = table;
        this.place = place;
    }

    @Override
    public @Nullable Row next() {
        if (given) {
            return null;
        }
        given = true;
        return this::values;
    }

    private FieldValue[] values() throws IOException, SQLException {
        Set<Column> large = large();
        FieldValue[] values;
        try (RowStream others = new TableRead(table).without(connection, large, here())) {
            Row row = others.next();
            if (row == null) {
                throw new IOException("a large row is gone, which can't be within a snapshot: " + place);
            }
            values = row.values();
        }
        for (int i = 0; i < values.length; i++) {
            Column column = table.columns().get(i);
            if (large.contains(column)) {
                values[i] = FieldValue.content(() -> open(column), -1);
            }
        }
        return values;
    }

    private String here() {
        return "ctid = '" + place + "'::pg_catalog.tid";
    }

    private Set<Column> large() throws SQLException {
        List<Column> candidates = table.columns().stream()
                .filter(column -> column.base().variable())
                .toList();
        String lengths = candidates.stream().map(LargeRows::length).collect(Collectors.joining(", "));
        List<Column> large = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT " + lengths + " FROM ONLY " + TableRead.name(table) + " WHERE " + here())) {
            row.next();
            for (int i = 0; i < candidates.size(); i++) {
                if (row.getLong(i + 1) > LONG) {
                    large.add(candidates.get(i));
                }
            }
        }
        return Set.copyOf(large);
    }

    /** The value is made once, below an OFFSET that keeps it from being made for each piece again. */
    private RowPieces open(Column column) throws IOException {
        String name = TableRead.quote(column.name());
        String bytes = switch (column.base().name()) {
            case "bytea" -> name + " || ''::pg_catalog.bytea";
            case "text", "varchar" -> "pg_catalog.convert_to(" + name + "::pg_catalog.text, 'UTF8')";
            default -> "pg_catalog.convert_to(pg_catalog.format('%s', " + name + "), 'UTF8')";
        };
        String sql = "SELECT pg_catalog.substr(x.v, i, " + PIECE + ") FROM (SELECT " + bytes + " AS v FROM ONLY "
                + TableRead.name(table) + " WHERE " + here()
                + " OFFSET 0) x, pg_catalog.generate_series(1, pg_catalog.octet_length(x.v), " + PIECE + ") i";
        try {
            return new RowPieces(connection, sql);
        } catch (SQLException e) {
            throw new DatabaseException("reading " + table.table().collection() + "." + column.name(), e);
        }
    }

    @Override
    public void close() {
        given = true;
    }
}
