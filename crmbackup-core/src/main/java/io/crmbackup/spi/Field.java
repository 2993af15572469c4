package io.crmbackup.spi;

import java.util.Objects;

/**
 * A field of a collection's records.
 *
 * @param name its name in the system, exactly
 * @param type how its bytes are read
 * @param nativeType the system's own name of its type, as {@code NUMERIC(12,2)}; empty if it has none
 * @param presence whether it may be null
 */
public record Field(String name, FieldType type, String nativeType, Presence presence) {
    /** Whether a field may be null. */
    public enum Presence {
        /** Every record has a value. */
        REQUIRED,
        /** A record may have none. */
        OPTIONAL
    }

    /** Checks the values. */
    public Field {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(nativeType, "nativeType");
        Objects.requireNonNull(presence, "presence");
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a field needs a name");
        }
    }

    /** A field that may be null, without a type name of its own. */
    public static Field of(String name, FieldType type) {
        return new Field(name, type, "", Presence.OPTIONAL);
    }
}
