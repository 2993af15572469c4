package io.crmbackup.internal.codec;

/**
 * Guesses from a sample whether bytes look random, as compressed and encrypted files do. Counts how often the sample's bytes meet
 * (the index of coincidence): evenly distributed bytes meet about n²/256 times, text several times as often. The guess may be wrong in
 * both directions, so that it only decides which compressor to ask first.
 */
public final class RandomnessProbe {
    private static final int WINDOWS = 16;
    private static final int WINDOW = 256;

    /** Shorter inputs are compressed at once: that costs no more than the probe. */
    private static final int SMALLEST = WINDOWS * WINDOW;

    private RandomnessProbe() {}

    /** Whether a part of an array looks random; never if it has less than 4 KiB. */
    public static boolean looksRandom(byte[] bytes, int offset, int length) {
        if (length < SMALLEST) {
            return false;
        }
        int[] counts = new int[256];
        int stride = (length - WINDOW) / (WINDOWS - 1);
        for (int w = 0; w < WINDOWS; w++) {
            int from = offset + w * stride;
            for (int i = from; i < from + WINDOW; i++) {
                counts[bytes[i] & 0xff]++;
            }
        }
        long meetings = 0;
        for (int count : counts) {
            meetings += (long) count * count;
        }
        // n + n(n-1)/256 is expected of random bytes; a tenth more is 15 standard deviations away.
        long expected = SMALLEST + (long) SMALLEST * (SMALLEST - 1) / 256;
        return meetings < expected + expected / 10;
    }
}
