package io.crmbackup.internal.restore;

import io.crmbackup.error.LimitExceededException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The places of records that were selected one by one, collection by collection: about 100 bytes of memory each, so there is a limit. Not
 * thread-safe.
 */
final class RecordPlaces {
    /** More records than this are not selected one by one: whole collections are. */
    static final int MOST = 1_000_000;

    private final Map<String, SortedSet<byte[]>> places = new LinkedHashMap<>();
    private final int most;
    private int size;

    RecordPlaces() {
        this(MOST);
    }

    RecordPlaces(int most) {
        this.most = most;
    }

    /** Adds a record; false if it is there already. */
    boolean add(String collection, byte[] place) {
        boolean added = places.computeIfAbsent(collection, any -> new TreeSet<>(Arrays::compareUnsigned))
                .add(place);
        if (added && ++size > most) {
            throw new LimitExceededException("the selection has more than " + most
                    + " records, the most that are selected one by one; select whole collections instead");
        }
        return added;
    }

    /** Adds all records of others. */
    void addAll(RecordPlaces others) {
        others.places.forEach((collection, some) -> some.forEach(place -> add(collection, place)));
    }

    /** The records of a collection, in tree order. */
    SortedSet<byte[]> of(String collection) {
        return Collections.unmodifiableSortedSet(
                places.getOrDefault(collection, new TreeSet<>(Arrays::compareUnsigned)));
    }

    boolean isEmpty() {
        return size == 0;
    }
}
