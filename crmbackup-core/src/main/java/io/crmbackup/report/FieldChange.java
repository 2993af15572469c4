package io.crmbackup.report;

import org.jspecify.annotations.Nullable;

/**
 * A field that differs between two versions of a record. Values are shown as text: bytes in hexadecimal digits, contents by their length.
 *
 * @param field the field's name
 * @param before the value before, or null if there was none
 * @param after the value after, or null if there is none
 */
public record FieldChange(
        String field, @Nullable String before, @Nullable String after) {
    /** Tells the field, but no values: they may be personal. */
    @Override
    public String toString() {
        return field + (before == null ? " set" : after == null ? " cleared" : " changed");
    }
}
