package io.crmbackup.internal.prune;

import io.crmbackup.internal.pack.DirectoryEntries;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is known of one pack: what the sink says of its object, and what live snapshots need of it. Not thread-safe. */
final class PackUse {
    /** What a pack takes besides records and directory entries, and the part of it that padding takes at most. */
    private static final int FRAME = 512;

    private static final int PADDING = 8;

    private final long length;
    private final @Nullable Instant time;
    private long liveBytes;
    private long liveCopies;
    private boolean holdsBases;
    private boolean isFixed;

    /** Creates the account of a pack. */
    PackUse(long length, @Nullable Instant time) {
        this.length = length;
        this.time = time;
    }

    /** Length of the object, or 0 if the listing doesn't show it. */
    long length() {
        return length;
    }

    boolean isListed() {
        return length > 0;
    }

    /** Whether the store says that the object is older than this moment. */
    boolean isOlderThan(Instant moment) {
        return time != null && time.isBefore(moment);
    }

    /** When the object was written, as the store says; long ago if it doesn't say. */
    Instant written() {
        return time == null ? Instant.MIN : time;
    }

    /** A copy of a chunk in the pack, of this length, is needed. */
    void add(int bytes) {
        liveBytes += bytes;
        liveCopies++;
    }

    /** A copy is not needed after all. */
    void remove(int bytes) {
        liveBytes -= bytes;
        liveCopies--;
    }

    /** Whether less than half of the pack is needed, so that storing that again gives back more than it takes. */
    boolean isSparse() {
        long needed = liveBytes + liveCopies * DirectoryEntries.LARGEST + FRAME;
        return 2 * (needed + length / PADDING) < length;
    }

    long liveBytes() {
        return liveBytes;
    }

    /** A copy in the pack is the base of deltas that are needed. */
    void holdsBases() {
        holdsBases = true;
    }

    boolean hasBases() {
        return holdsBases;
    }

    /** The pack stays as it is, since a self-contained snapshot names it. */
    void fix() {
        isFixed = true;
    }

    boolean isFixed() {
        return isFixed;
    }
}
