package io.crmbackup.jdbc.internal.postgres.rows;

import io.crmbackup.jdbc.internal.dialect.PieceStream;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** The bytes of a query's rows one after the other, of which one is in memory at a time. */
final class RowPieces extends PieceStream {
    private final Statement statement;
    private final ResultSet rows;

    RowPieces(Connection connection, String sql) throws SQLException {
        this.statement = connection.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
        try {
            statement.setFetchSize(1);
            this.rows = statement.executeQuery(sql);
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
    protected byte @Nullable [] nextPiece() throws IOException {
        try {
            return rows.next() ? rows.getBytes(1) : null;
        } catch (SQLException e) {
            throw new DatabaseException("reading a large value", e);
        }
    }

    @Override
    public void close() throws IOException {
        super.close();
        try (statement) {
            rows.close();
        } catch (SQLException e) {
            throw new DatabaseException("closing a large value", e);
        }
    }
}
