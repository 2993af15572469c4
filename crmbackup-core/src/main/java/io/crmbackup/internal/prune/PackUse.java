package io.crmbackup.internal.prune;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is known of one pack: what the sink says of its object, and what live snapshots need of it. Not thread-safe. */
final class PackUse {
    private final long length;
    private final @Nullable Instant time;
    private long liveBytes;
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

    /** A copy of a chunk in the pack is needed. */
    void live(long bytes) {
        liveBytes += bytes;
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

    /** The pack stays as it is: a self-contained snapshot's, or one with a dictionary. */
    void fix() {
        isFixed = true;
    }

    boolean isFixed() {
        return isFixed;
    }
}
