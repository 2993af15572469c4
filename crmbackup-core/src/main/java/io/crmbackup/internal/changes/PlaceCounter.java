package io.crmbackup.internal.changes;

import io.crmbackup.internal.sort.SortedRecords;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Counts sorted places, from one bound to the next. */
final class PlaceCounter {
    private final SortedRecords places;
    private boolean onPlace;

    PlaceCounter(SortedRecords places) {
        this.places = places;
        this.onPlace = places.next();
    }

    /** How many there are below a bound that were not counted before; null for all that are left. */
    long below(byte @Nullable [] bound) {
        long count = 0;
        while (onPlace && (bound == null || Arrays.compareUnsigned(places.key(), bound) < 0)) {
            count++;
            onPlace = places.next();
        }
        return count;
    }
}
