package io.crmbackup.jdbc.internal.postgres.binary;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Renders decimals that {@code numeric_send} wrote: how many digits to the base of 10,000, the first one's weight, the sign, how many decimal places are shown, then the digits, each number in two
 * bytes.
 */
final class DecimalText {
    private static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final int DIGITS = 4;
    private static final int BASE = 10_000;
    private static final int HEADER = 4 * Short.BYTES;
    private static final int MOST_PLACES = 0x3fff;
    private static final int POSITIVE = 0;
    private static final int NEGATIVE = 0x4000;
    private static final byte[] NAN = "NaN".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] INFINITY = "Infinity".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MINUS_INFINITY = "-Infinity".getBytes(StandardCharsets.US_ASCII);

    private DecimalText() {}

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
        return (short) SHORTS.get(source, at) & 0xffff;
    }

    private static int weight(byte[] source, int from) {
        return (short) SHORTS.get(source, from + 2);
    }
}
