package io.crmbackup.internal.changes;

import io.crmbackup.internal.diff.ChangeCount;
import io.crmbackup.internal.record.RecordDecoder;
import java.util.Arrays;

/** Counts the changes of a collection while they are found. Not thread-safe. */
final class Tally {
    private final RecordDecoder decoder;
    private long added;
    private long changed;
    private long removed;
    private long bytesChanged;
    private long bytesReplaced;
    private long bytesRemoved;

    Tally(RecordDecoder decoder) {
        this.decoder = decoder;
    }

    /** The base doesn't have this record. */
    void added(byte[] value) {
        added++;
        bytesChanged += decoder.plainBytes(value);
    }

    /** The base has this record, perhaps as it is. */
    void found(byte[] before, byte[] after) {
        if (!Arrays.equals(before, after)) {
            changed++;
            bytesChanged += decoder.plainBytes(after);
            bytesReplaced += decoder.plainBytes(before);
        }
    }

    /** This record of the base is gone. */
    void removed(byte[] value) {
        removed++;
        bytesRemoved += decoder.plainBytes(value);
    }

    long added() {
        return added;
    }

    long removed() {
        return removed;
    }

    ChangeCount count() {
        return new ChangeCount(added, changed, removed, bytesChanged, bytesReplaced, bytesRemoved);
    }
}
