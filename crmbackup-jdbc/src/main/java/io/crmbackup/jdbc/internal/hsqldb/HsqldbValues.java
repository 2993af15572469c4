package io.crmbackup.jdbc.internal.hsqldb;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.ValueFormat;
import io.crmbackup.jdbc.internal.sql.ArrayText;
import io.crmbackup.jdbc.internal.sql.Utf8;
import io.crmbackup.jdbc.internal.standard.StandardValues;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** HSQLDB's values: as it renders them, and reads them back by a cast to the column's type. */
final class HsqldbValues {
    private HsqldbValues() {}

    /** The type of a field, by HSQLDB's name of its data type; empty if such values can't be captured, as serialised objects. */
    static Optional<FieldType> type(String dataType, String nativeType) {
        return Optional.ofNullable(
                switch (dataType) {
                    case "BOOLEAN" -> FieldType.BOOLEAN;
                    case "TINYINT", "SMALLINT", "INTEGER", "BIGINT" -> FieldType.INTEGER;
                    case "NUMERIC", "DECIMAL" -> FieldType.DECIMAL;
                    case "DOUBLE PRECISION" -> FieldType.FLOAT;
                    case "CHARACTER", "CHARACTER VARYING", "CHARACTER LARGE OBJECT" -> FieldType.TEXT;
                    case "BINARY", "VARBINARY", "BINARY VARYING", "BINARY LARGE OBJECT" -> FieldType.BYTES;
                    case "DATE" -> FieldType.DATE;
                    case "TIME", "TIME WITH TIME ZONE", "INTERVAL" -> FieldType.TIME;
                    case "TIMESTAMP" -> FieldType.TIMESTAMP;
                    case "TIMESTAMP WITH TIME ZONE" -> FieldType.TIMESTAMP_WITH_ZONE;
                    case "UUID" -> FieldType.UUID;
                    case "BIT", "BIT VARYING" -> FieldType.OTHER;
                    case "ARRAY" -> Elements.of(nativeType) == Elements.NONE ? null : FieldType.OTHER;
                    default -> null;
                });
    }

    static ValueFormat format(Field field) {
        String type = field.nativeType();
        return switch (field.type()) {
            case BOOLEAN -> StandardValues.BOOLEAN;
            case FLOAT -> StandardValues.DOUBLE;
            case TEXT -> type.startsWith("CLOB") ? StandardValues.CLOB : StandardValues.TEXT;
            case BYTES -> type.startsWith("BLOB") ? StandardValues.BLOB : StandardValues.BYTES;
            case OTHER ->
                type.startsWith("BIT") ? StandardValues.text("CAST(? AS " + safe(type) + ")") : new Arrays(type);
            case INTEGER, DECIMAL -> StandardValues.TEXT;
            default -> StandardValues.text("CAST(? AS " + safe(type) + ")");
        };
    }

    /** A type's name goes into a statement, and comes from a backup that somebody else may have written. */
    private static String safe(String type) {
        if (!type.matches("[A-Z]+[A-Z ]*(\\([0-9]+\\))?[A-Z ]*(\\([0-9]+\\))?")) {
            throw new IllegalArgumentException("not a type of HSQLDB: " + type);
        }
        return type;
    }

    /** How the elements of arrays are read. */
    private enum Elements {
        TEXT,
        FLOATS,
        BYTES,
        NONE;

        static Elements of(String arrayType) {
            String element = arrayType.replaceFirst(" ARRAY(\\[\\d+])?$", "");
            return switch (element.replaceFirst("\\(.*", "")) {
                case "OTHER", "CLOB", "BLOB", "BIT", "BIT VARYING" -> NONE;
                case "DOUBLE" -> FLOATS;
                case "BINARY", "VARBINARY" -> BYTES;
                default -> element.contains(" ARRAY") ? NONE : TEXT;
            };
        }
    }

    private static final class Arrays implements ValueFormat {
        private final Elements elements;

        Arrays(String type) {
            elements = Elements.of(type);
        }

        @Override
        public FieldValue read(ResultSet row, int index) throws SQLException, IOException {
            Array array = row.getArray(index);
            if (array == null) {
                return FieldValue.NULL;
            }
            List<@Nullable String> items = new ArrayList<>();
            try (ResultSet rows = array.getResultSet()) {
                while (rows.next()) {
                    items.add(item(rows));
                }
            } finally {
                array.free();
            }
            return FieldValue.of(Utf8.encode(ArrayText.write(items)));
        }

        private @Nullable String item(ResultSet rows) throws SQLException, IOException {
            if (elements == Elements.BYTES) {
                byte[] bytes = rows.getBytes(2);
                return bytes == null ? null : ArrayText.hex(bytes);
            }
            ValueFormat format = elements == Elements.FLOATS ? StandardValues.DOUBLE : StandardValues.TEXT;
            return format.read(rows, 2).text();
        }

        @Override
        public void bind(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException {
            if (value.isNull()) {
                statement.setNull(index, Types.ARRAY);
                return;
            }
            List<?> items = ArrayText.read(new String(Dialect.wholeValue(value), StandardCharsets.UTF_8));
            boolean binary = elements == Elements.BYTES;
            Object[] objects = items.stream()
                    .map(item -> binary && item instanceof String hex ? ArrayText.bytes(hex) : item)
                    .toArray();
            statement.setArray(
                    index, statement.getConnection().createArrayOf(binary ? "VARBINARY" : "VARCHAR", objects));
        }
    }
}
