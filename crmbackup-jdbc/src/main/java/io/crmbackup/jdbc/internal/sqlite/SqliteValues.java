package io.crmbackup.jdbc.internal.sqlite;

import io.crmbackup.jdbc.internal.dialect.ValueFormat;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import io.crmbackup.jdbc.internal.sql.FloatText;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCodec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Arrays;

/**
 * SQLite's values, each with its own type. Text goes as bytes in the database's encoding: SQLite lets it hold NUL and bytes that are not valid
 * in that encoding. The driver offers no streams: a value is one array in memory while it is written, and so it is while it is read, unless it
 * is long and its row has an id by which it is asked for in pieces.
 */
public abstract class SqliteValues implements ValueFormat {
    /** Values of any type, each with its type's letter before it. */
    static final ValueFormat DYNAMIC = new Dynamic();

    /** Longer values are read in pieces of this length, if they can be. */
    private static final long PIECE = 4L << 20;

    /** The row id: always a whole number. */
    static final ValueFormat ROW_ID = new RowId();

    /** As {@link #DYNAMIC}, of a table whose rows have ids; all names are as SQL needs them. */
    static ValueFormat ofRow(String table, String rowId, String column) {
        return new Dynamic() {
            @Override
            public String selection(String selected) {
                String length = "length(CAST(" + selected + " AS BLOB))";
                // Of long text and bytes the row has the id in the place of the value.
                return "typeof(" + selected + "), " + length + ", CASE WHEN " + length + " > " + PIECE + " THEN "
                        + rowId + " ELSE " + selected + " END";
            }

            @Override
            InputStream open(ResultSet row, int index, long length) throws SQLException, IOException {
                if (length <= PIECE) {
                    return super.open(row, index, length);
                }
                // The value is computed once for all pieces, as it refers to nothing of theirs, and stays in the memory
                // of SQLite.
                String sql = "WITH RECURSIVE piece(start) AS (SELECT 1 UNION ALL SELECT start + " + PIECE
                        + " FROM piece WHERE start + " + PIECE + " <= " + length + ") SELECT substr((SELECT CAST("
                        + column + " AS BLOB) FROM " + table + " WHERE " + rowId + " = " + row.getLong(index + 2)
                        + "), start, " + PIECE + ") FROM piece";
                return new SqlitePieces(row.getStatement().getConnection(), sql, length);
            }
        };
    }

    private static final class RowId extends SqliteValues {
        @Override
        public FieldValue read(ResultSet row, int index) throws SQLException {
            return FieldValue.number(row.getLong(index));
        }

        @Override
        public void bind(PreparedStatement statement, int index, FieldValue value) throws SQLException {
            statement.setLong(index, Long.parseLong(String.valueOf(value.text())));
        }
    }

    private static class Dynamic extends SqliteValues {
        @Override
        public String selection(String column) {
            return "typeof(" + column + "), length(CAST(" + column + " AS BLOB)), " + column;
        }

        @Override
        public int selected() {
            return 3;
        }

        @Override
        public FieldValue read(ResultSet row, int index) throws SQLException, IOException {
            String type = row.getString(index);
            return switch (type) {
                case "null" -> FieldValue.NULL;
                case "integer" -> FieldValue.text("i" + row.getLong(index + 2));
                case "real" -> FieldValue.text("r" + FloatText.of(row.getDouble(index + 2)));
                case "text" -> bytes('t', row, index);
                case "blob" -> bytes('b', row, index);
                default -> throw new IOException("SQLite has a type of value that is not known: " + type);
            };
        }

        private FieldValue bytes(char letter, ResultSet row, int index) throws SQLException {
            long length = row.getLong(index + 1);
            if (length < RecordCodec.LONGEST_INLINE) {
                byte[] value = nonNull(row.getBytes(index + 2));
                byte[] bytes = new byte[value.length + 1];
                bytes[0] = (byte) letter;
                System.arraycopy(value, 0, bytes, 1, value.length);
                return FieldValue.of(bytes);
            }
            return FieldValue.content(
                    () -> {
                        try {
                            return new SequenceInputStream(
                                    new ByteArrayInputStream(new byte[] {(byte) letter}), open(row, index, length));
                        } catch (SQLException e) {
                            throw new DatabaseException("reading a value", e);
                        }
                    },
                    length + 1);
        }

        /** The bytes of a long value. */
        @SuppressWarnings("UnusedVariable") // whoever reads it in pieces has to know its length
        InputStream open(ResultSet row, int index, long length) throws SQLException, IOException {
            return new ByteArrayInputStream(nonNull(row.getBytes(index + 2)));
        }

        /** The driver gives null for a value without bytes. */
        private static byte[] nonNull(byte[] bytes) {
            return bytes == null ? new byte[0] : bytes;
        }

        @Override
        public String placeholder() {
            // One of the two is null. A cast gives bytes the type text and leaves them as they are.
            return "coalesce(CAST(? AS TEXT), ?)";
        }

        @Override
        public int bound() {
            return 2;
        }

        @Override
        public void bind(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException {
            statement.setNull(index, Types.NULL);
            statement.setNull(index + 1, Types.NULL);
            if (value.isNull()) {
                return;
            }
            int letter;
            byte[] rest;
            if (value.isContent()) {
                try (InputStream in = value.open()) {
                    letter = in.read();
                    rest = in.readAllBytes();
                }
            } else {
                byte[] bytes = value.bytes();
                letter = bytes.length == 0 ? -1 : bytes[0];
                rest = bytes.length == 0 ? bytes : Arrays.copyOfRange(bytes, 1, bytes.length);
            }
            switch (letter) {
                case 'i' -> statement.setLong(index + 1, Long.parseLong(ascii(rest)));
                case 'r' -> statement.setDouble(index + 1, Double.parseDouble(ascii(rest)));
                case 't' -> statement.setBytes(index, rest);
                case 'b' -> statement.setBytes(index + 1, rest);
                default -> throw new IOException("not a value of SQLite: its first byte is " + letter);
            }
        }

        private static String ascii(byte[] bytes) {
            return new String(bytes, StandardCharsets.US_ASCII);
        }
    }
}
