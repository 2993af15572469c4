package io.crmbackup.jdbc.internal.sqlite;

import io.crmbackup.jdbc.internal.dialect.PieceStream;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** A long value as a query gives it, piece by piece. */
final class SqlitePieces extends PieceStream {
    private final Statement statement;
    private final ResultSet pieces;
    private long left;

    SqlitePieces(Connection connection, String sql, long length) throws SQLException {
        left = length;
        statement = connection.createStatement();
        try {
            pieces = statement.executeQuery(sql);
        } catch (SQLException e) {
            try (statement) {
                throw e;
            }
        }
    }

    @Override
    protected byte @Nullable [] nextPiece() throws IOException {
        if (left == 0) {
            return null;
        }
        try {
            byte[] next = pieces.next() ? pieces.getBytes(1) : null;
            if (next == null || next.length == 0 || next.length > left) {
                throw new IOException("SQLite gave another number of bytes than the value has");
            }
            left -= next.length;
            return next;
        } catch (SQLException e) {
            throw new DatabaseException("reading a value", e);
        }
    }

    @Override
    public void close() throws IOException {
        super.close();
        left = 0;
        try (statement) {
            pieces.close();
        } catch (SQLException e) {
            throw new DatabaseException("closing a value", e);
        }
    }
}
