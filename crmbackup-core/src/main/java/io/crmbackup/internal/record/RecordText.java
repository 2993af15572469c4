package io.crmbackup.internal.record;

import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows records to people. */
public final class RecordText {
    private static final int LONGEST_BYTES = 64;

    private RecordText() {}

    /** A key without the record: its fields' values as far as their bytes tell, or the path. */
    public static String key(RecordSchema schema, RecordKey key) {
        return schema.keyForm() == RecordSchema.KeyForm.PATH ? key.pathText() : escaped(KeyText.decode(key.bytes()));
    }

    /** A record's key from its values. */
    public static String key(RecordSchema schema, RecordKey key, List<FieldValue> values) {
        if (!schema.isKeyed()) {
            return "";
        }
        if (schema.keyForm() == RecordSchema.KeyForm.PATH) {
            return key(schema, key);
        }
        List<String> parts = new ArrayList<>();
        for (int index : schema.keyIndexes()) {
            parts.add(String.valueOf(text(schema.fields().get(index), values.get(index))));
        }
        return escaped(String.join(", ", parts));
    }

    /** A text on one line: control characters as {@code \\xNN}, so that nobody can forge lines of a report. */
    public static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.chars().forEach(c -> {
            if (Character.isISOControl(c)) {
                out.append("\\x").append(HexFormat.of().toHexDigits((byte) c));
            } else {
                out.append((char) c);
            }
        });
        return out.toString();
    }

    /** All values as text, by field. */
    public static Map<String, @Nullable String> fields(RecordSchema schema, List<FieldValue> values) {
        Map<String, @Nullable String> fields = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            Field field = schema.fields().get(i);
            fields.put(field.name(), text(field, values.get(i)));
        }
        return fields;
    }

    /** A value as text, or null if there is none. */
    public static @Nullable String text(Field field, FieldValue value) {
        if (value.isNull()) {
            return null;
        }
        if (value.isContent()) {
            return "(" + value.length() + " bytes)";
        }
        if (field.type() == FieldType.DYNAMIC && value.length() > 0) {
            return dynamic(value.bytes());
        }
        if (field.type() == FieldType.PATH) {
            return RecordKey.of(value.bytes()).pathText();
        }
        return field.type().isBinary() ? bytes(value.bytes(), 0) : value.text();
    }

    private static String dynamic(byte[] bytes) {
        return bytes[0] == 'b' ? bytes(bytes, 1) : new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8);
    }

    private static String bytes(byte[] bytes, int begin) {
        int length = bytes.length - begin;
        String hex = HexFormat.of().formatHex(bytes, begin, begin + Math.min(length, LONGEST_BYTES));
        return length <= LONGEST_BYTES ? hex : hex + "… (" + length + " bytes)";
    }
}
