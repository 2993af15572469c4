package io.crmbackup.internal.pack;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A stored copy that a new chunk may become a delta on, and what is needed to tell whether it should.
 *
 * <p><b>When a base is worn out.</b> A delta needs a full copy, so that all versions of a chunk since the base are deltas on that same base,
 * and each version drifts away from it by another d bytes: after k versions a delta has D = k·d bytes, and all of them together have about
 * D²/(2d). Storing a version in full instead costs the F bytes of a full copy once, and from there on deltas start from zero. So a cycle of
 * k versions costs (F + d·k²/2) / k bytes a version, which is least where d·k²/2 = F: a new base pays as soon as D²/(2d) ≥ F.
 *
 * <p>F is what the base took. d is measured, by encoding the chunk against the version before as well: that is what its delta would have had
 * on a new base. (What this delta has more than the one before would be a poor measure. It is noise where edits meet the same bytes, and where
 * they always meet the same it is nothing, so that the base would be given up although a new one would serve no better.) Up to F/8 a base is
 * never worn out, so that measuring costs nothing as a rule.
 *
 * @param copy the copy, which is no delta itself
 * @param length stored length of that copy's record
 * @param plain reads the base's plain bytes; null if they are damaged
 * @param before reads the plain bytes of the version before; null if that is the base itself, or damaged
 */
public record DeltaBase(
        BaseCopy copy, int length, Supplier<byte @Nullable []> plain, Supplier<byte @Nullable []> before) {
    /** A delta's record that says nothing. */
    private static final int EMPTY = RecordLayout.length(BaseCopy.LENGTH);

    private static final int LEAST_STEP = 16;

    /** Whether a delta whose record has this length is so long that the base may be worn out. */
    boolean mayBeWornOut(int delta) {
        return delta > length / 8;
    }

    /**
     * Whether storing in full pays now.
     *
     * @param delta length of the record of the chunk's delta on this base
     * @param step length that it would have on the version before
     */
    boolean isWornOut(int delta, int step) {
        long drift = Math.max(delta - EMPTY, 0);
        long perVersion = Math.max(step - EMPTY, LEAST_STEP);
        return mayBeWornOut(delta) && drift * drift / (2 * perVersion) >= length;
    }
}
