package io.crmbackup.jdbc.internal.sqlite;

import io.crmbackup.jdbc.internal.sql.DatabaseException;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;

/** A long value as a query gives it, piece by piece. */
final class SqlitePieces extends InputStream {
    private final Statement statement;
    private final ResultSet pieces;
    private byte[] piece = {};
    private int position;
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
    public int read() throws IOException {
        return more() ? piece[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (!more()) {
            return -1;
        }
        int read = Math.min(length, piece.length - position);
        System.arraycopy(piece, position, target, offset, read);
        position += read;
        return read;
    }

    private boolean more() throws IOException {
        if (position < piece.length) {
            return true;
        }
        if (left == 0) {
            return false;
        }
        try {
            byte[] next = pieces.next() ? pieces.getBytes(1) : null;
            if (next == null || next.length == 0 || next.length > left) {
                throw new IOException("SQLite gave another number of bytes than the value has");
            }
            piece = next;
        } catch (SQLException e) {
            throw new DatabaseException("reading a value", e);
        }
        left -= piece.length;
        position = 0;
        return true;
    }

    @Override
    public void close() throws IOException {
        left = 0;
        piece = new byte[0];
        try (statement) {
            pieces.close();
        } catch (SQLException e) {
            throw new DatabaseException("closing a value", e);
        }
    }
}
