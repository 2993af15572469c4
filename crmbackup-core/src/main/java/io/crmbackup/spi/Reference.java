package io.crmbackup.spi;

import java.util.List;
import java.util.Objects;

/**
 * Records of one collection name records of another, as a foreign key does.
 *
 * @param name the reference's name in the system; may be empty
 * @param fields the fields that refer
 * @param collection the collection referred to
 * @param targetFields the fields that they equal there, as many
 */
public record Reference(String name, List<String> fields, String collection, List<String> targetFields) {
    /** Checks and copies the values. */
    public Reference {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(collection, "collection");
        fields = List.copyOf(fields);
        targetFields = List.copyOf(targetFields);
        if (fields.isEmpty() || fields.size() != targetFields.size()) {
            throw new IllegalArgumentException("a reference needs as many fields as target fields, and at least one: "
                    + fields + " -> " + targetFields);
        }
    }
}
