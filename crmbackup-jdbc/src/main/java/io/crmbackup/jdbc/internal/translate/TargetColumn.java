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
 */
record TargetColumn(Field field, String definition, Writing writing, boolean streamed, String note) {
    TargetColumn noted(String other) {
        return new TargetColumn(field, definition, writing, streamed, other);
    }
}
