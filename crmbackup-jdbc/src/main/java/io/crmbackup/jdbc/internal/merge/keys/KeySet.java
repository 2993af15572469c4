package io.crmbackup.jdbc.internal.merge.keys;

import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A set of keys, of which 16 bytes of their SHA-256 are held: whatever the keys, two of them are taken for one another in no practical number of
 * rows. Used by one thread at a time.
 */
public final class KeySet {
    private static final int SMALLEST = 1 << 6;

    private final KeySets sets;
    private KeySlots slots = new KeySlots.InMemory(SMALLEST);
    private boolean shared;
    private long size;

    KeySet(KeySets sets) {
        this.sets = sets;
    }

    /** Adds a key; false if it is there already. */
    public boolean add(RecordKey key) throws IOException {
        if (2 * (size + 1) > slots.capacity()) {
            grow();
        }
        ByteBuffer digest = ByteBuffer.wrap(sets.digest(key.bytes()));
        if (!add(slots, digest.getLong() | 1, digest.getLong())) {
            return false;
        }
        size++;
        return true;
    }

    private static boolean add(KeySlots slots, long first, long second) throws IOException {
        long place = slots.place(first, second);
        boolean isNew = slots.first(place) == 0;
        if (isNew) {
            slots.set(place, first, second);
        }
        return isNew;
    }

    public boolean contains(RecordKey key) throws IOException {
        if (size == 0) {
            return false;
        }
        ByteBuffer digest = ByteBuffer.wrap(sets.digest(key.bytes()));
        return slots.first(slots.place(digest.getLong() | 1, digest.getLong())) != 0;
    }

    private void grow() throws IOException {
        KeySlots larger = sets.slots(2 * slots.capacity());
        for (long place = 0; place < slots.capacity(); place++) {
            long first = slots.first(place);
            if (first != 0) {
                add(larger, first, slots.second(place));
            }
        }
        clear();
        slots = larger;
        shared = true;
    }

    private void clear() throws IOException {
        if (shared) {
            sets.giveBack(slots);
        }
    }

    /** Frees what the set takes; it is not used any more. */
    void close() throws IOException {
        clear();
        shared = false;
        slots = new KeySlots.InMemory(SMALLEST);
        size = 0;
    }
}
