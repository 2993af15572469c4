package io.crmbackup.internal.portable;

import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.util.Arrays;

/**
 * Values that bring their own types: numbers are numbers and bytes are bytes, whatever the field was declared as.
 *
 * @param text the form of text, by what was declared
 */
record DynamicForm(FieldForm text) implements FieldForm {
    private static final FieldForm INTEGER = WholeForm.of(Kind.NUMBER, NumberText::exact);
    private static final FieldForm REAL = WholeForm.of(Kind.NUMBER, NumberText::floating);

    @Override
    public boolean write(FieldValue value, RecordHash out) throws IOException {
        if (!value.isContent()) {
            byte[] bytes = value.bytes();
            FieldForm form = form(bytes.length == 0 ? -1 : bytes[0]);
            return form.write(
                    form.equals(StreamedForm.NATIVE)
                            ? value
                            : FieldValue.of(Arrays.copyOfRange(bytes, 1, bytes.length)),
                    out);
        }
        try (PushbackInputStream in = new PushbackInputStream(value.open())) {
            int letter = in.read();
            FieldForm form = form(letter);
            if (form.equals(StreamedForm.NATIVE) && letter >= 0) {
                in.unread(letter);
            }
            return form.write(FieldValue.content(() -> in, -1), out);
        }
    }

    private FieldForm form(int letter) {
        return switch (letter) {
            case 'i' -> INTEGER;
            case 'r' -> REAL;
            case 't' -> text;
            case 'b' -> StreamedForm.BYTES;
            default -> StreamedForm.NATIVE;
        };
    }
}
