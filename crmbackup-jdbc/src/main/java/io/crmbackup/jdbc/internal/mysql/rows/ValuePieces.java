package io.crmbackup.jdbc.internal.mysql.rows;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.PieceStream;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import java.io.IOException;
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
final class ValuePieces extends PieceStream {
    private static final int LONGEST_PIECE = 4 << 20;

    private static final String VARIABLE = "@crmbackup_large_value";

    private final Connection connection;
    private final String what;
    private final int length;
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
        long packet = Dialect.number(connection, "SELECT @@max_allowed_packet");
        this.length = (int) Math.min(LONGEST_PIECE, packet / 2);
        Dialect.execute(connection, "SET " + VARIABLE + " = (" + query + ")");
    }

    @Override
    protected byte @Nullable [] nextPiece() throws IOException {
        if (ended) {
            return null;
        }
        String part = "SUBSTRING(" + VARIABLE + ", " + next + ", " + length + ")";
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + part)) {
            row.next();
            byte @Nullable [] bytes = row.getBytes(1);
            if (bytes == null) {
                throw new IOException("the server could not hold the large value " + what + " in its memory");
            }
            next += length;
            ended = bytes.length == 0;
            return bytes;
        } catch (SQLException e) {
            throw new DatabaseException("reading the large value " + what, e);
        }
    }

    @Override
    public void close() throws IOException {
        super.close();
        ended = true;
        try {
            Dialect.execute(connection, "SET " + VARIABLE + " = NULL");
        } catch (SQLException e) {
            throw new DatabaseException("closing the large value " + what, e);
        }
    }
}
