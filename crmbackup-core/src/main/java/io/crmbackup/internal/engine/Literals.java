package io.crmbackup.internal.engine;

import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Values as users write them. */
final class Literals {
    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");

    private Literals() {}

    /** The value that a text stands for in a field of this type. Bytes are written in hexadecimal digits. */
    static FieldValue value(FieldType type, String text) {
        return switch (type) {
            case INTEGER -> {
                requireInteger(text);
                yield FieldValue.text(text);
            }
            case BYTES, CONTENT -> FieldValue.of(HexFormat.of().parseHex(text));
            case DYNAMIC ->
                FieldValue.of(((INTEGER.matcher(text).matches() ? "i" : "t") + text).getBytes(StandardCharsets.UTF_8));
            default -> FieldValue.text(text);
        };
    }

    private static void requireInteger(String text) {
        if (!INTEGER.matcher(text).matches()) {
            throw new IllegalArgumentException("a whole number is needed, not \"" + text + "\"");
        }
    }
}
