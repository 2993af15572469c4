package io.crmbackup.internal.portable;

import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.io.InputStream;

/**
 * Values that go byte by byte, however long.
 *
 * @param kind what they are
 */
record StreamedForm(Kind kind) implements FieldForm {
    static final FieldForm TEXT = new StreamedForm(Kind.TEXT);
    static final FieldForm BYTES = new StreamedForm(Kind.BYTES);
    static final FieldForm NATIVE = new StreamedForm(Kind.NATIVE);

    private static final int BUFFER = 1 << 14;

    @Override
    public boolean write(FieldValue value, RecordHash out) throws IOException {
        out.kind(kind);
        if (value.isContent()) {
            byte[] buffer = new byte[BUFFER];
            try (InputStream in = value.open()) {
                int length;
                while ((length = in.read(buffer)) >= 0) {
                    out.write(buffer, 0, length);
                }
            }
        } else {
            out.write(value.bytes(), 0, value.bytes().length);
        }
        return kind != Kind.NATIVE;
    }
}
