package io.crmbackup.jdbc.internal.merge.row;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.Field.Presence;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What became of a column's type since the backup: whether all of its values fit, some, or none can be taken over without loss. Looked at are
 * length, range and whether it may be null; what else the database wants of a value, it says itself.
 */
final class TypeDrift {
    private static final Pattern LENGTH = Pattern.compile(
            "(?:character varying|varchar|varchar_ignorecase|character|char|nvarchar|nchar|binary varying|varbinary|binary)"
                    + " ?\\((\\d{1,9})\\).*");
    private static final Pattern PRECISION =
            Pattern.compile("(?:numeric|decimal|dec) ?\\((\\d{1,5})(?:, ?(-?\\d{1,5}))?\\).*");
    private static final Pattern WHOLE =
            Pattern.compile("(tinyint|smallint|mediumint|integer|int|bigint)(?: ?\\(\\d+\\))?(.*)");
    private static final Pattern SINGLE = Pattern.compile("(?:REAL|real|float4|float)(?: ?\\(.*\\))?(?: .*)?");
    private static final int DIGITS_OF_SINGLE = 9;
    private static final Pattern TIME = Pattern.compile("(timestamp|datetime|time)(?: ?\\((\\d)\\))?(.*)");
    private static final Pattern FRACTION = Pattern.compile("\\.(\\d*?)0*(?:$|[^\\d])");
    private static final Pattern CHOICES = Pattern.compile("(enum|set) ?\\(('.*')\\).*", Pattern.DOTALL);
    private static final Pattern CHOICE = Pattern.compile("'((?:[^']|'')*)'");

    /** Types of MySQL's, one shorter than the other; that others have by the same names have no limit. */
    private static final Pattern LONG = Pattern.compile("(?:medium|long)(?:text|blob)\\b.*");

    private static final Set<FieldType> RENDERED_AS_TEXT = Set.of(
            FieldType.INTEGER,
            FieldType.DECIMAL,
            FieldType.DATE,
            FieldType.TIME,
            FieldType.TIMESTAMP,
            FieldType.UUID,
            FieldType.JSON);

    private final boolean becameRequired;
    private final boolean whole;
    private final boolean single;
    private final long longest;
    private final FieldType type;
    private final Optional<BigInteger> least;
    private final Optional<BigInteger> most;
    private final int digits;
    private final int scale;
    private final int fraction;
    private final long mostBytes;
    private final Optional<Choices> choices;

    /** What a column takes, in small letters; of a set any of them, with commas between. */
    private record Choices(Set<String> texts, boolean several) {
        static Choices of(Matcher type) {
            Set<String> texts = new HashSet<>();
            Matcher each = CHOICE.matcher(type.group(2));
            while (each.find()) {
                texts.add(each.group(1).replace("''", "'"));
            }
            return new Choices(texts, type.group(1).equals("set"));
        }

        /** MySQL keeps what it would not take as nothing at all, which it takes again. */
        boolean takes(String text) {
            String small = text.toLowerCase(Locale.ROOT);
            return small.isEmpty() || (several ? texts.containsAll(List.of(small.split(","))) : texts.contains(small));
        }
    }

    private TypeDrift(Field before, Field now) {
        String sql = now.nativeType().toLowerCase(Locale.ROOT);
        boolean retyped = !before.nativeType().equals(now.nativeType());
        type = now.type();
        becameRequired = now.presence() == Presence.REQUIRED && before.presence() == Presence.OPTIONAL;
        Matcher length = LENGTH.matcher(sql);
        longest = retyped && length.matches() ? Long.parseLong(length.group(1)) : -1;
        Matcher precision = PRECISION.matcher(sql);
        boolean decimal = retyped && precision.matches();
        digits = decimal ? Integer.parseInt(precision.group(1)) : -1;
        scale = decimal && precision.group(2) != null ? Integer.parseInt(precision.group(2)) : 0;
        fraction = retyped ? fraction(type, TIME.matcher(sql)) : -1;
        mostBytes = retyped ? mostBytes(before.nativeType().toLowerCase(Locale.ROOT), sql) : -1;
        Matcher choice = CHOICES.matcher(sql);
        choices = retyped && choice.matches() ? Optional.of(Choices.of(choice)) : Optional.empty();
        Matcher number = WHOLE.matcher(sql);
        // H2's FLOAT has double precision.
        single = retyped
                && type == FieldType.FLOAT
                && SINGLE.matcher(now.nativeType()).matches();
        whole = retyped && type == FieldType.INTEGER;
        if (whole && number.matches()) {
            int bits = switch (number.group(1)) {
                case "tinyint" -> 8;
                case "smallint" -> 16;
                case "mediumint" -> 24;
                case "bigint" -> 64;
                default -> 32;
            };
            boolean unsigned = number.group(2).contains("unsigned");
            least = Optional.of(
                    unsigned ? BigInteger.ZERO : BigInteger.TWO.pow(bits - 1).negate());
            most = Optional.of(BigInteger.TWO.pow(unsigned ? bits : bits - 1).subtract(BigInteger.ONE));
        } else {
            least = Optional.empty();
            most = Optional.empty();
        }
    }

    /** How many digits of a second a column of times takes; -1 if it is none, or they are not told. MySQL's take none if they don't say. */
    private static int fraction(FieldType type, Matcher time) {
        boolean isTime = type == FieldType.TIMESTAMP || type == FieldType.TIMESTAMP_WITH_ZONE || type == FieldType.TIME;
        if (!isTime || !time.matches()) {
            return -1;
        }
        if (time.group(2) != null) {
            return Integer.parseInt(time.group(2));
        }
        boolean isMySql =
                time.group(3).isEmpty() && !(time.group(1).equals("timestamp") && type == FieldType.TIMESTAMP);
        return isMySql ? 0 : -1;
    }

    private static long mostBytes(String before, String now) {
        if (now.matches("tiny(text|blob)\\b.*")) {
            return (1 << 8) - 1;
        }
        return now.matches("(text|blob)\\b.*") && LONG.matcher(before).matches() ? (1 << 16) - 1 : -1;
    }

    static TypeDrift between(Field before, Field now) {
        return new TypeDrift(before, now);
    }

    /** Whether values of one kind can be written as the other without being changed. */
    static boolean isExact(FieldType before, FieldType now) {
        return before == now
                || before == FieldType.INTEGER && now == FieldType.DECIMAL
                || before == FieldType.DECIMAL && now == FieldType.INTEGER
                || now == FieldType.TEXT && RENDERED_AS_TEXT.contains(before);
    }

    /** Whether there is a value that doesn't fit, so that each has to be looked at. */
    boolean isNarrower() {
        return becameRequired
                || longest >= 0
                || digits >= 0
                || fraction >= 0
                || whole
                || single
                || mostBytes >= 0
                || choices.isPresent();
    }

    /** Whether the column can hold a value. */
    boolean takes(FieldValue value) throws IOException {
        if (value.isNull()) {
            return !becameRequired;
        }
        if (type == FieldType.DYNAMIC) {
            return true;
        }
        if (longest >= 0) {
            return length(value) <= longest;
        }
        if (mostBytes >= 0) {
            return (value.length() >= 0 ? value.length() : Dialect.wholeValue(value).length) <= mostBytes;
        }
        if (choices.isPresent()) {
            return choices.get().takes(String.valueOf(value.text()));
        }
        if (fraction >= 0) {
            Matcher digitsOfSecond = FRACTION.matcher(value.text());
            return !digitsOfSecond.find() || digitsOfSecond.group(1).length() <= fraction;
        }
        if (single) {
            return isSingle(String.valueOf(value.text()));
        }
        return !whole && digits < 0 || Values.number(value).map(this::takes).orElse(false);
    }

    /** Whether a number of single precision has the same value, or the same digits. */
    private static boolean isSingle(String text) {
        try {
            float nearest = Float.parseFloat(text);
            double exact = Double.parseDouble(text);
            if (nearest == exact || Double.isNaN(exact)) {
                return true;
            }
            if (Float.isInfinite(nearest)) {
                return false;
            }
            BigDecimal digits = new BigDecimal(text).stripTrailingZeros();
            return digits.precision() <= DIGITS_OF_SINGLE
                    && new BigDecimal(nearest)
                                    .round(new MathContext(digits.precision()))
                                    .compareTo(digits)
                            == 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private boolean takes(BigDecimal number) {
        BigDecimal plain = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        if (digits >= 0 && (plain.scale() > scale || plain.precision() - plain.scale() > digits - scale)) {
            return false;
        }
        if (!whole) {
            return true;
        }
        if (plain.scale() > 0) {
            return false;
        }
        BigInteger value = plain.toBigInteger();
        return least.filter(bound -> value.compareTo(bound) < 0).isEmpty()
                && most.filter(bound -> value.compareTo(bound) > 0).isEmpty();
    }

    /** Characters of a text, those of Unicode; otherwise bytes. */
    private long length(FieldValue value) throws IOException {
        if (type.isBinary()) {
            return value.length() >= 0 ? value.length() : Dialect.wholeValue(value).length;
        }
        if (!value.isContent()) {
            String text = new String(value.bytes(), StandardCharsets.UTF_8);
            return text.codePointCount(0, text.length());
        }
        long characters = 0;
        byte[] piece = new byte[1 << 13];
        try (InputStream in = value.open()) {
            for (int read = in.read(piece); read >= 0 && characters <= longest; read = in.read(piece)) {
                for (int i = 0; i < read; i++) {
                    characters += (piece[i] & 0xc0) == 0x80 ? 0 : 1;
                }
            }
        }
        return characters;
    }
}
