package io.crmbackup.jdbc.internal.postgres.load;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Writes decimals as PostgreSQL's {@code numeric_recv} reads them: how many digits to the base of 10,000, the first one's weight, the sign, how many decimal places are shown, then the digits, each
 * number in two bytes.
 */
final class DecimalDigits {
    private static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final int DIGITS = 4;
    private static final int HEADER = 4 * Short.BYTES;
    private static final short NEGATIVE = 0x4000;

    private DecimalDigits() {}

    /** Writes a decimal of digits, with a sign and a point where they belong; returns where it ends, or {@link BinaryType#UNKNOWN}. */
    static int write(byte[] source, int from, int to, byte[] target, int at) {
        boolean isNegative = from < to && source[from] == '-';
        int begin = isNegative ? from + 1 : from;
        int point = digitsEnd(source, begin, to);
        boolean isWhole = point == to;
        if (point == begin || !isWhole && (source[point] != '.' || digitsEnd(source, point + 1, to) < to)) {
            return BinaryType.UNKNOWN;
        }
        int places = isWhole ? 0 : to - point - 1;
        int before = (point - begin + DIGITS - 1) / DIGITS;
        int after = (places + DIGITS - 1) / DIGITS;
        SHORTS.set(target, at, (short) (before + after));
        SHORTS.set(target, at + 2, (short) (before - 1));
        SHORTS.set(target, at + 4, isNegative ? NEGATIVE : 0);
        SHORTS.set(target, at + 6, (short) places);
        int end = at + HEADER;
        // The first one may have fewer decimal digits before the point, as the last one behind it.
        for (int place = point - DIGITS * before; place < point; place += DIGITS, end += Short.BYTES) {
            SHORTS.set(target, end, digit(source, place, begin, point));
        }
        for (int place = point + 1; place < to; place += DIGITS, end += Short.BYTES) {
            SHORTS.set(target, end, digit(source, place, place, to));
        }
        return end;
    }

    private static int digitsEnd(byte[] source, int from, int to) {
        int at = from;
        while (at < to && source[at] >= '0' && source[at] <= '9') {
            at++;
        }
        return at;
    }

    /** Four decimal digits; those beyond both ends are 0. */
    private static short digit(byte[] source, int place, int from, int to) {
        int digit = 0;
        for (int i = place; i < place + DIGITS; i++) {
            digit = 10 * digit + (i < from || i >= to ? 0 : source[i] - '0');
        }
        return (short) digit;
    }
}
