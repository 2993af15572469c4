package io.crmbackup.report;

import io.crmbackup.spi.FieldType;
import java.util.List;

/**
 * A digest of a collection that does not depend on the database system, the order of records and fields, or large and small letters in fields' names.
 * Two collections of equal digests hold equal data, but for fields that were {@link Treatment#LEFT_OUT left out} of either.
 * How it is worked out is described in {@code docs/FORMAT.md}.
 *
 * @param source the source's name
 * @param collection the collection's name
 * @param digest 64 hexadecimal digits
 * @param records how many records there are
 * @param unportable fields with values that have no portable form; empty if everything was compared
 */
public record PortableDigest(
        String source, String collection, String digest, long records, List<Unportable> unportable) {
    /** What is done about values without portable form. */
    public enum Treatment {
        /** The field's type has none: its values are no part of the digest. */
        LEFT_OUT,
        /** Single values have none, as dates that are in no calendar: they are in the digest as the system renders them. */
        AS_RENDERED
    }

    /**
     * A field with values that have no portable form.
     *
     * @param field the field's name
     * @param type how its values are read
     * @param nativeType the system's own name of its type; empty if it has none
     * @param values how many values have no portable form
     * @param treatment what was done about them
     */
    public record Unportable(String field, FieldType type, String nativeType, long values, Treatment treatment) {}

    /** Copies the list. */
    public PortableDigest {
        unportable = List.copyOf(unportable);
    }
}
