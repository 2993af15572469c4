package io.crmbackup.export;

import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordSchema;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** CSV as in RFC 4180, in UTF-8 with a header. No value is nothing at all; text is always in quotes, so that empty text is {@code ""}. */
record CsvFormat(Formulas formulas) implements RecordFormat {
    /** What becomes of text that spreadsheets take for formulas. */
    enum Formulas {
        AS_THEY_ARE,
        DEFUSED
    }

    private static final String END = "\r\n";

    @Override
    public String extension() {
        return "csv";
    }

    @Override
    public void begin(OutputStream out, String collection, RecordSchema schema) throws IOException {
        String separator = "";
        for (Field field : schema.fields()) {
            Values.write(out, separator + '"' + defused(field.name()).replace("\"", "\"\"") + '"');
            separator = ",";
        }
        Values.write(out, END);
    }

    @Override
    public void write(OutputStream out, String collection, RecordSchema schema, List<FieldValue> values)
            throws IOException {
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) {
                out.write(',');
            }
            if (!values.get(i).isNull()) {
                value(out, schema.fields().get(i), values.get(i));
            }
        }
        Values.write(out, END);
    }

    private void value(OutputStream out, Field field, FieldValue value) throws IOException {
        try (Values.Typed typed = Values.open(field, value)) {
            FieldType type = typed.type();
            if (type.isBinary()) {
                out.write('"');
                Values.hex(typed.in(), out);
                out.write('"');
            } else if (type == FieldType.INTEGER
                    || type == FieldType.DECIMAL
                    || type == FieldType.FLOAT
                    || type == FieldType.BOOLEAN) {
                Values.write(out, plain(Values.shortText(typed.in())));
            } else {
                text(out, typed);
            }
        }
    }

    /** What is stored as a number is one only if it looks like one. */
    private String plain(String number) {
        return number.matches("[-+0-9.eE]+|[A-Za-z]+|-Infinity")
                ? number
                : '"' + defused(number).replace("\"", "\"\"") + '"';
    }

    private void text(OutputStream out, Values.Typed typed) throws IOException {
        out.write('"');
        boolean[] begun = new boolean[1];
        Values.characters(typed.in(), (text, length) -> {
            String piece = new String(text, 0, length);
            Values.write(out, (begun[0] ? piece : defused(piece)).replace("\"", "\"\""));
            begun[0] = true;
        });
        out.write('"');
    }

    private String defused(String text) {
        boolean formula = !text.isEmpty() && "=+-@\t\r\n".indexOf(text.charAt(0)) >= 0;
        return formula && formulas == Formulas.DEFUSED ? "'" + text : text;
    }
}
