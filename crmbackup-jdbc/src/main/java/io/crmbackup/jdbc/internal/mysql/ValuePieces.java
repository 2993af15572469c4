package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * One large value, read in pieces. The server fetches a value as a whole before it takes a part of it; so that it does that once, and not for each
 * piece, it keeps the value in a variable of the session until the stream is closed. Pieces are of bytes, as characters would be counted from
 * the beginning for each, and stay below what the server sends at a time ({@code max_allowed_packet}).
 */
final class ValuePieces extends InputStream {
    private static final int LONGEST_PIECE = 4 << 20;

    private static final String VARIABLE = "@crmbackup_large_value";

    private final Connection connection;
    private final String what;
    private final int length;
    private byte[] piece = {};
    private int at;
    private long next = 1;
    private boolean ended;

    /**
     * Opens a value.
     *
     * @param query gives the value, as bytes, and nothing else
     * @param what names it in failures
     */
    ValuePieces(Connection connection, String query, String what) throws SQLException {
        this.connection = connection;
        this.what = what;
        long packet = Long.parseLong(
                Dialect.strings(connection, "SELECT @@max_allowed_packet").get(0));
        this.length = (int) Math.min(LONGEST_PIECE, packet / 2);
        Dialect.execute(connection, "SET " + VARIABLE + " = (" + query + ")");
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
        while (at == piece.length && !ended) {
            String part = "SUBSTRING(" + VARIABLE + ", " + next + ", " + length + ")";
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT " + part)) {
                row.next();
                byte @Nullable [] bytes = row.getBytes(1);
                if (bytes == null) {
                    throw new IOException("the server could not hold the large value " + what + " in its memory");
                }
                piece = bytes;
            } catch (SQLException e) {
                throw new DatabaseException("reading the large value " + what, e);
            }
            at = 0;
            next += length;
            ended = piece.length == 0;
        }
        return at < piece.length;
    }

    @Override
    public void close() throws IOException {
        ended = true;
        piece = new byte[0];
        at = 0;
        try {
            Dialect.execute(connection, "SET " + VARIABLE + " = NULL");
        } catch (SQLException e) {
            throw new DatabaseException("closing the large value " + what, e);
        }
    }
}
