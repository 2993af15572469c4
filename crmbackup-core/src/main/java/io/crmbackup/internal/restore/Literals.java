package io.crmbackup.internal.restore;

import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values as users write them, and as records refer to each other by them. Numbers are equal whatever their scale, UUIDs and hexadecimal
 * digits in any case, dates with time in the forms of ISO 8601 and of SQL; everything else letter by letter.
 */
final class Literals {
    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]{1,150}");

    /** Bounded, for the sake of who expands exponents: a number beyond is compared as text. */
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,400}(\\.[0-9]{0,400})?([eE][+-]?[0-9]{1,3})?");

    private static final Pattern DATE_AND_TIME = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+");

    private Literals() {}

    /**
     * Values of a key's field that a text may stand for, each in the exact bytes that records hold; empty if it can't be such a value, or if
     * equal values may have other bytes there, see {@link #hasExactKeys}.
     */
    static List<FieldValue> keyValues(FieldType type, String text) {
        boolean integer = INTEGER.matcher(text).matches();
        return switch (type) {
            case INTEGER -> integer ? List.of(FieldValue.text(text)) : List.of();
            case UUID -> List.of(FieldValue.text(text.toLowerCase(Locale.ROOT)));
            case BYTES -> bytes(text);
            case DYNAMIC -> dynamic(text, integer);
            default -> hasExactKeys(type) ? List.of(FieldValue.text(text)) : List.of();
        };
    }

    /** Whether a value of this type has one form only, so that records can be looked up by it. */
    static boolean hasExactKeys(FieldType type) {
        return switch (type) {
            case INTEGER, UUID, BYTES, TEXT, DATE -> true;
            default -> false;
        };
    }

    private static List<FieldValue> bytes(String text) {
        try {
            return List.of(FieldValue.of(HexFormat.of().parseHex(text)));
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    private static List<FieldValue> dynamic(String text, boolean integer) {
        List<FieldValue> values = new ArrayList<>();
        if (integer) {
            values.add(FieldValue.text("i" + new BigDecimal(text).toBigInteger()));
        }
        values.add(FieldValue.text("t" + text));
        if (NUMBER.matcher(text).matches()) {
            values.add(FieldValue.text("r" + number(text)));
        }
        bytes(text).forEach(value -> values.add(letterAnd(value.bytes())));
        return values;
    }

    private static FieldValue letterAnd(byte[] bytes) {
        byte[] value = new byte[bytes.length + 1];
        value[0] = 'b';
        System.arraycopy(bytes, 0, value, 1, bytes.length);
        return FieldValue.of(value);
    }

    /** What equal values of a field have in common; null for no value, and for values that lie apart. */
    static @Nullable String form(Field field, FieldValue value) {
        if (value.isNull() || value.isContent()) {
            return null;
        }
        if (field.type() == FieldType.DYNAMIC && value.length() > 0) {
            byte[] bytes = value.bytes();
            return bytes[0] == 'b'
                    ? HexFormat.of().formatHex(bytes, 1, bytes.length)
                    : bytes[0] == 't' ? text(bytes) : number(text(bytes));
        }
        return field.type().isBinary()
                ? HexFormat.of().formatHex(value.bytes())
                : form(field.type(), String.valueOf(value.text()));
    }

    /** The common form of the values that a text means in a field of this type. */
    static String form(FieldType type, String text) {
        return switch (type) {
            case INTEGER, DECIMAL, FLOAT -> number(text);
            case BOOLEAN, UUID, BYTES, CONTENT -> text.toLowerCase(Locale.ROOT);
            case TIMESTAMP -> dateAndTime(text);
            default -> text;
        };
    }

    /** Whether a value is what a text means in its field. */
    static boolean matches(Field field, FieldValue value, String text) {
        String form = form(field, value);
        if (field.type() == FieldType.DYNAMIC && form != null && value.bytes()[0] != 't') {
            boolean bytes = value.bytes()[0] == 'b';
            return form.equals(bytes ? text.toLowerCase(Locale.ROOT) : number(text));
        }
        return form != null && form.equals(form(field.type(), text));
    }

    private static String text(byte[] dynamic) {
        return new String(dynamic, 1, dynamic.length - 1, StandardCharsets.UTF_8);
    }

    private static String number(String text) {
        if (!NUMBER.matcher(text).matches()) {
            return text;
        }
        BigDecimal number = new BigDecimal(text);
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    private static String dateAndTime(String text) {
        if (!DATE_AND_TIME.matcher(text).matches()) {
            return text;
        }
        try {
            return LocalDateTime.parse(text.replace(' ', 'T')).toString();
        } catch (DateTimeException e) {
            return text;
        }
    }
}
