package io.crmbackup.internal.pack;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A stored copy that a new chunk may become a delta on, and what is needed to tell whether it should.
 *
 * <p><b>When a base is worn out.</b> A delta needs a full copy, so that all versions of a chunk since the base are deltas on that same base,
 * and each version drifts away from it by another d bytes: after k versions a delta has D = k·d bytes, and all of them together have about
 * D²/(2d). Storing a version in full instead costs the F bytes of a full copy once, and from there on deltas start from zero. So a cycle of
 * k versions costs (F + d·k²/2) / k a version, which is least where d·k²/2 = F: a new base pays as soon as D²/(2d) ≥ F. F is what the base
 * took; d is what this delta has more than that of the version before. One step says little about d, as two edits may meet the same bytes:
 * it is taken for no less than a 16th of D, and not less than a few bytes. If nothing ever changes but the same bytes, the base so is kept
 * until a delta has an eighth of its size.
 *
 * @param copy the copy, which is no delta itself
 * @param length stored length of that copy's record
 * @param previous stored length of the record of the version before, if that is a delta on this copy, otherwise 0
 * @param plain reads the base's plain bytes; null if they are damaged. Called by the thread that encodes, at most once
 */
public record DeltaBase(BaseCopy copy, int length, int previous, Supplier<byte @Nullable []> plain) {
    /** What a delta's record takes before it says anything. */
    private static final int EMPTY = RecordLayout.length(BaseCopy.LENGTH);

    private static final int LEAST_STEP = 16;
    private static final int MOST_STEPS = 16;

    /** Whether a delta whose record would have this length is so long that a new full copy pays. */
    boolean isWornOut(int deltaLength) {
        long delta = Math.max(0, deltaLength - EMPTY);
        long before = Math.max(0, previous - EMPTY);
        long step = Math.max(Math.max(delta - before, delta / MOST_STEPS), LEAST_STEP);
        return delta * delta / (2 * step) >= length;
    }
}
