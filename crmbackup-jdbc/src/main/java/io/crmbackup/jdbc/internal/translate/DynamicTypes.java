package io.crmbackup.jdbc.internal.translate;

import io.crmbackup.spi.FieldType;
import java.util.Locale;

/** What columns that hold values of any type were declared as. */
final class DynamicTypes {
    private DynamicTypes() {}

    /** The type that a name stands for; by the rules of SQLite where it is not a known one. */
    static FieldType of(String declared) {
        String name = declared.toLowerCase(Locale.ROOT)
                .replaceFirst("\\(.*?\\)", "")
                .replaceFirst(" text$", "")
                .strip();
        return switch (name) {
            case "boolean", "bool" -> FieldType.BOOLEAN;
            case "decimal", "numeric" -> FieldType.DECIMAL;
            case "date" -> FieldType.DATE;
            case "time", "time without time zone" -> FieldType.TIME;
            case "datetime", "timestamp", "timestamp without time zone" -> FieldType.TIMESTAMP;
            case "timestamptz", "timestamp with time zone" -> FieldType.TIMESTAMP_WITH_ZONE;
            case "uuid" -> FieldType.UUID;
            case "json", "jsonb" -> FieldType.JSON;
            default -> byAffinity(name);
        };
    }

    private static FieldType byAffinity(String name) {
        if (name.contains("int")) {
            return FieldType.INTEGER;
        } else if (name.contains("char") || name.contains("clob") || name.contains("text")) {
            return FieldType.TEXT;
        } else if (name.contains("blob") || name.contains("binary") || name.isEmpty()) {
            return FieldType.BYTES;
        } else if (name.contains("real") || name.contains("floa") || name.contains("doub")) {
            return FieldType.FLOAT;
        }
        return FieldType.TEXT;
    }
}
