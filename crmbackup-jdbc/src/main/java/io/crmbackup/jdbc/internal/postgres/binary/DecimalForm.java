package io.crmbackup.jdbc.internal.postgres.binary;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Decimals as {@code numeric_send} writes and {@code numeric_recv} reads them: how many digits to the base of 10,000, the first one's weight, the sign, how many decimal places are shown, then the digits, each number in two
 * bytes.
 */
final class DecimalForm {
    private static final int DIGITS = 4;
    private static final int BASE = 10_000;
    private static final int HEADER = 4 * Short.BYTES;
    private static final int MOST_PLACES = 0x3fff;
    private static final int POSITIVE = 0;
    private static final int NEGATIVE = 0x4000;
    private static final byte[] NAN = "NaN".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] INFINITY = "Infinity".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MINUS_INFINITY = "-Infinity".getBytes(StandardCharsets.US_ASCII);

    private DecimalForm() {}

    /** The most bytes that a value's text may have. */
    static int most(byte[] source, int from, int length) throws IOException {
        if (length < HEADER || length != HEADER + Short.BYTES * number(source, from)) {
            throw new IOException(
                    "the server sent a decimal of " + length + " bytes that does not tell so many digits");
        }
        int places = number(source, from + 6);
        if (places > MOST_PLACES) {
            throw new IOException("the server sent a decimal of " + places + " places");
        }
        int before = DIGITS * Math.max(1, weight(source, from) + 1);
        return Math.max(MINUS_INFINITY.length, 1 + before + 1 + places + DIGITS);
    }

    /** Writes a value's text; returns where it ends. */
    static int write(byte[] source, int from, byte[] target, int at) throws IOException {
        int sign = number(source, from + 4);
        byte[] word = word(sign);
        if (word != null) {
            System.arraycopy(word, 0, target, at, word.length);
            return at + word.length;
        }
        int end = at;
        if (sign == NEGATIVE) {
            target[end++] = '-';
        }
        int highest = Math.max(0, weight(source, from));
        end = Digits.integer(digit(source, from, highest), target, end);
        for (int power = highest - 1; power >= 0; power--) {
            end = Digits.padded(digit(source, from, power), DIGITS, target, end);
        }
        int places = number(source, from + 6);
        if (places == 0) {
            return end;
        }
        target[end++] = '.';
        int last = end + places;
        for (int power = -1; end < last; power--) {
            end = Digits.padded(digit(source, from, power), DIGITS, target, end);
        }
        return last;
    }

    /** The digit that counts a power of the base. */
    private static int digit(byte[] source, int from, int power) throws IOException {
        int index = weight(source, from) - power;
        if (index < 0 || index >= number(source, from)) {
            return 0;
        }
        int digit = number(source, from + HEADER + Short.BYTES * index);
        if (digit >= BASE) {
            throw new IOException("the server sent a decimal with a digit of " + digit);
        }
        return digit;
    }

    /** What stands for a value that is no number; null for numbers. */
    private static byte @Nullable [] word(int sign) throws IOException {
        return switch (sign) {
            case POSITIVE, NEGATIVE -> null;
            case 0xc000 -> NAN;
            case 0xd000 -> INFINITY;
            case 0xf000 -> MINUS_INFINITY;
            default -> throw new IOException("the server sent a decimal with an unknown sign, " + sign);
        };
    }

    private static int number(byte[] source, int at) {
        return (short) BigEndian.SHORTS.get(source, at) & 0xffff;
    }

    private static int weight(byte[] source, int from) {
        return (short) BigEndian.SHORTS.get(source, from + 2);
    }

    /** Reads the text of a decimal, digits with a sign and a point where they belong, into the form that {@code numeric_recv} reads; returns where that ends, or {@link ReceivedForm#UNKNOWN}. */
    static int read(byte[] source, int from, int to, byte[] target, int at) {
        boolean isNegative = from < to && source[from] == '-';
        int begin = isNegative ? from + 1 : from;
        int point = digitsEnd(source, begin, to);
        boolean isWhole = point == to;
        if (point == begin || !isWhole && (source[point] != '.' || digitsEnd(source, point + 1, to) < to)) {
            return ReceivedForm.UNKNOWN;
        }
        int places = isWhole ? 0 : to - point - 1;
        int before = (point - begin + DIGITS - 1) / DIGITS;
        int after = (places + DIGITS - 1) / DIGITS;
        BigEndian.SHORTS.set(target, at, (short) (before + after));
        BigEndian.SHORTS.set(target, at + 2, (short) (before - 1));
        BigEndian.SHORTS.set(target, at + 4, (short) (isNegative ? NEGATIVE : POSITIVE));
        BigEndian.SHORTS.set(target, at + 6, (short) places);
        int end = at + HEADER;
        // The first one may have fewer decimal digits before the point, as the last one behind it.
        for (int place = point - DIGITS * before; place < point; place += DIGITS, end += Short.BYTES) {
            BigEndian.SHORTS.set(target, end, digits(source, place, begin, point));
        }
        for (int place = point + 1; place < to; place += DIGITS, end += Short.BYTES) {
            BigEndian.SHORTS.set(target, end, digits(source, place, place, to));
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
    private static short digits(byte[] source, int place, int from, int to) {
        int digit = 0;
        for (int i = place; i < place + DIGITS; i++) {
            digit = 10 * digit + (i < from || i >= to ? 0 : source[i] - '0');
        }
        return (short) digit;
    }
}
