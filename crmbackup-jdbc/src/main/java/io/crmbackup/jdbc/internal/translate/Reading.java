package io.crmbackup.jdbc.internal.translate;

import io.crmbackup.jdbc.internal.sql.Utf8;
import io.crmbackup.jdbc.internal.translate.NeutralType.Kind;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.MomentText;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the neutral form of a column's values from that of their product: moments as {@link MomentText} has them, truths as {@code true} and {@code
 * false}, other numbers and text as they are.
 *
 * @param dynamic whether values bring their own types
 * @param charset of text that brings its own type
 */
record Reading(NeutralType type, boolean dynamic, Charset charset) {
    private static final Set<String> SPECIAL = Set.of("NaN", "Infinity", "-Infinity");

    static Reading of(Field field, NeutralType type, Origin origin) {
        return new Reading(type, field.type() == FieldType.DYNAMIC, origin.charset());
    }

    /** The neutral form of a value; null if it is no value of the type. */
    byte @Nullable [] read(byte[] value) {
        if (!dynamic) {
            return typed(value);
        }
        if (value.length == 0) {
            return null;
        }
        byte[] rest = Arrays.copyOfRange(value, 1, value.length);
        return switch (value[0]) {
            case 'i' -> number(rest);
            case 'r' -> type.kind() == Kind.INTEGER || type.kind() == Kind.BOOLEAN ? null : number(rest);
            case 't' -> text(rest);
            case 'b' -> type.kind() == Kind.BYTES ? rest : null;
            default -> null;
        };
    }

    private byte @Nullable [] number(byte[] digits) {
        return switch (type.kind()) {
            case BOOLEAN ->
                switch (Texts.text(digits)) {
                    case "1" -> Texts.ascii("true");
                    case "0" -> Texts.ascii("false");
                    default -> null;
                };
            case DECIMAL -> decimal(digits);
            case FLOAT, INTEGER -> digits;
            case TEXT, OTHER -> type.isBounded() ? null : digits;
            default -> null;
        };
    }

    private byte @Nullable [] text(byte[] encoded) {
        byte[] text = encoded;
        if (!charset.equals(StandardCharsets.UTF_8)) {
            try {
                text = Utf8.encode(
                        charset.newDecoder().decode(ByteBuffer.wrap(encoded)).toString());
            } catch (IOException e) {
                return null;
            }
        }
        if (!Utf8.isText(text)) {
            return null;
        }
        return switch (type.kind()) {
            case BOOLEAN, INTEGER, FLOAT, BYTES -> null;
            case TEXT -> !type.isBounded() || Texts.characters(text) <= type.size() ? text : null;
            default -> typed(text);
        };
    }

    private byte @Nullable [] typed(byte[] value) {
        return switch (type.kind()) {
            case DATE -> MomentText.date(value);
            case TIME, ZONED_TIME -> MomentText.time(value);
            case TIMESTAMP -> MomentText.local(value);
            case INSTANT -> MomentText.instant(value);
            case DECIMAL -> decimal(value);
            case UUID -> Texts.text(value).toLowerCase(Locale.ROOT).getBytes(StandardCharsets.ISO_8859_1);
            case FIXED_TEXT -> withoutSpaces(value);
            default -> value;
        };
    }

    /** In plain digits. */
    private static byte @Nullable [] decimal(byte[] value) {
        if (value.length > 0 && value[value.length - 1] > '9' && SPECIAL.contains(Texts.text(value))) {
            return value;
        }
        BigDecimal number = Texts.decimal(value);
        return number == null ? null : Texts.ascii(number.toPlainString());
    }

    private static byte[] withoutSpaces(byte[] text) {
        int end = text.length;
        while (end > 0 && text[end - 1] == ' ') {
            end--;
        }
        return end == text.length ? text : Arrays.copyOf(text, end);
    }

    boolean isBytes() {
        return type.kind() == Kind.BYTES;
    }

    /** Whether a value that is not read as a whole can be one of this type. */
    boolean takesContent(FieldValue content) throws IOException {
        if (!type.kind().isStreamed()) {
            return false;
        }
        if (!dynamic) {
            return true;
        }
        try (InputStream in = content.open()) {
            return in.read() == (type.kind() == Kind.BYTES ? 'b' : 't');
        }
    }

    /** The content's stream in the neutral form. */
    InputStream open(FieldValue content) throws IOException {
        InputStream in = content.open();
        if (!dynamic) {
            return in;
        }
        in.skipNBytes(1);
        return type.kind() == Kind.BYTES ? in : Utf8.stream(new InputStreamReader(in, charset.newDecoder()));
    }
}
