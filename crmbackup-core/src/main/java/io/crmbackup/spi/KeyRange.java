package io.crmbackup.spi;

import org.jspecify.annotations.Nullable;

/**
 * A range of keys. {@link RecordKey#fields} gives the values of a bound's fields.
 *
 * @param from the lowest key, inclusive; null if the range has no begin
 * @param to the key before which the range ends; null if it has no end
 */
public record KeyRange(@Nullable RecordKey from, @Nullable RecordKey to) {
    /** All keys. */
    public static final KeyRange ALL = new KeyRange(null, null);

    /** Checks the order. */
    public KeyRange {
        if (from != null && to != null && from.compareTo(to) >= 0) {
            throw new IllegalArgumentException("a range must begin below its end, not " + from + " to " + to);
        }
    }

    /** Whether a key is in the range. */
    public boolean contains(RecordKey key) {
        return (from == null || from.compareTo(key) <= 0) && (to == null || key.compareTo(to) < 0);
    }
}
