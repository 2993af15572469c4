package io.crmbackup.internal.capture;

import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.internal.tree.TreeCursor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds records of the base that did not change since: those with an equal fingerprint. Look-ups in ascending order are a merge that reads
 * each node once; others seek. Not thread-safe.
 */
public final class BaseRecords {
    private final LookUp fingerprints;
    private final LookUp content;

    public BaseRecords(StoredCollection base) {
        fingerprints = new LookUp(base.trees().scan(base.manifest().fingerprints()));
        content = new LookUp(base.records());
    }

    /** The value of the record at this place if its fingerprint is this one, else null. */
    byte @Nullable [] unchanged(byte[] place, byte[] fingerprint) {
        if (fingerprint.length == 0) {
            return null;
        }
        byte[] known = fingerprints.find(place);
        return known != null && Arrays.equals(known, fingerprint) ? content.find(place) : null;
    }

    /**
     * A cursor that steps to what lies close ahead, and seeks what lies behind or far ahead: records in key order are met by steps, and those
     * in any other order cost a seek each, not a walk.
     */
    static final class LookUp {
        private static final int MOST_STEPS = 64;

        private final TreeCursor cursor;
        private byte @Nullable [] last;
        private boolean onRecord;

        LookUp(TreeCursor cursor) {
            this.cursor = cursor;
        }

        byte @Nullable [] find(byte[] place) {
            if (last == null) {
                onRecord = cursor.next();
            } else if (Arrays.compareUnsigned(last, place) > 0) {
                cursor.seek(place);
                onRecord = cursor.next();
            }
            last = place;
            for (int steps = 0; onRecord && cursor.compareKey(place) < 0; steps++) {
                if (steps == MOST_STEPS) {
                    cursor.seek(place);
                }
                onRecord = cursor.next();
            }
            return onRecord && cursor.compareKey(place) == 0 ? cursor.value() : null;
        }
    }
}
