package io.crmbackup.jdbc.internal.h2;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.ValueFormat;
import io.crmbackup.jdbc.internal.sql.ArrayText;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import io.crmbackup.jdbc.internal.sql.FloatText;
import io.crmbackup.jdbc.internal.sql.Utf8;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * H2's values. H2 renders a value by itself when it is asked for as a string, and reads that string back when it is assigned to a column of
 * the type; neither depends on the time zone or locale. Exceptions: bytes, geometries (as EWKB) and serialised objects, which are never
 * deserialised, go as bytes; large objects as streams; floating-point numbers as {@link FloatText}; arrays element by element as
 * {@link ArrayText}.
 */
public abstract class H2Values implements ValueFormat {
    private static final H2Values PLAIN = new Plain("?");
    private static final H2Values JSON = new Plain("? FORMAT JSON");
    private static final H2Values BOOLEANS = new Booleans();
    private static final H2Values FLOATS = new Floats();
    private static final H2Values BYTES = new Bytes();
    private static final H2Values BLOBS = new Blobs();
    private static final H2Values CLOBS = new Clobs();

    /** The type of a field, by H2's name of its data type; empty if such values can't be captured. */
    static Optional<FieldType> type(String dataType) {
        return Optional.ofNullable(
                switch (dataType) {
                    case "BOOLEAN" -> FieldType.BOOLEAN;
                    case "TINYINT", "SMALLINT", "INTEGER", "BIGINT" -> FieldType.INTEGER;
                    case "NUMERIC", "DECIMAL" -> FieldType.DECIMAL;
                    case "REAL", "DOUBLE PRECISION", "FLOAT" -> FieldType.FLOAT;
                    case "CHARACTER", "CHARACTER VARYING", "VARCHAR_IGNORECASE", "CHARACTER LARGE OBJECT", "ENUM" ->
                        FieldType.TEXT;
                    case "BINARY", "BINARY VARYING", "BINARY LARGE OBJECT", "GEOMETRY", "JAVA_OBJECT" ->
                        FieldType.BYTES;
                    case "DATE" -> FieldType.DATE;
                    case "TIME", "TIME WITH TIME ZONE", "INTERVAL" -> FieldType.TIME;
                    case "TIMESTAMP" -> FieldType.TIMESTAMP;
                    case "TIMESTAMP WITH TIME ZONE" -> FieldType.TIMESTAMP_WITH_ZONE;
                    case "UUID" -> FieldType.UUID;
                    case "JSON" -> FieldType.JSON;
                    case "DECFLOAT", "ARRAY" -> FieldType.OTHER;
                    default -> null;
                });
    }

    static ValueFormat format(Field field) {
        String type = field.nativeType();
        return switch (field.type()) {
            case BOOLEAN -> BOOLEANS;
            case FLOAT -> FLOATS;
            case JSON -> JSON;
            case TEXT -> type.startsWith("CHARACTER LARGE OBJECT") ? CLOBS : PLAIN;
            case BYTES -> type.startsWith("BINARY LARGE OBJECT") ? BLOBS : BYTES;
            case OTHER -> type.startsWith("DECFLOAT") ? PLAIN : new Arrays(type);
            default -> PLAIN;
        };
    }

    @Override
    public void bind(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException {
        if (value.isNull()) {
            statement.setNull(index, Types.NULL);
        } else {
            set(statement, index, value);
        }
    }

    abstract void set(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException;

    private static String wholeText(FieldValue value) throws IOException {
        return new String(Dialect.wholeValue(value), StandardCharsets.UTF_8);
    }

    /** What H2 renders. */
    private static final class Plain extends H2Values {
        private final String placeholder;

        Plain(String placeholder) {
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

    private static final class Booleans extends H2Values {
        @Override
        public FieldValue read(ResultSet row, int index) throws SQLException {
            boolean value = row.getBoolean(index);
            return row.wasNull() ? FieldValue.NULL : FieldValue.text(Boolean.toString(value));
        }

        @Override
        void set(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException {
            statement.setString(index, wholeText(value));
        }
    }

    private static final class Floats extends H2Values {
        @Override
        public FieldValue read(ResultSet row, int index) throws SQLException {
            boolean single = row.getMetaData().getColumnType(index) == Types.REAL;
            String text = single ? FloatText.of(row.getFloat(index)) : FloatText.of(row.getDouble(index));
            return row.wasNull() ? FieldValue.NULL : FieldValue.text(text);
        }

        @Override
        void set(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException {
            statement.setString(index, wholeText(value));
        }
    }

    private static final class Bytes extends H2Values {
        @Override
        public FieldValue read(ResultSet row, int index) throws SQLException {
            return FieldValue.of(row.getBytes(index));
        }

        @Override
        void set(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException {
            statement.setBytes(index, Dialect.wholeValue(value));
        }
    }

    private static final class Blobs extends H2Values {
        @Override
        public FieldValue read(ResultSet row, int index) throws SQLException {
            Blob blob = row.getBlob(index);
            if (blob == null) {
                return FieldValue.NULL;
            }
            long length = blob.length();
            if (length <= RecordCodec.LONGEST_INLINE) {
                return FieldValue.of(row.getBytes(index));
            }
            return FieldValue.content(
                    () -> {
                        try {
                            return blob.getBinaryStream();
                        } catch (SQLException e) {
                            throw new DatabaseException("reading a BLOB", e);
                        }
                    },
                    length);
        }

        @Override
        void set(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException {
            // H2 copies the stream to its own storage at once.
            try (InputStream in = value.open()) {
                statement.setBinaryStream(index, in);
            }
        }
    }

    private static final class Clobs extends H2Values {
        @Override
        public FieldValue read(ResultSet row, int index) throws SQLException, IOException {
            Clob clob = row.getClob(index);
            if (clob == null) {
                return FieldValue.NULL;
            }
            if (clob.length() <= RecordCodec.LONGEST_INLINE) {
                return FieldValue.of(Utf8.encode(row.getString(index)));
            }
            return FieldValue.content(
                    () -> {
                        try {
                            return Utf8.stream(clob.getCharacterStream());
                        } catch (SQLException e) {
                            throw new DatabaseException("reading a CLOB", e);
                        }
                    },
                    -1);
        }

        @Override
        void set(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException {
            try (Reader reader = new InputStreamReader(
                    value.open(),
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT))) {
                statement.setCharacterStream(index, reader);
            }
        }
    }

    private static final class Arrays extends H2Values {
        private final H2Values elements;

        Arrays(String type) {
            String element = type.replaceFirst(" ARRAY(\\[\\d+])?$", "");
            elements = element.equals(type) ? PLAIN : elementFormat(element);
        }

        private static H2Values elementFormat(String type) {
            if (type.matches("(?s).* ARRAY(\\[\\d+])?")) {
                return new Arrays(type);
            }
            String name = type.replaceFirst("\\(.*", "");
            return switch (name) {
                case "BINARY", "BINARY VARYING", "BINARY LARGE OBJECT", "GEOMETRY", "JAVA_OBJECT" -> BYTES;
                case "REAL", "DOUBLE PRECISION" -> FLOATS;
                default -> PLAIN;
            };
        }

        @Override
        public FieldValue read(ResultSet row, int index) throws SQLException, IOException {
            Array array = row.getArray(index);
            return array == null ? FieldValue.NULL : FieldValue.of(Utf8.encode(ArrayText.write(items(array))));
        }

        private List<@Nullable Object> items(Array array) throws SQLException, IOException {
            List<@Nullable Object> items = new ArrayList<>();
            try (ResultSet rows = array.getResultSet()) {
                while (rows.next()) {
                    if (elements instanceof Arrays nested) {
                        Array inner = rows.getArray(2);
                        items.add(inner == null ? null : nested.items(inner));
                    } else {
                        FieldValue value = elements.read(rows, 2);
                        items.add(
                                value.isNull()
                                        ? null
                                        : elements.equals(BYTES) ? ArrayText.hex(value.bytes()) : value.text());
                    }
                }
            } finally {
                array.free();
            }
            return items;
        }

        @Override
        void set(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException {
            statement.setObject(index, objects(ArrayText.read(wholeText(value))));
        }

        private @Nullable Object[] objects(List<?> items) {
            return items.stream()
                    .map(item -> item instanceof List<?> inner
                            ? ((elements instanceof Arrays nested) ? nested : this).objects(inner)
                            : item instanceof String text && elements.equals(BYTES) ? ArrayText.bytes(text) : item)
                    .toArray();
        }
    }
}
