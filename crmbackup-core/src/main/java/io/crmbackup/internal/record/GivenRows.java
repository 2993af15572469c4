package io.crmbackup.internal.record;

import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.RecordCodec;
import io.crmbackup.spi.RecordSchema;

/** Checks rows that a source encoded itself: equal records must have equal bytes, whoever encodes them, and what is stored must be decodable. Immutable. */
final class GivenRows {
    /** What the number that begins a value may be at most. */
    private static final int LARGEST = RecordCodec.LONGEST_INLINE + 2;

    private final RecordSchema schema;

    /** By field, the least number that its value may begin with: 0 if it may be none, 2 if there must be one. */
    private final int[] least;

    /** By field, the largest one: 0 for contents, which lie apart. */
    private final int[] largest;

    GivenRows(RecordSchema schema) {
        this.schema = schema;
        this.least = schema.fields().stream()
                .mapToInt(field -> field.presence() == Field.Presence.REQUIRED ? 2 : 0)
                .toArray();
        this.largest = schema.fields().stream()
                .mapToInt(field -> field.type() == FieldType.CONTENT ? 0 : LARGEST)
                .toArray();
    }

    /**
     * How many bytes the values of a row have.
     *
     * @throws IllegalArgumentException if it is not what {@link RecordCodec#encode} makes of values in memory
     */
    long valueBytes(byte[] row) {
        int at = 0;
        long sum = 0;
        for (int field = 0; field < least.length; field++) {
            if (at >= row.length) {
                throw wrong(field, "is missing");
            }
            int number = row[at++];
            if (number < 0) {
                int high = at < row.length ? row[at++] : 0;
                if (high <= 0) {
                    throw wrong(field, "has a length that is not written as it has to be");
                }
                number = number & 0x7f | high << 7;
            }
            if (number == 1 || number < least[field] || number > largest[field]) {
                throw wrong(field, number == 0 ? "needs a value" : "can't lie in the row as it does");
            }
            if (number > 1) {
                at += number - 2;
                sum += number - 2;
            }
        }
        if (at != row.length) {
            throw new IllegalArgumentException(
                    "the source's row has " + row.length + " bytes where its values end after " + at);
        }
        return sum;
    }

    private IllegalArgumentException wrong(int field, String what) {
        return new IllegalArgumentException(
                "field " + schema.fields().get(field).name() + " of the source's row " + what);
    }
}
