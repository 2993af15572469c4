package io.crmbackup.jdbc.internal.postgres.rows;

import io.crmbackup.jdbc.internal.postgres.binary.SentForm;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.Field.Presence;
import io.crmbackup.spi.FieldType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table.
 *
 * @param number its number, which stays when others go
 * @param type the server's name of its type
 * @param typeNumber the number of its type
 * @param base the type that it comes down to
 * @param identity as in {@code pg_attribute.attidentity}, or empty
 * @param generated as in {@code pg_attribute.attgenerated}, or empty
 * @param collation its collation if it is not that of the type
 * @param expression its default or what it is computed from
 */
public record Column(
        int number,
        String name,
        String type,
        long typeNumber,
        BaseType base,
        boolean required,
        String identity,
        String generated,
        @Nullable String collation,
        @Nullable String expression) {
    /**
     * A type that is no domain.
     *
     * @param name its name in {@code pg_type}, with a schema before it unless it is the server's own
     * @param kind as in {@code pg_type.typtype}
     * @param variable whether values may be of any length
     */
    public record BaseType(String name, char kind, boolean variable) {
        /** How core may read values as the server renders them. */
        public FieldType fieldType() {
            if (kind == 'e') {
                return FieldType.TEXT;
            }
            return switch (name) {
                case "bool" -> FieldType.BOOLEAN;
                case "int2", "int4", "int8", "oid" -> FieldType.INTEGER;
                case "numeric" -> FieldType.DECIMAL;
                case "float4", "float8" -> FieldType.FLOAT;
                case "text", "varchar", "bpchar", "name", "char" -> FieldType.TEXT;
                case "bytea" -> FieldType.BYTES;
                case "date" -> FieldType.DATE;
                case "time", "timetz", "interval" -> FieldType.TIME;
                case "timestamp" -> FieldType.TIMESTAMP;
                case "timestamptz" -> FieldType.TIMESTAMP_WITH_ZONE;
                case "uuid" -> FieldType.UUID;
                case "json", "jsonb" -> FieldType.JSON;
                default -> name.endsWith(".citext") ? FieldType.TEXT : FieldType.OTHER;
            };
        }

        /** How values are sent in the server's binary format; empty if that is not known here. */
        Optional<SentForm> binary() {
            return kind == 'e' ? Optional.of(SentForm.AS_IT_IS) : SentForm.of(name);
        }

        /** Whether the server's order of values is that of the bytes of keys. */
        public boolean ordersLikeKeys() {
            return switch (name) {
                case "int2", "int4", "int8", "oid", "uuid", "bytea" -> true;
                default -> false;
            };
        }

        /** Whether values have a length in bytes that the server knows without reading them. */
        boolean hasLength() {
            return switch (name) {
                case "text", "varchar", "bpchar", "bytea" -> true;
                default -> false;
            };
        }

        boolean isBytes() {
            return name.equals("bytea");
        }
    }

    public boolean isGenerated() {
        return !generated.isEmpty();
    }

    public Field field() {
        return new Field(name, base.fieldType(), type, required ? Presence.REQUIRED : Presence.OPTIONAL);
    }
}
