package io.crmbackup.jdbc.internal.merge.row;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Compares values. */
public final class Values {
    private static final int PIECE = 1 << 16;

    private Values() {}

    /** Whether two values are the same bytes; contents are read. */
    static boolean same(FieldValue a, FieldValue b) throws IOException {
        if (a.isNull() || b.isNull()) {
            return a.isNull() && b.isNull();
        }
        if (!a.isContent() && !b.isContent()) {
            return Arrays.equals(a.bytes(), b.bytes());
        }
        if (a.length() >= 0 && b.length() >= 0 && a.length() != b.length()) {
            return false;
        }
        try (InputStream first = a.open();
                InputStream second = b.open()) {
            byte[] piece = new byte[PIECE];
            byte[] other = new byte[PIECE];
            while (true) {
                int read = first.readNBytes(piece, 0, PIECE);
                int otherRead = second.readNBytes(other, 0, PIECE);
                if (read != otherRead || !Arrays.equals(piece, 0, read, other, 0, read)) {
                    return false;
                }
                if (read < PIECE) {
                    return true;
                }
            }
        }
    }

    /** A value as one of another type of field that refers to it: some values bring their own type, and some don't. */
    public static FieldValue converted(FieldType from, FieldType to, FieldValue value) throws IOException {
        boolean dynamic = from == FieldType.DYNAMIC;
        if (value.isNull() || dynamic == (to == FieldType.DYNAMIC)) {
            return value;
        }
        byte[] bytes = Dialect.wholeValue(value);
        if (dynamic) {
            return FieldValue.of(Arrays.copyOfRange(bytes, 1, bytes.length));
        }
        byte[] typed = new byte[bytes.length + 1];
        typed[0] = (byte) (from == FieldType.INTEGER ? 'i' : 't');
        System.arraycopy(bytes, 0, typed, 1, bytes.length);
        return FieldValue.of(typed);
    }

    /** Whether two texts are the same number, whatever their scale. */
    static boolean sameNumber(FieldValue a, FieldValue b) {
        Optional<BigDecimal> first = number(a);
        return first.isPresent()
                && number(b).filter(n -> n.compareTo(first.get()) == 0).isPresent();
    }

    static Optional<BigDecimal> number(FieldValue value) {
        if (value.isNull() || value.isContent() || value.length() > 1000) {
            return Optional.empty();
        }
        try {
            return Optional.of(new BigDecimal(new String(value.bytes(), StandardCharsets.UTF_8)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Whether values of a field tell by their order which is the newer one. */
    public static boolean areOrdered(Field field) {
        return switch (field.type()) {
            case INTEGER, DECIMAL, DATE, TIMESTAMP, TIMESTAMP_WITH_ZONE, TEXT, DYNAMIC -> true;
            default -> false;
        };
    }

    /** Whether the first is later than the second; nothing is before everything. */
    static boolean isAfter(Field field, FieldValue a, FieldValue b) throws IOException {
        if (a.isNull() || b.isNull()) {
            return !a.isNull() && b.isNull();
        }
        byte[] first = Dialect.wholeValue(a);
        byte[] second = Dialect.wholeValue(b);
        FieldType type = field.type();
        if (type == FieldType.DYNAMIC) {
            if (first[0] == 't' || second[0] == 't') {
                return Arrays.compareUnsigned(first, second) > 0;
            }
            return decimal(first, 1).compareTo(decimal(second, 1)) > 0;
        }
        return switch (type) {
            case INTEGER, DECIMAL -> decimal(first, 0).compareTo(decimal(second, 0)) > 0;
            case DATE, TIMESTAMP, TIMESTAMP_WITH_ZONE -> isLater(text(first), text(second));
            default -> Arrays.compareUnsigned(first, second) > 0;
        };
    }

    private static BigDecimal decimal(byte[] bytes, int from) throws IOException {
        try {
            return new BigDecimal(new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8));
        } catch (NumberFormatException e) {
            throw new IOException("a value that should tell which row is newer is not a number", e);
        }
    }

    private static boolean isLater(String a, String b) {
        if (a.endsWith(" BC") || b.endsWith(" BC")) {
            return a.endsWith(" BC") ? b.endsWith(" BC") && a.compareTo(b) < 0 : !b.startsWith("-");
        }
        try {
            return OffsetDateTime.parse(iso(a)).isAfter(OffsetDateTime.parse(iso(b)));
        } catch (DateTimeParseException e) {
            int years = Integer.compare(a.indexOf('-', 1), b.indexOf('-', 1));
            return Character.isDigit(a.charAt(0)) && Character.isDigit(b.charAt(0)) && years != 0
                    ? years > 0
                    : a.compareTo(b) > 0;
        }
    }

    private static String iso(String text) {
        return text.replaceFirst(" ", "T").replaceFirst("([+-]\\d\\d)$", "$1:00");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** A key for people. */
    static String text(List<Field> fields, List<FieldValue> values) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            FieldValue value = values.get(i);
            if (value.isNull()) {
                parts.add("null");
            } else if (value.isContent()) {
                parts.add("…");
            } else if (fields.get(i).type() == FieldType.BYTES) {
                parts.add(HexFormat.of().formatHex(value.bytes()));
            } else {
                int from = fields.get(i).type() == FieldType.DYNAMIC ? 1 : 0;
                byte[] bytes = value.bytes();
                parts.add(new String(bytes, from, Math.max(0, bytes.length - from), StandardCharsets.UTF_8));
            }
        }
        return String.join(", ", parts);
    }
}
