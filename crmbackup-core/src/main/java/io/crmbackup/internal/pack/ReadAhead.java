package io.crmbackup.internal.pack;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.object.Envelope;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.object.ObjectStore;

/**
 * Reads parts of packs, and once a pack is read from front to back, ever more at a time, as chunks that were stored together are usually read together. A read that is far from the one before gets exactly what it asks
 * for, so that looking up single records costs no more than their bytes. Thread-safe. Keeps the last {@value #PACKS} parts, each of at most {@value #MOST} bytes or one record.
 */
final class ReadAhead {
    private static final int PACKS = 8;
    private static final int MOST = 4 * 1024 * 1024;

    /** How far behind the part before a read may begin and still count as going on from it. */
    private static final int GAP = 256 * 1024;

    private final ObjectStore store;
    private final Cache<ObjectId, Part> parts =
            CacheBuilder.newBuilder().maximumSize(PACKS).concurrencyLevel(1).build();

    ReadAhead(ObjectStore store) {
        this.store = store;
    }

    /** Bytes of a pack's body from {@code offset} on. */
    record Part(long offset, byte[] bytes) {
        boolean holds(long from, int length) {
            return from >= offset && from + length <= offset + bytes.length;
        }

        boolean isFollowedBy(long from) {
            return from >= offset && from <= offset + bytes.length + GAP;
        }

        /** Whether a read is a little out of order, as threads that store records change places, and so does not end the way to the front. */
        boolean isJustBehind(long from) {
            return from < offset && from + GAP >= offset;
        }

        /** Index in the array of an offset in the body. */
        int index(long from) {
            return (int) (from - offset);
        }
    }

    /**
     * A part of a pack's body that holds at least the bytes from {@code offset} to {@code offset + length}.
     *
     * @throws DamagedObjectException if the pack is missing or ends before
     * @throws io.crmbackup.error.SinkException if the sink can't be read
     */
    Part read(ObjectId pack, long offset, int length) {
        Part last = parts.getIfPresent(pack);
        if (last != null && last.holds(offset, length)) {
            return last;
        }
        int most = last != null && last.isFollowedBy(offset)
                ? Math.max(length, Math.min(MOST, 2 * Math.max(last.bytes().length, length)))
                : length;
        String name = ObjectRole.PACK.name(pack);
        Part part = new Part(offset, store.atMost(name, Envelope.LENGTH + offset, most));
        if (!part.holds(offset, length)) {
            throw new DamagedObjectException(
                    name, "ends after " + (Envelope.LENGTH + offset + part.bytes().length) + " bytes");
        }
        if (last == null || !last.isJustBehind(offset)) {
            parts.put(pack, part);
        }
        return part;
    }

    /** Forgets what was read of a pack, so that it is fetched again. */
    void forget(ObjectId pack) {
        parts.invalidate(pack);
    }

    /** Forgets everything. */
    void forget() {
        parts.invalidateAll();
    }
}
