package io.crmbackup.jdbc.internal.standard;

import io.crmbackup.jdbc.internal.dialect.ValueFormat;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import java.sql.Types;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which types of JDBC can be captured without knowing the product: not those whose values drivers make objects of. */
final class StandardTypes {
    private static final String LARGE = " (large object)";
    private static final String SINGLE = " (single precision)";

    private StandardTypes() {}

    /** The type of a field; empty if such values can't be captured. */
    static Optional<FieldType> of(int code, String name) {
        return Optional.ofNullable(
                switch (code) {
                    case Types.BOOLEAN -> FieldType.BOOLEAN;
                    case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT -> FieldType.INTEGER;
                    case Types.DECIMAL, Types.NUMERIC -> FieldType.DECIMAL;
                    case Types.REAL, Types.FLOAT, Types.DOUBLE -> FieldType.FLOAT;
                    case Types.CHAR,
                            Types.VARCHAR,
                            Types.LONGVARCHAR,
                            Types.NCHAR,
                            Types.NVARCHAR,
                            Types.LONGNVARCHAR,
                            Types.CLOB,
                            Types.NCLOB -> FieldType.TEXT;
                    case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> FieldType.BYTES;
                    case Types.DATE -> FieldType.DATE;
                    case Types.TIME, Types.TIME_WITH_TIMEZONE -> FieldType.TIME;
                    case Types.TIMESTAMP -> FieldType.TIMESTAMP;
                    case Types.TIMESTAMP_WITH_TIMEZONE -> FieldType.TIMESTAMP_WITH_ZONE;
                    case Types.BIT, Types.SQLXML -> FieldType.OTHER;
                    case Types.OTHER -> named(name);
                    default -> null;
                });
    }

    /** Types that JDBC has no number for, and whose text is the same everywhere. */
    private static @Nullable FieldType named(String name) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "UUID", "JSON" -> FieldType.OTHER;
            default -> null;
        };
    }

    /** What {@link #format} needs to know besides the type's own name. */
    static String nativeType(int code, String name) {
        return switch (code) {
            case Types.BLOB, Types.CLOB, Types.NCLOB -> name + LARGE;
            case Types.REAL -> name + SINGLE;
            default -> name;
        };
    }

    static ValueFormat format(Field field) {
        boolean large = field.nativeType().endsWith(LARGE);
        return switch (field.type()) {
            case BOOLEAN -> StandardValues.BOOLEAN;
            case FLOAT -> field.nativeType().endsWith(SINGLE) ? StandardValues.REAL : StandardValues.DOUBLE;
            case TEXT -> large ? StandardValues.CLOB : StandardValues.TEXT;
            case BYTES -> large ? StandardValues.BLOB : StandardValues.BYTES;
            default -> StandardValues.TEXT;
        };
    }
}
