package io.crmbackup.export;

import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordSchema;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One JSON object (RFC 8259) a line. Numbers are the digits that are stored; bytes are base64; all else is text, documents in JSON too, as they may hold what
 * readers would change.
 */
final class JsonLinesFormat implements RecordFormat {
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

    @Override
    public String extension() {
        return "jsonl";
    }

    @Override
    public void write(OutputStream out, String collection, RecordSchema schema, List<FieldValue> values)
            throws IOException {
        for (int i = 0; i < values.size(); i++) {
            Field field = schema.fields().get(i);
            Values.write(out, i == 0 ? "{" : ",");
            string(out, field.name());
            out.write(':');
            if (values.get(i).isNull()) {
                Values.write(out, "null");
            } else {
                value(out, field, values.get(i));
            }
        }
        Values.write(out, values.isEmpty() ? "{}\n" : "}\n");
    }

    private static void value(OutputStream out, Field field, FieldValue value) throws IOException {
        try (Values.Typed typed = Values.open(field, value)) {
            FieldType type = typed.type();
            if (type.isBinary()) {
                out.write('"');
                Values.base64(typed.in(), out);
                out.write('"');
            } else if (type == FieldType.INTEGER || type == FieldType.DECIMAL || type == FieldType.FLOAT) {
                String number = Values.shortText(typed.in());
                if (NUMBER.matcher(number).matches()) {
                    Values.write(out, number);
                } else {
                    string(out, number);
                }
            } else if (type == FieldType.BOOLEAN) {
                Values.write(out, Boolean.toString(Values.shortText(typed.in()).equals("true")));
            } else {
                out.write('"');
                Values.characters(typed.in(), (text, length) -> Values.write(out, escaped(text, length)));
                out.write('"');
            }
        }
    }

    private static void string(OutputStream out, String text) throws IOException {
        Values.write(out, '"' + escaped(text.toCharArray(), text.length()) + '"');
    }

    private static String escaped(char[] text, int length) {
        StringBuilder result = new StringBuilder(length + 16);
        for (int i = 0; i < length; i++) {
            char c = text[i];
            switch (c) {
                case '"' -> result.append("\\\"");
                case '\\' -> result.append("\\\\");
                case '\n' -> result.append("\\n");
                case '\r' -> result.append("\\r");
                case '\t' -> result.append("\\t");
                // Line ends of other alphabets, which some readers of lines take for such.
                default -> {
                    if (c < ' ' || c == 0x7f || c == 0x85 || c == 0x2028 || c == 0x2029) {
                        result.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        result.append(c);
                    }
                }
            }
        }
        return result.toString();
    }
}
