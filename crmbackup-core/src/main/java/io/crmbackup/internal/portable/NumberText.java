package io.crmbackup.internal.portable;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Numbers by their value, whatever their text: significant digits without zeros at either end, then, unless it is 0, {@code e} and the power of ten
 * they are multiplied by. {@code 1.50} is {@code 15e-1}, {@code -0300} is {@code -3e2}, every zero is {@code 0}.
 */
final class NumberText {
    /** Decimals of so many digits survive a double and back. */
    private static final int SURE_DIGITS = 15;

    /** Far enough within the range in which doubles have their full precision. */
    private static final int SURE_EXPONENT = 290;

    private static final int LONGEST_EXPONENT = 10;
    private static final Set<String> SPECIAL = Set.of("NaN", "Infinity", "-Infinity");

    private final byte[] text;
    private final byte[] digits;
    private int at;
    private int count;
    private boolean negative;
    private long exponent;

    private NumberText(byte[] text) {
        this.text = text;
        this.digits = new byte[text.length];
    }

    /** The form of an exact number; null if it is none. What is no number, but a value of number types, keeps its name. */
    static byte @Nullable [] exact(byte[] text) {
        if (text.length > 0 && (text[text.length - 1] < '0' || text[text.length - 1] > '9')) {
            String word = new String(text, StandardCharsets.ISO_8859_1);
            if (SPECIAL.contains(word)) {
                return text;
            }
        }
        NumberText number = new NumberText(text);
        return number.parse() ? number.form() : null;
    }

    /**
     * The form of a binary floating-point number: that of the shortest decimal that reads back to the same double, the nearest if there are
     * several, so that it does not matter which of them a system renders. Null if it is none.
     */
    @SuppressWarnings("ReferenceEquality") // what is no number is given back itself
    static byte @Nullable [] floating(byte[] text) {
        byte[] form = exact(text);
        if (form == null || form == text) {
            return form;
        }
        NumberText number = new NumberText(text);
        number.parse();
        if (number.count == 0
                || number.count <= SURE_DIGITS && Math.abs(number.exponent + number.count) < SURE_EXPONENT) {
            return form;
        }
        double value = Double.parseDouble(new String(text, StandardCharsets.US_ASCII));
        if (Double.isInfinite(value)) {
            return null;
        }
        return value == 0 ? new byte[] {'0'} : shortest(value);
    }

    /** Above a power of two the doubles lie wider than below it: there the decimal further from zero may read back where the nearest does not. */
    private static byte @Nullable [] shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        for (int precision = Math.abs(value) < Double.MIN_NORMAL ? 1 : SURE_DIGITS; ; precision++) {
            for (RoundingMode rounding : new RoundingMode[] {RoundingMode.HALF_EVEN, RoundingMode.UP}) {
                BigDecimal rounded = exact.round(new MathContext(precision, rounding));
                if (rounded.doubleValue() == value) {
                    return exact(rounded.toString().getBytes(StandardCharsets.US_ASCII));
                }
            }
        }
    }

    private boolean parse() {
        negative = accept('-');
        if (!negative) {
            accept('+');
        }
        int integer = digits();
        int fraction = accept('.') ? digits() : 0;
        if (integer + fraction == 0) {
            return false;
        }
        exponent = -fraction;
        if ((accept('e') || accept('E')) && !parseExponent()) {
            return false;
        }
        while (count > 0 && digits[count - 1] == '0') {
            count--;
            exponent++;
        }
        return at == text.length;
    }

    /** Takes the digits that follow, but for zeros in front of all; how many there were. */
    private int digits() {
        int begin = at;
        while (at < text.length && isDigit(text[at])) {
            if (count > 0 || text[at] != '0') {
                digits[count++] = text[at];
            }
            at++;
        }
        return at - begin;
    }

    private boolean parseExponent() {
        boolean minus = accept('-');
        if (!minus) {
            accept('+');
        }
        int begin = at;
        long power = 0;
        while (at < text.length && isDigit(text[at])) {
            if (at - begin == LONGEST_EXPONENT) {
                return false;
            }
            power = power * 10 + text[at++] - '0';
        }
        exponent += minus ? -power : power;
        return at > begin;
    }

    private boolean accept(char c) {
        boolean found = at < text.length && text[at] == c;
        if (found) {
            at++;
        }
        return found;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private byte[] form() {
        if (count == 0) {
            return new byte[] {'0'};
        }
        String form = (negative ? "-" : "")
                + new String(digits, 0, count, StandardCharsets.ISO_8859_1)
                + (exponent == 0 ? "" : "e" + exponent);
        return form.getBytes(StandardCharsets.US_ASCII);
    }
}
