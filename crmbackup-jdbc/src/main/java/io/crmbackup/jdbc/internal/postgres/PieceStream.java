package io.crmbackup.jdbc.internal.postgres;

import io.crmbackup.jdbc.internal.sql.DatabaseException;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The bytes of a query's rows one after the other, of which one is in memory at a time. */
final class PieceStream extends InputStream {
    private final Statement statement;
    private final ResultSet rows;
    private byte[] piece = new byte[0];
    private int at;

    PieceStream(Connection connection, String sql) throws SQLException {
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
    public int read() throws IOException {
        return fill() ? piece[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, piece.length - at);
        System.arraycopy(piece, at, target, offset, count);
        at += count;
        return count;
    }

    private boolean fill() throws IOException {
        try {
            while (at == piece.length) {
                if (!rows.next()) {
                    return false;
                }
                piece = rows.getBytes(1);
                at = 0;
            }
            return true;
        } catch (SQLException e) {
            throw new DatabaseException("reading a large value", e);
        }
    }

    @Override
    public void close() throws IOException {
        try (statement) {
            rows.close();
        } catch (SQLException e) {
            throw new DatabaseException("closing a large value", e);
        }
    }
}
