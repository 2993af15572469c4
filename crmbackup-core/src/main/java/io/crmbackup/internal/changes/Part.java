package io.crmbackup.internal.changes;

import io.crmbackup.spi.KeyRange;
import io.crmbackup.spi.RecordKey;
import org.jspecify.annotations.Nullable;

/**
 * A part of the base: whole nodes that follow one another. Its bounds are places that are keys.
 *
 * @param from the lowest place; null for the first part, to which all keys below belong
 * @param to the place before which it ends; null for the last one
 * @param records how many records of the base it has
 */
record Part(byte @Nullable [] from, byte @Nullable [] to, long records) {
    KeyRange keys() {
        return new KeyRange(key(from), key(to));
    }

    private static @Nullable RecordKey key(byte @Nullable [] place) {
        return place == null ? null : RecordKey.of(place);
    }
}
