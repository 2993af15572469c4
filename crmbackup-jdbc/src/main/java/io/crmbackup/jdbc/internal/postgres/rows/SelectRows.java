package io.crmbackup.jdbc.internal.postgres.rows;

import io.crmbackup.jdbc.internal.dialect.RowStream;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows by a SELECT through a cursor of the server, for drivers that have no COPY. */
final class SelectRows implements RowStream {
    /** A row may have some megabytes: few at a time. */
    private static final int FETCHED_ROWS = 50;

    private final List<PostgresValues> formats;
    private final PreparedStatement statement;
    private final ResultSet rows;

    SelectRows(Connection connection, String select, List<Column> columns) throws SQLException {
        this(connection, select, columns, FETCHED_ROWS);
    }

    /**
     * Begins to read.
     *
     * @param fetched how many rows the server sends at a time
     */
    SelectRows(Connection connection, String select, List<Column> columns, int fetched) throws SQLException {
        this.formats = columns.stream()
                .map(column -> PostgresValues.of(column.field()))
                .toList();
        this.statement = connection.prepareStatement(select, ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
        try {
            statement.setFetchSize(fetched);
            this.rows = statement.executeQuery();
        } catch (SQLException e) {
            try {
                statement.close();
            } catch (SQLException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    @Override
    public @Nullable Row next() throws SQLException {
        return rows.next() ? this::values : null;
    }

    private FieldValue[] values() throws IOException, SQLException {
        FieldValue[] values = new FieldValue[formats.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = formats.get(i).read(rows, i + 1);
        }
        return values;
    }

    @Override
    public void close() throws SQLException {
        try (statement) {
            rows.close();
        }
    }
}
