package io.crmbackup.jdbc.internal.translate;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** What products have in common in how they take values. All limits are checked here, as not every server does. */
final class Writings {
    /** Text that may not hold the character 0. */
    static final Writing WITHOUT_ZERO = new OfNoZero();

    private static final int PIECE = 1 << 13;

    private Writings() {}

    /** Truths as numbers. */
    static byte[] truthAsNumber(byte[] truth) {
        return Texts.ascii(truth.length == 4 ? "1" : "0");
    }

    /** Whole numbers of so many bits. */
    static Writing integer(int bits) {
        boolean unsigned = bits % 2 != 0;
        BigInteger least =
                unsigned ? BigInteger.ZERO : BigInteger.ONE.shiftLeft(bits - 1).negate();
        BigInteger most = BigInteger.ONE.shiftLeft(bits - 1).subtract(BigInteger.ONE);
        return value -> {
            BigInteger number = Texts.integer(value);
            return number != null && number.compareTo(least) >= 0 && number.compareTo(most) <= 0 ? value : null;
        };
    }

    /** Decimal numbers of so many digits. */
    static Writing decimal(int precision, int scale) {
        return value -> {
            BigDecimal number = Texts.decimal(value);
            if (number == null) {
                return null;
            }
            BigDecimal shortest = number.stripTrailingZeros();
            boolean fits = shortest.signum() == 0
                    || shortest.scale() <= scale && shortest.precision() - shortest.scale() <= precision - scale;
            return fits ? value : null;
        };
    }

    /** Floating-point numbers where there are only finite ones. */
    static Writing finite() {
        return value -> value.length > 0 && value[value.length - 1] <= '9' ? value : null;
    }

    /** Text of so many characters. */
    static Writing text(int characters) {
        return new OfText(characters, Texts::characters);
    }

    /** Text of so many units of UTF-16, of which some characters take two. */
    static Writing units(int most) {
        return new OfText(most, Texts::units);
    }

    /** Text that is not too long; what is counted of bytes in UTF-8 can be counted piece by piece. */
    private record OfText(int most, ToIntFunction<byte[]> counting) implements Writing {
        @Override
        public byte @Nullable [] write(byte[] neutral) {
            return counting.applyAsInt(neutral) <= most ? neutral : null;
        }

        @Override
        public boolean takes(Content content) throws IOException {
            long count = 0;
            try (InputStream in = content.open()) {
                for (byte[] piece = in.readNBytes(PIECE); piece.length > 0; piece = in.readNBytes(PIECE)) {
                    count += counting.applyAsInt(piece);
                    if (count > most) {
                        return false;
                    }
                }
            }
            return true;
        }
    }

    /** Text that may not hold the character 0. */
    private record OfNoZero() implements Writing {
        @Override
        public byte @Nullable [] write(byte[] neutral) {
            return Texts.holdsZero(neutral) ? null : neutral;
        }

        @Override
        public boolean takes(Content content) throws IOException {
            try (InputStream in = content.open()) {
                for (byte[] piece = in.readNBytes(PIECE); piece.length > 0; piece = in.readNBytes(PIECE)) {
                    if (Texts.holdsZero(piece)) {
                        return false;
                    }
                }
            }
            return true;
        }
    }

    /** So many bytes. */
    static Writing bytes(int most) {
        return value -> value.length <= most ? value : null;
    }

    /** Moments with years from and to, and so many digits of fractions of seconds. */
    static Writing moment(int firstYear, int lastYear, int digits) {
        return value -> {
            int year = Texts.year(value);
            return year >= firstYear && year <= lastYear && Texts.fraction(value) <= digits ? value : null;
        };
    }

    /** Times within a day. */
    static Writing timeOfDay(int digits) {
        return value -> value.length >= 8
                        && value[0] != '-'
                        && value[2] == ':'
                        && Texts.text(value).compareTo("24") < 0
                        && Texts.fraction(value) <= digits
                ? value
                : null;
    }
}
