package io.crmbackup.spi;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Records of one collection name records of another, as a foreign key does. A record of which one of the fields has no value refers to
 * nothing by it.
 *
 * @param name the reference's name in the system; may be empty
 * @param fields the fields that refer
 * @param collection the collection referred to
 * @param targetFields the fields that they equal there, as many
 * @param conditions the values that other fields of a record must have, as text, for it to refer so: for references of which a field tells
 *     the collection; empty if every record does
 */
public record Reference(
        String name,
        List<String> fields,
        String collection,
        List<String> targetFields,
        Map<String, String> conditions) {
    /** Checks and copies the values. */
    public Reference {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(collection, "collection");
        fields = List.copyOf(fields);
        targetFields = List.copyOf(targetFields);
        conditions = Collections.unmodifiableMap(new LinkedHashMap<>(conditions));
        if (fields.isEmpty() || fields.size() != targetFields.size()) {
            throw new IllegalArgumentException("a reference needs as many fields as target fields, and at least one: "
                    + fields + " -> " + targetFields);
        }
    }

    /** A reference that every record makes. */
    public Reference(String name, List<String> fields, String collection, List<String> targetFields) {
        this(name, fields, collection, targetFields, Map.of());
    }

    /**
     * Whether a record meets the conditions. Bytes are compared as hexadecimal digits, values of {@link FieldType#DYNAMIC} by what follows
     * their letter, all others as they are; no value meets none.
     *
     * @param values one for each field of the schema
     * @throws IllegalArgumentException if the schema lacks one of the fields
     */
    public boolean appliesTo(RecordSchema schema, List<FieldValue> values) {
        for (Map.Entry<String, String> condition : conditions.entrySet()) {
            int index = schema.indexOf(condition.getKey());
            if (index < 0) {
                throw new IllegalArgumentException("the records have no field " + condition.getKey() + ": " + this);
            }
            FieldValue value = values.get(index);
            if (value.isNull()
                    || value.isContent()
                    || !condition
                            .getValue()
                            .equals(text(schema.fields().get(index).type(), value))) {
                return false;
            }
        }
        return true;
    }

    private static String text(FieldType type, FieldValue value) {
        byte[] bytes = value.bytes();
        if (type == FieldType.DYNAMIC && bytes.length > 0 && bytes[0] != 'b') {
            return new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8);
        }
        return type.isBinary()
                ? HexFormat.of()
                        .formatHex(bytes, Math.min(bytes.length, type == FieldType.DYNAMIC ? 1 : 0), bytes.length)
                : new String(bytes, StandardCharsets.UTF_8);
    }
}
