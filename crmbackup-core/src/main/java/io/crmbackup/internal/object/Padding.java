package io.crmbackup.internal.object;

/** Size classes that hide exact lengths (Padmé; Nikitin et al., 2019). */
public final class Padding {
    private Padding() {}

    /** The size class of a length: not less than it, and at most 12 % more. */
    public static long padded(long length) {
        if (length < 2) {
            return length;
        }
        int magnitude = 63 - Long.numberOfLeadingZeros(length);
        int kept = 64 - Long.numberOfLeadingZeros(magnitude);
        long mask = (1L << Math.max(0, magnitude - kept)) - 1;
        return (length + mask) & ~mask;
    }
}
