package io.crmbackup.internal.restore;

import io.crmbackup.error.LimitExceededException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The places of records that were selected one by one, collection by collection, and why: about 100 bytes of memory each, so there is a limit. Not
 * thread-safe.
 */
final class RecordPlaces {
    /** More records than this are not selected one by one: whole collections are. */
    static final int MOST = 1_000_000;

    private final Map<String, SortedMap<byte[], Role>> places = new LinkedHashMap<>();
    private final int most;
    private int size;

    RecordPlaces() {
        this(MOST);
    }

    RecordPlaces(int most) {
        this.most = most;
    }

    /** Adds a record; false if it is there already. The stronger role counts. */
    boolean add(String collection, byte[] place, Role role) {
        SortedMap<byte[], Role> some =
                places.computeIfAbsent(collection, any -> new TreeMap<>(Arrays::compareUnsigned));
        Role before = some.get(place);
        if (before == null || role.compareTo(before) < 0) {
            some.put(place, role);
        }
        if (before == null && ++size > most) {
            throw new LimitExceededException("the selection has more than " + most
                    + " records, the most that are selected one by one; select whole collections instead");
        }
        return before == null;
    }

    /** Adds all records of others. */
    void addAll(RecordPlaces others) {
        others.places.forEach((collection, some) -> some.forEach((place, role) -> add(collection, place, role)));
    }

    /** The records of a collection, in tree order. */
    SortedMap<byte[], Role> of(String collection) {
        return Collections.unmodifiableSortedMap(
                places.getOrDefault(collection, new TreeMap<>(Arrays::compareUnsigned)));
    }

    /** The collections that have any. */
    Iterable<String> collections() {
        return Collections.unmodifiableSet(places.keySet());
    }
}
