package io.crmbackup.jdbc.internal.translate;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Questions about values as text. Numbers come from backups, so their sizes are limited before anything is computed of them. */
final class Texts {
    private static final int MOST_DIGITS = 200_000;
    private static final byte[] EPOCH = ascii("1970-01-01 00:00:01Z");
    private static final byte[] END = ascii("2038-01-19 03:14:07Z");

    private Texts() {}

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] ascii) {
        return new String(ascii, StandardCharsets.ISO_8859_1);
    }

    /** How many code points there are in UTF-8. */
    static int characters(byte[] utf8) {
        int count = 0;
        for (byte b : utf8) {
            if ((b & 0xc0) != 0x80) {
                count++;
            }
        }
        return count;
    }

    /** How many units of UTF-16 text in UTF-8 has: characters of four bytes have two. */
    static int units(byte[] utf8) {
        int count = 0;
        for (byte b : utf8) {
            count += (b & 0xc0) == 0x80 ? 0 : (b & 0xf8) == 0xf0 ? 2 : 1;
        }
        return count;
    }

    /** A number in decimal digits, or null if it is none or too long for any product. */
    static @Nullable BigDecimal decimal(byte[] value) {
        if (value.length == 0 || value.length > MOST_DIGITS) {
            return null;
        }
        try {
            BigDecimal number = new BigDecimal(text(value));
            boolean sane = Math.abs((long) number.scale()) <= MOST_DIGITS;
            return sane ? number : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** A whole number, or null if it is none. */
    static @Nullable BigInteger integer(byte[] value) {
        if (value.length == 0 || value.length > 40) {
            return null;
        }
        try {
            return new BigInteger(text(value));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Whether a moment in UTC, as the portable form has it, is one of the 31-bit seconds since 1970. */
    static boolean isBetween1970And2038(byte[] instant) {
        boolean plain = instant.length >= EPOCH.length && instant[4] == '-' && instant[0] != '-';
        return plain
                && Arrays.compare(instant, 0, 19, EPOCH, 0, 19) >= 0
                && Arrays.compare(instant, 0, 19, END, 0, 19) <= 0;
    }

    /** How many digits of fractions of seconds a moment or time in the portable form has. */
    static int fraction(byte[] moment) {
        int digits = -1;
        for (byte b : moment) {
            if (b == '.') {
                digits = 0;
            } else if (digits >= 0) {
                if (b < '0' || b > '9') {
                    break;
                }
                digits++;
            }
        }
        return Math.max(0, digits);
    }

    /** The year of a date or moment in the portable form. */
    static int year(byte[] moment) {
        String text = text(moment);
        return Integer.parseInt(text.substring(0, text.indexOf('-', 1)));
    }

    static boolean holdsZero(byte[] text) {
        for (byte b : text) {
            if (b == 0) {
                return true;
            }
        }
        return false;
    }
}
