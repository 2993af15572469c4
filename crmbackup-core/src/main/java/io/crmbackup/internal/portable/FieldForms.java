package io.crmbackup.internal.portable;

import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.MomentText;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Chooses the form of a field's values. */
final class FieldForms {
    /** Types whose values all have one length, spaces being added; as PostgreSQL, MariaDB, H2 and SQLite write them. */
    private static final Pattern FIXED_TEXT = Pattern.compile("(national )?(character|char|nchar|bpchar) ?(\\(.*\\))?");

    /** Bytes in a form of the system's own. */
    private static final Pattern OPAQUE = Pattern.compile(
            "(geometry|geography|point|linestring|polygon|multi\\w+|geometrycollection|java_object)\\b.*");

    private static final Pattern UUID = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");
    private static final int UUID_LENGTH = 36;

    private FieldForms() {}

    /** The form of a field's values; empty if its type has none. */
    static Optional<FieldForm> of(Field field, TextEncoding encoding) {
        String declared = field.nativeType().toLowerCase(Locale.ROOT).strip();
        if (field.type() == FieldType.OTHER
                || field.type() == FieldType.BYTES && OPAQUE.matcher(declared).matches()) {
            return Optional.empty();
        }
        if (field.type() == FieldType.DYNAMIC) {
            return Optional.of(
                    new DynamicForm(encoding == TextEncoding.UTF_8 ? dynamicText(declared) : StreamedForm.NATIVE));
        }
        return Optional.of(form(field.type(), declared));
    }

    private static FieldForm form(FieldType type, String declared) {
        return switch (type) {
            case BOOLEAN -> WholeForm.of(Kind.NUMBER, FieldForms::truth);
            case INTEGER, DECIMAL -> WholeForm.of(Kind.NUMBER, NumberText::exact);
            case FLOAT -> WholeForm.of(Kind.NUMBER, NumberText::floating);
            case TEXT -> FIXED_TEXT.matcher(declared).matches() ? new PaddedForm() : StreamedForm.TEXT;
            case DATE -> WholeForm.of(Kind.TEXT, MomentText::date);
            case TIME -> WholeForm.of(Kind.TEXT, MomentText::time);
            case TIMESTAMP -> WholeForm.of(Kind.TEXT, MomentText::local);
            case TIMESTAMP_WITH_ZONE -> WholeForm.of(Kind.TEXT, MomentText::instant);
            case UUID -> WholeForm.of(Kind.TEXT, FieldForms::uuid);
            case JSON -> WholeForm.of(Kind.TEXT, JsonText::canonical);
            case BYTES, CONTENT, PATH -> StreamedForm.BYTES;
            case DYNAMIC, OTHER -> throw new IllegalArgumentException("no form of its own: " + type);
        };
    }

    /** Text of a system without better types: if it reads as what the field was declared as, it is that; otherwise it is text. */
    private static FieldForm dynamicText(String declared) {
        FieldForm form = form(declaredType(declared), declared);
        return form instanceof WholeForm whole ? new WholeForm(whole.kind(), whole.rule(), StreamedForm.TEXT) : form;
    }

    /**
     * The type that a name stands for, {@link FieldType#TEXT} for those that text has no other form for. A name may end with {@code text}, by
     * which SQLite leaves text as it is, however much it looks like a number.
     */
    private static FieldType declaredType(String declared) {
        String name = declared.replaceFirst(" ?\\(.*?\\)", "").replaceFirst(" text$", "");
        return switch (name) {
            case "decimal", "numeric" -> FieldType.DECIMAL;
            case "date" -> FieldType.DATE;
            case "time", "time without time zone" -> FieldType.TIME;
            case "datetime", "timestamp", "timestamp without time zone" -> FieldType.TIMESTAMP;
            case "timestamptz", "timestamp with time zone" -> FieldType.TIMESTAMP_WITH_ZONE;
            case "uuid" -> FieldType.UUID;
            case "json", "jsonb" -> FieldType.JSON;
            default -> FieldType.TEXT;
        };
    }

    private static byte @Nullable [] truth(byte[] value) {
        return switch (new String(value, StandardCharsets.ISO_8859_1)) {
            case "true" -> new byte[] {'1'};
            case "false" -> new byte[] {'0'};
            default -> null;
        };
    }

    private static byte @Nullable [] uuid(byte[] value) {
        if (value.length != UUID_LENGTH) {
            return null;
        }
        String text = new String(value, StandardCharsets.ISO_8859_1);
        return UUID.matcher(text).matches() ? text.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII) : null;
    }
}
