package io.crmbackup.internal.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds bytes that are zero, or all but zero, eight at a time. */
final class Zeros {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOWEST = 0x0101_0101_0101_0101L;
    private static final long HIGHEST = 0x8080_8080_8080_8080L;

    private Zeros() {}

    /** Where the first zero from a place on is; the end if there is none. */
    static int first(byte[] source, int from, int end) {
        int at = from;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            long word = (long) LONG.get(source, at);
            // Sets the highest bit of the first zero byte, and perhaps of others after it.
            long zeros = word - LOWEST & ~word & HIGHEST;
            if (zeros != 0) {
                return at + (Long.numberOfTrailingZeros(zeros) >>> 3);
            }
        }
        while (at < end && source[at] != 0) {
            at++;
        }
        return at;
    }

    /** How many of some bytes are 0 or 1. */
    static int countBelowTwo(byte[] source, int from, int end) {
        int count = 0;
        int at = from;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            long high = (long) LONG.get(source, at) & ~LOWEST;
            // The highest bit of each byte is set unless all bits but the lowest are zero.
            long others = (high & ~HIGHEST) + ~HIGHEST | high;
            count += Long.bitCount(~others & HIGHEST);
        }
        for (; at < end; at++) {
            count += (source[at] & ~1) == 0 ? 1 : 0;
        }
        return count;
    }
}
