package io.crmbackup.jdbc.internal.standard;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.ValueFormat;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import io.crmbackup.jdbc.internal.sql.FloatText;
import io.crmbackup.jdbc.internal.sql.Utf8;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCodec;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;

/**
 * Values by what every driver has: the text that the database renders, numbers of binary floating point by their bits, bytes, and streams. A
 * large object is asked for once a row, as some databases give it no second time.
 */
public abstract class StandardValues implements ValueFormat {
    /** What the database renders as text. */
    public static final ValueFormat TEXT = new Text("?");

    public static final ValueFormat BOOLEAN = new Booleans();
    /** Single precision. */
    public static final ValueFormat REAL = new Reals();
    /** Double precision. */
    public static final ValueFormat DOUBLE = new Doubles();

    public static final ValueFormat BYTES = new Bytes();
    public static final ValueFormat BLOB = new Blobs();
    public static final ValueFormat CLOB = new Clobs("%s", "?");

    private final int sqlType;

    private StandardValues(int sqlType) {
        this.sqlType = sqlType;
    }

    /** Text that is written by an expression. */
    public static ValueFormat text(String placeholder) {
        return new Text(placeholder);
    }

    /** A character stream that is read and written by expressions; %s stands for the column. */
    public static ValueFormat clob(String selection, String placeholder) {
        return new Clobs(selection, placeholder);
    }

    @Override
    public final void bind(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException {
        if (value.isNull()) {
            statement.setNull(index, sqlType);
        } else {
            set(statement, index, value);
        }
    }

    abstract void set(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException;

    private static String wholeText(FieldValue value) throws IOException {
        return new String(Dialect.wholeValue(value), StandardCharsets.UTF_8);
    }

    /** Drivers don't close streams. */
    private static final class ClosedAtEnd extends FilterInputStream {
        private boolean ended;

        ClosedAtEnd(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            return ended ? -1 : checked(in.read());
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return ended ? -1 : checked(in.read(bytes, offset, length));
        }

        private int checked(int read) throws IOException {
            if (read < 0) {
                ended = true;
                close();
            }
            return read;
        }
    }

    private static final class Text extends StandardValues {
        private final String placeholder;

        Text(String placeholder) {
            super(Types.VARCHAR);
            this.placeholder = placeholder;
        }

        @Override
        public FieldValue read(ResultSet row, int index) throws SQLException, IOException {
            String text = row.getString(index);
            return text == null ? FieldValue.NULL : FieldValue.of(Utf8.encode(text));
        }

        @Override
        public String placeholder() {
            return placeholder;
        }

        @Override
        void set(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException {
            statement.setString(index, wholeText(value));
        }
    }

    private static final class Booleans extends StandardValues {
        Booleans() {
            super(Types.BOOLEAN);
        }

        @Override
        public FieldValue read(ResultSet row, int index) throws SQLException {
            boolean value = row.getBoolean(index);
            return row.wasNull() ? FieldValue.NULL : FieldValue.text(Boolean.toString(value));
        }

        @Override
        void set(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException {
            String text = wholeText(value);
            if (!text.equals("true") && !text.equals("false")) {
                throw new IOException("not a boolean value");
            }
            statement.setBoolean(index, text.equals("true"));
        }
    }

    private static final class Reals extends StandardValues {
        Reals() {
            super(Types.REAL);
        }

        @Override
        public FieldValue read(ResultSet row, int index) throws SQLException {
            String text = FloatText.of(row.getFloat(index));
            return row.wasNull() ? FieldValue.NULL : FieldValue.text(text);
        }

        @Override
        void set(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException {
            statement.setFloat(index, Float.parseFloat(wholeText(value)));
        }
    }

    private static final class Doubles extends StandardValues {
        Doubles() {
            super(Types.DOUBLE);
        }

        @Override
        public FieldValue read(ResultSet row, int index) throws SQLException {
            String text = FloatText.of(row.getDouble(index));
            return row.wasNull() ? FieldValue.NULL : FieldValue.text(text);
        }

        @Override
        void set(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException {
            statement.setDouble(index, Double.parseDouble(wholeText(value)));
        }
    }

    private static final class Bytes extends StandardValues {
        Bytes() {
            super(Types.VARBINARY);
        }

        @Override
        public FieldValue read(ResultSet row, int index) throws SQLException {
            return FieldValue.of(row.getBytes(index));
        }

        @Override
        void set(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException {
            statement.setBytes(index, Dialect.wholeValue(value));
        }
    }

    private static final class Blobs extends StandardValues {
        Blobs() {
            super(Types.BLOB);
        }

        @Override
        public FieldValue read(ResultSet row, int index) throws SQLException {
            Blob blob = row.getBlob(index);
            if (blob == null) {
                return FieldValue.NULL;
            }
            long length = blob.length();
            if (length <= RecordCodec.LONGEST_INLINE) {
                return FieldValue.of(length == 0 ? new byte[0] : blob.getBytes(1, (int) length));
            }
            return FieldValue.content(
                    () -> {
                        try {
                            return blob.getBinaryStream();
                        } catch (SQLException e) {
                            throw new DatabaseException("reading a large object", e);
                        }
                    },
                    length);
        }

        @Override
        void set(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException {
            if (value.isContent()) {
                statement.setBinaryStream(index, new ClosedAtEnd(value.open()));
            } else {
                statement.setBytes(index, value.bytes());
            }
        }
    }

    private static final class Clobs extends StandardValues {
        private final String selection;
        private final String placeholder;

        Clobs(String selection, String placeholder) {
            super(Types.CLOB);
            this.selection = selection;
            this.placeholder = placeholder;
        }

        @Override
        public String selection(String column) {
            return selection.replace("%s", column);
        }

        @Override
        public String placeholder() {
            return placeholder;
        }

        @Override
        public FieldValue read(ResultSet row, int index) throws SQLException, IOException {
            Clob clob = row.getClob(index);
            if (clob == null) {
                return FieldValue.NULL;
            }
            long length = clob.length();
            if (length <= RecordCodec.LONGEST_INLINE) {
                return FieldValue.of(Utf8.encode(length == 0 ? "" : clob.getSubString(1, (int) length)));
            }
            return FieldValue.content(
                    () -> {
                        try {
                            return Utf8.stream(clob.getCharacterStream());
                        } catch (SQLException e) {
                            throw new DatabaseException("reading a large object", e);
                        }
                    },
                    -1);
        }

        @Override
        void set(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException {
            if (!value.isContent()) {
                statement.setString(index, wholeText(value));
                return;
            }
            Reader reader = new InputStreamReader(
                    new ClosedAtEnd(value.open()),
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT));
            statement.setCharacterStream(index, reader);
        }
    }
}
