package io.crmbackup.jdbc.internal.translate;

import io.crmbackup.spi.Field;

/**
 * A column as a product has it.
 *
 * @param field as it is captured from that product
 * @param definition its type as it is declared
 * @param writing how its values are made
 * @param streamed whether longer values go through as they are
 * @param note what is lost by its type; empty if nothing is
 * @param likeness whether its values have the portable forms that they had
 */
record TargetColumn(Field field, String definition, Writing writing, boolean streamed, String note, Likeness likeness) {
    /** What portable digests make of a column's values here and there. */
    enum Likeness {
        EQUAL,
        OTHER
    }

    /** With a remark; its values stay what they are. */
    TargetColumn noted(String remark) {
        return new TargetColumn(field, definition, writing, streamed, remark, likeness);
    }

    /** With a remark that its values become others. */
    TargetColumn changed(String remark) {
        return new TargetColumn(field, definition, writing, streamed, remark, Likeness.OTHER);
    }
}
