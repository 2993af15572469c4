package io.crmbackup.jdbc.internal.derby;

import io.crmbackup.jdbc.internal.dialect.JvmTime;
import io.crmbackup.jdbc.internal.dialect.ValueFormat;
import io.crmbackup.jdbc.internal.standard.StandardValues;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Derby's values. XML goes as text. */
final class DerbyValues {
    private static final ValueFormat XML =
            StandardValues.clob("XMLSERIALIZE(%s AS CLOB)", "XMLPARSE(DOCUMENT CAST(? AS CLOB) PRESERVE WHITESPACE)");

    private static final ValueFormat TIMESTAMPS = new Timestamps();

    private DerbyValues() {}

    /** The type of a field, by Derby's type; empty if such values can't be captured: those of user-defined types are serialised objects. */
    static Optional<FieldType> type(String nativeType) {
        if (nativeType.endsWith(" FOR BIT DATA")) {
            return Optional.of(FieldType.BYTES);
        }
        return Optional.ofNullable(
                switch (nativeType.replaceFirst(" *\\(.*", "")) {
                    case "BOOLEAN" -> FieldType.BOOLEAN;
                    case "SMALLINT", "INTEGER", "BIGINT" -> FieldType.INTEGER;
                    case "NUMERIC", "DECIMAL" -> FieldType.DECIMAL;
                    case "REAL", "DOUBLE" -> FieldType.FLOAT;
                    case "CHAR", "VARCHAR", "LONG VARCHAR", "CLOB" -> FieldType.TEXT;
                    case "BLOB" -> FieldType.BYTES;
                    case "DATE" -> FieldType.DATE;
                    case "TIME" -> FieldType.TIME;
                    case "TIMESTAMP" -> FieldType.TIMESTAMP;
                    case "XML" -> FieldType.OTHER;
                    default -> null;
                });
    }

    static ValueFormat format(Field field) {
        String type = field.nativeType();
        return switch (field.type()) {
            case BOOLEAN -> StandardValues.BOOLEAN;
            case FLOAT -> type.equals("REAL") ? StandardValues.REAL : StandardValues.DOUBLE;
            case TEXT -> type.startsWith("CLOB") ? StandardValues.CLOB : StandardValues.TEXT;
            case BYTES -> type.startsWith("BLOB") ? StandardValues.BLOB : StandardValues.BYTES;
            case OTHER -> XML;
            case TIMESTAMP -> TIMESTAMPS;
            default -> StandardValues.TEXT;
        };
    }

    /**
     * Derby stores the parts of a timestamp; but text, in both directions, goes through the time zone of the JVM, in which some of them may not
     * exist. So it is asked for the parts; and a time that it would move when it is written is refused.
     */
    private static final class Timestamps implements ValueFormat {
        private static final List<String> PARTS = List.of("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND");

        @Override
        public String selection(String column) {
            return PARTS.stream().map(part -> part + "(" + column + ")").collect(Collectors.joining(", "));
        }

        @Override
        public int selected() {
            return PARTS.size();
        }

        @Override
        public FieldValue read(ResultSet row, int index) throws SQLException {
            int year = row.getInt(index);
            if (row.wasNull()) {
                return FieldValue.NULL;
            }
            double seconds = row.getDouble(index + 5);
            long nanos = Math.round(seconds * 1e9);
            String fraction =
                    String.format(Locale.ROOT, ".%09d", nanos % 1_000_000_000).replaceFirst("\\.?0+$", "");
            return FieldValue.text(String.format(
                    Locale.ROOT,
                    "%04d-%02d-%02d %02d:%02d:%02d%s",
                    year,
                    row.getInt(index + 1),
                    row.getInt(index + 2),
                    row.getInt(index + 3),
                    row.getInt(index + 4),
                    nanos / 1_000_000_000,
                    fraction));
        }

        @Override
        public void bind(PreparedStatement statement, int index, FieldValue value) throws SQLException, IOException {
            if (!value.isNull()) {
                checkExists(LocalDateTime.parse(String.valueOf(value.text()).replace(' ', 'T')));
            }
            StandardValues.TEXT.bind(statement, index, value);
        }

        private static void checkExists(LocalDateTime time) throws IOException {
            boolean dropped = JvmTime.isDropped(time);
            if (dropped || JvmTime.isSkipped(time)) {
                throw new IOException("Derby can't store "
                        + (dropped ? "a date that the calendar reform dropped" : "a time that clocks skip")
                        + " when the time zone of the JVM is " + ZoneId.systemDefault()
                        + (dropped ? ": restore without this table" : ": restore with -Duser.timezone=UTC"));
            }
        }
    }
}
