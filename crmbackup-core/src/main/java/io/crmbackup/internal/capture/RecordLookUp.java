package io.crmbackup.internal.capture;

import io.crmbackup.internal.tree.TreeCursor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A cursor that steps to what lies close ahead, and seeks what lies behind or far ahead: records in key order are met by steps, and those
 * in any other order cost a seek each, not a walk. Not thread-safe.
 */
public final class RecordLookUp {
    private static final int MOST_STEPS = 64;

    private final TreeCursor cursor;
    private byte @Nullable [] last;
    private boolean onRecord;

    public RecordLookUp(TreeCursor cursor) {
        this.cursor = cursor;
    }

    /** The value of the record at a place, or null if there is none. */
    public byte @Nullable [] find(byte[] place) {
        if (last == null) {
            onRecord = cursor.next();
        } else if (Arrays.compareUnsigned(last, place) > 0) {
            cursor.seek(place);
            onRecord = cursor.next();
        }
        last = place;
        for (int steps = 0; onRecord && cursor.compareKey(place) < 0; steps++) {
            if (steps == MOST_STEPS || cursor.isAtEndOfLeaf()) {
                cursor.seek(place);
            }
            onRecord = cursor.next();
        }
        return onRecord && cursor.compareKey(place) == 0 ? cursor.value() : null;
    }
}
