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
 * in that encoding. A value has at most 1 GB and is one array in memory while it is read or written: the driver offers no streams.
 */
public abstract class SqliteValues implements ValueFormat {
    /** Values of any type, each with its type's letter before it. */
    static final ValueFormat DYNAMIC = new Dynamic();

    /** The row id: always a whole number. */
    static final ValueFormat ROW_ID = new RowId();

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

    private static final class Dynamic extends SqliteValues {
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

        private static FieldValue bytes(char letter, ResultSet row, int index) throws SQLException {
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
                                    new ByteArrayInputStream(new byte[] {(byte) letter}),
                                    new ByteArrayInputStream(nonNull(row.getBytes(index + 2))));
                        } catch (SQLException e) {
                            throw new DatabaseException("reading a value", e);
                        }
                    },
                    length + 1);
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
