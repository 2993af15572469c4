package io.crmbackup.internal.backup;

import io.crmbackup.report.CollectionReading;
import java.util.HashMap;
import java.util.Map;

/** How each collection was read; the last time, if it was read twice. Not thread-safe. */
final class Readings {
    private final Map<Name, CollectionReading> readings = new HashMap<>();

    private record Name(String source, String collection) {}

    void put(String source, String collection, CollectionReading reading) {
        readings.put(new Name(source, collection), reading);
    }

    /** How a collection of the run was read. */
    CollectionReading of(String source, String collection) {
        CollectionReading reading = readings.get(new Name(source, collection));
        if (reading == null) {
            throw new IllegalStateException("collection " + collection + " of source " + source + " was not read");
        }
        return reading;
    }
}
