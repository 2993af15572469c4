package io.crmbackup.jdbc.internal.translate;

import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A column's type without its product.
 *
 * @param kind what values are
 * @param size bits of whole numbers (65 for 64 without sign), digits of decimal ones, bits of floating-point ones, characters, bytes, or digits of
 *     fractions of seconds; {@link #UNBOUNDED} if there is no limit
 * @param scale digits of decimal numbers behind the point
 */
record NeutralType(Kind kind, int size, int scale) {
    static final int UNBOUNDED = -1;
    static final int UNSIGNED_LONG = 65;

    /** No product has longer text that is not of any length. */
    private static final int LONGEST = 10_485_760;

    private static final Pattern SIZES = Pattern.compile("\\(\\s*(\\d{1,9})\\s*(?:,\\s*(\\d{1,9})\\s*)?\\)");
    private static final Pattern FIXED = Pattern.compile("(national )?(character|char|nchar|bpchar)");

    public enum Kind {
        BOOLEAN,
        INTEGER,
        DECIMAL,
        FLOAT,
        FIXED_TEXT,
        TEXT,
        BYTES,
        DATE,
        TIME,
        ZONED_TIME,
        TIMESTAMP,
        INSTANT,
        UUID,
        JSON,
        OTHER;

        /** Whether values may be of any length and need not be read as a whole. */
        boolean isStreamed() {
            return this == TEXT || this == BYTES || this == OTHER || this == JSON;
        }

        boolean isMoment() {
            return this == DATE || this == TIMESTAMP || this == INSTANT;
        }
    }

    static NeutralType of(Kind kind) {
        return new NeutralType(kind, UNBOUNDED, 0);
    }

    static NeutralType of(Kind kind, int size) {
        return new NeutralType(kind, size, 0);
    }

    /** Whether there is a limit. */
    boolean isBounded() {
        return size != UNBOUNDED;
    }

    /** The type of a field of a product; of one whose values bring their own types, what it was declared as. */
    static NeutralType of(Field field, String product) {
        boolean declaresOnly = product.equals("SQLite");
        FieldType type = field.type() == FieldType.DYNAMIC ? DynamicTypes.of(field.nativeType()) : field.type();
        String declared = field.nativeType().toLowerCase(Locale.ROOT).strip();
        Matcher sizes = SIZES.matcher(declared);
        int size = UNBOUNDED;
        int scale = 0;
        if (sizes.find() && !declared.startsWith("enum") && !declared.startsWith("set(")) {
            size = Integer.parseInt(sizes.group(1));
            scale = sizes.group(2) == null ? 0 : Integer.parseInt(sizes.group(2));
        }
        String name = declared.replaceFirst("\\(.*", "").strip();
        return switch (type) {
            case BOOLEAN -> of(Kind.BOOLEAN);
            case INTEGER -> of(Kind.INTEGER, declaresOnly ? 64 : bits(declared));
            case DECIMAL -> size > 0 && scale <= size ? new NeutralType(Kind.DECIMAL, size, scale) : of(Kind.DECIMAL);
            case FLOAT -> of(Kind.FLOAT, isSingle(name, product) ? 32 : 64);
            case TEXT ->
                FIXED.matcher(name).matches()
                        ? of(Kind.FIXED_TEXT, size > 0 ? size : declaresOnly || name.equals("bpchar") ? UNBOUNDED : 1)
                        : of(Kind.TEXT, size > LONGEST ? UNBOUNDED : size);
            case BYTES -> of(Kind.BYTES, name.equals("bit") ? (Math.max(1, size) + 7) / 8 : size);
            case DATE -> of(Kind.DATE);
            case TIME ->
                name.startsWith("interval")
                        ? of(Kind.OTHER)
                        : of(isZoned(declared) ? Kind.ZONED_TIME : Kind.TIME, digits(declared, size));
            case TIMESTAMP -> of(Kind.TIMESTAMP, digits(declared, size));
            case TIMESTAMP_WITH_ZONE -> of(Kind.INSTANT, digits(declared, size));
            case UUID -> of(Kind.UUID);
            case JSON -> of(Kind.JSON);
            case CONTENT, PATH, DYNAMIC, OTHER -> of(Kind.OTHER);
        };
    }

    private static int bits(String declared) {
        String name = declared.replaceFirst("[ (].*", "");
        int bits = switch (name) {
            case "tinyint" -> 8;
            case "smallint", "int2", "year" -> 16;
            case "mediumint" -> 24;
            case "int", "integer", "int4" -> 32;
            default -> 64;
        };
        return declared.contains("unsigned") || declared.contains("zerofill") ? bits + 1 : bits;
    }

    private static boolean isSingle(String name, String product) {
        return switch (product) {
            case "PostgreSQL", "H2", "Apache Derby" -> name.equals("real");
            case "MariaDB", "MySQL" -> name.startsWith("float");
            default -> false;
        };
    }

    private static boolean isZoned(String declared) {
        return declared.contains("with time zone") || declared.startsWith("timetz");
    }

    /** Without a number PostgreSQL and H2 keep six digits of timestamps; of the others, none or as many. */
    private static int digits(String declared, int size) {
        return size >= 0 ? size : declared.contains("time zone") || declared.startsWith("timestamp") ? 6 : UNBOUNDED;
    }
}
