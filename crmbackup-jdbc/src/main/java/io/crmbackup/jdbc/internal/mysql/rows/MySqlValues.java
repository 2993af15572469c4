package io.crmbackup.jdbc.internal.mysql.rows;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.ValueFormat;
import io.crmbackup.jdbc.internal.sql.FloatText;
import io.crmbackup.jdbc.internal.sql.Utf8;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Optional;

/**
 * Values of MariaDB and MySQL, as the server writes them out in its text protocol: both drivers hand on those characters and bytes untouched,
 * where conversions of theirs lose zero dates, times beyond a day, unsigned numbers and what lies in a gap of the JVM's time zone. Text is
 * asked for as UTF-8. Only for dates, decimals and the like they
 * make objects of Java, so the server is asked to make text of them. Exceptions: binary floating-point numbers are asked for in double precision, as FLOAT is written with six digits only, and
 * kept as {@link FloatText}; numbers that are shown with leading zeros, or that a driver takes for truth values, as plain ones.
 */
public abstract class MySqlValues implements ValueFormat {
    private static final MySqlValues TEXT = new Text("", "");
    private static final MySqlValues ASCII = new Ascii();
    /** As digits and signs already are ASCII: to convert those of a date to the connection's characters takes a server as long as to read the row. */
    private static final MySqlValues RENDERED = new Text("CAST(", " AS BINARY)");
    /** Of what the server keeps in another form, which is what it gives as binary. */
    private static final MySqlValues WRITTEN = new Text("CAST(", " AS CHAR)");
    /** Not CAST, which gives text in the connection's character set. */
    private static final MySqlValues JSON = new Text("CONVERT(", " USING utf8mb4)");

    private static final MySqlValues PLAIN_DECIMAL = new Text("CAST(", " + 0 AS BINARY)");
    private static final MySqlValues NUMBER = new Numeric("");
    private static final MySqlValues PLAIN_NUMBER = new Numeric(" + 0");
    private static final MySqlValues YEAR = new Year();
    private static final MySqlValues SINGLE = new Floating(true);
    private static final MySqlValues DOUBLE = new Floating(false);
    private static final MySqlValues BYTES = new Bytes("", "");
    private static final MySqlValues BITS = new Bytes("CAST(", " AS BINARY)");

    /** What a column's native type says after the type where its character set has characters that Unicode doesn't tell apart. */
    static final String CHARACTER_SET = " character set ";

    /** The type of a field, by the name of its data type; empty if such values can't be captured. */
    public static Optional<FieldType> type(String dataType) {
        return Optional.ofNullable(
                switch (dataType) {
                    case "tinyint", "smallint", "mediumint", "int", "bigint", "year" -> FieldType.INTEGER;
                    case "decimal" -> FieldType.DECIMAL;
                    case "float", "double" -> FieldType.FLOAT;
                    case "char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set" ->
                        FieldType.TEXT;
                    case "bit", "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" -> FieldType.BYTES;
                    case "geometry", "point", "linestring", "polygon", "multipoint" -> FieldType.BYTES;
                    case "multilinestring", "multipolygon", "geometrycollection", "geomcollection" -> FieldType.BYTES;
                    case "date" -> FieldType.DATE;
                    case "time" -> FieldType.TIME;
                    case "datetime" -> FieldType.TIMESTAMP;
                    case "timestamp" -> FieldType.TIMESTAMP_WITH_ZONE;
                    case "uuid" -> FieldType.UUID;
                    case "json" -> FieldType.JSON;
                    case "inet4", "inet6" -> FieldType.OTHER;
                    default -> null;
                });
    }

    /** Whether a field of text or bytes may hold values that are too long for the server to join with others. */
    public static boolean isLong(Field field) {
        return !field.nativeType().matches("(?s)(char|varchar|enum|set|binary|varbinary|bit|tinytext|tinyblob)\\b.*");
    }

    /** Whether a field may hold values that are too long for memory. */
    static boolean isLarge(Field field) {
        return field.nativeType()
                .matches("(?s)(mediumtext|longtext|mediumblob|longblob|json|geom|point|linestring|polygon|multi).*");
    }

    public static MySqlValues format(Field field) {
        String type = field.nativeType();
        return switch (field.type()) {
            case INTEGER ->
                type.startsWith("year") ? YEAR : type.startsWith("tinyint(1)") ? PLAIN_NUMBER : number(type);
            case DECIMAL -> type.endsWith("zerofill") ? PLAIN_DECIMAL : RENDERED;
            case FLOAT -> type.startsWith("float") ? SINGLE : DOUBLE;
            case BYTES -> type.startsWith("bit") ? BITS : BYTES;
            case TEXT -> text(type);
            case JSON -> type.startsWith("json") ? JSON : text(type);
            case DATE, TIME, TIMESTAMP, TIMESTAMP_WITH_ZONE -> RENDERED;
            default -> WRITTEN;
        };
    }

    private static MySqlValues number(String type) {
        return type.endsWith("zerofill") ? PLAIN_NUMBER : NUMBER;
    }

    private static MySqlValues text(String type) {
        int at = type.lastIndexOf(CHARACTER_SET);
        MySqlValues text = at < 0 ? TEXT : inCharacters(type.substring(at + CHARACTER_SET.length()));
        return type.startsWith("enum(") && !type.matches("(?s).*[(,]''[,)].*") ? new Choice(text) : text;
    }

    private static MySqlValues inCharacters(String characters) {
        return characters.equals("ascii") ? ASCII : new ForeignText(characters);
    }

    @Override
    public void bind(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException {
        if (value.isNull()) {
            statement.setNull(index, Types.NULL);
        } else {
            set(statement, index, value);
        }
    }

    void set(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException {
        statement.setString(index, wholeText(value));
    }

    /** Whether {@link #loaded} gives each value as it is. */
    public boolean isLoadedAsItIs() {
        return true;
    }

    /** The text that stands for a value, which is not null, where rows are loaded as text; bytes stand for themselves. */
    public FieldValue loaded(FieldValue value) throws IOException {
        return value;
    }

    private static String wholeText(FieldValue value) throws IOException {
        return new String(Dialect.wholeValue(value), StandardCharsets.UTF_8);
    }

    /** What the server writes, in UTF-8. */
    private static class Text extends MySqlValues {
        private final String before;
        private final String after;

        Text(String before, String after) {
            this.before = before;
            this.after = after;
        }

        @Override
        public String selection(String column) {
            return before + column + after;
        }

        @Override
        public FieldValue read(ResultSet row, int index) throws SQLException, IOException {
            return textOf(row.getBytes(index));
        }
    }

    /** One of several texts, or none of them, which looks like an empty one and is number 0: where rows are loaded as text, numbers are taken as such. */
    private static final class Choice extends MySqlValues {
        private static final FieldValue NONE_OF_THEM = FieldValue.text("00000");

        private final MySqlValues text;

        Choice(MySqlValues text) {
            this.text = text;
        }

        @Override
        public String selection(String column) {
            return text.selection(column);
        }

        @Override
        public int selected() {
            return text.selected();
        }

        @Override
        public FieldValue read(ResultSet row, int index) throws SQLException, IOException {
            return text.read(row, index);
        }

        @Override
        public boolean isLoadedAsItIs() {
            return false;
        }

        @Override
        public FieldValue loaded(FieldValue value) {
            return value.length() == 0 ? NONE_OF_THEM : value;
        }
    }

    private static FieldValue textOf(byte[] bytes) throws IOException {
        return checked(bytes, bytes == null || Utf8.isText(bytes));
    }

    private static FieldValue checked(byte[] bytes, boolean isText) throws IOException {
        if (!isText) {
            throw new IOException("it holds bytes that are no text; repair the value, or exclude the table");
        }
        return FieldValue.of(bytes);
    }

    /** Servers let other bytes into such columns, and would write question marks for them. */
    private static final class Ascii extends Text {
        Ascii() {
            super("CAST(", " AS BINARY)");
        }

        @Override
        public FieldValue read(ResultSet row, int index) throws SQLException, IOException {
            byte[] bytes = row.getBytes(index);
            return checked(bytes, bytes == null || Utf8.isAscii(bytes));
        }
    }

    /** Text in a character set that has more characters than one for some of Unicode's: read with whether it can be written back. */
    private static final class ForeignText extends MySqlValues {
        private final String characters;

        ForeignText(String characters) {
            if (!characters.matches("[a-z0-9_]+")) {
                throw new IllegalArgumentException("not the name of a character set: " + characters);
            }
            this.characters = characters;
        }

        @Override
        public String selection(String column) {
            return column + ", CAST(CONVERT(CONVERT(" + column + " USING utf8mb4) USING " + characters
                    + ") AS BINARY) <=> CAST(" + column + " AS BINARY)";
        }

        @Override
        public int selected() {
            return 2;
        }

        @Override
        public FieldValue read(ResultSet row, int index) throws SQLException, IOException {
            FieldValue text = textOf(row.getBytes(index));
            if (!row.getString(index + 1).equals("1")) {
                throw new IOException("it holds characters of " + characters
                        + " that Unicode doesn't tell apart; convert the column to utf8mb4, or exclude the table");
            }
            return text;
        }
    }

    private static class Numeric extends MySqlValues {
        private final String plain;

        Numeric(String plain) {
            this.plain = plain;
        }

        @Override
        public String selection(String column) {
            return column + plain;
        }

        @Override
        public FieldValue read(ResultSet row, int index) throws SQLException {
            return FieldValue.text(row.getString(index));
        }
    }

    /** As text a year of one or two digits would be one of this or the last century. */
    private static final class Year extends Numeric {
        Year() {
            super(" + 0");
        }

        @Override
        void set(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException {
            statement.setString(index, fourDigits(value));
        }

        @Override
        public boolean isLoadedAsItIs() {
            return false;
        }

        @Override
        public FieldValue loaded(FieldValue value) throws IOException {
            return FieldValue.text(fourDigits(value));
        }

        private static String fourDigits(FieldValue value) throws IOException {
            return "0".repeat(Math.max(0, 4 - (int) value.length())) + wholeText(value);
        }
    }

    private static final class Floating extends MySqlValues {
        private final boolean single;

        Floating(boolean single) {
            this.single = single;
        }

        @Override
        public String selection(String column) {
            // Adding zero would lose the sign of -0.
            return column + " * 1e0";
        }

        @Override
        public FieldValue read(ResultSet row, int index) throws SQLException {
            String text = row.getString(index);
            if (text == null) {
                return FieldValue.NULL;
            }
            double value = Double.parseDouble(text);
            return FieldValue.text(single ? FloatText.of((float) value) : FloatText.of(value));
        }

        /** The server reads double precision first, and rounds that: digits for single precision may end up one bit off. */
        @Override
        void set(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException {
            statement.setString(index, doublePrecision(value));
        }

        @Override
        public boolean isLoadedAsItIs() {
            return false;
        }

        @Override
        public FieldValue loaded(FieldValue value) throws IOException {
            return FieldValue.text(doublePrecision(value));
        }

        private String doublePrecision(FieldValue value) throws IOException {
            String text = wholeText(value);
            return single ? FloatText.of((double) Float.parseFloat(text)) : text;
        }
    }

    private static final class Bytes extends MySqlValues {
        private final String before;
        private final String after;

        Bytes(String before, String after) {
            this.before = before;
            this.after = after;
        }

        @Override
        public String selection(String column) {
            return before + column + after;
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
}
