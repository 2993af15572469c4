package io.crmbackup.internal.portable;

import io.crmbackup.spi.FieldValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Values that are read as a whole to find their form.
 *
 * @param kind what they are
 * @param rule finds the form
 * @param otherwise takes values without that form, and those longer than {@value #LONGEST} bytes
 */
record WholeForm(Kind kind, Rule rule, FieldForm otherwise) implements FieldForm {
    static final int LONGEST = 1 << 22;

    /** Finds the portable form of a value, or null if it has none. */
    @FunctionalInterface
    interface Rule {
        byte @Nullable [] form(byte[] value);
    }

    /** Values without the form go as the system renders them. */
    static WholeForm of(Kind kind, Rule rule) {
        return new WholeForm(kind, rule, StreamedForm.NATIVE);
    }

    @Override
    public boolean write(FieldValue value, RecordHash out) throws IOException {
        if (!value.isContent()) {
            // The same limit: what a system gives at once may have been stored apart.
            return value.bytes().length <= LONGEST ? write(value.bytes(), out) : otherwise.write(value, out);
        }
        try (InputStream in = value.open()) {
            byte[] beginning = in.readNBytes(LONGEST + 1);
            return beginning.length <= LONGEST
                    ? write(beginning, out)
                    : otherwise.write(
                            FieldValue.content(
                                    () -> new SequenceInputStream(new ByteArrayInputStream(beginning), in), -1),
                            out);
        }
    }

    private boolean write(byte[] value, RecordHash out) throws IOException {
        byte[] form = rule.form(value);
        if (form == null) {
            return otherwise.write(FieldValue.of(value), out);
        }
        out.kind(kind);
        out.write(form, 0, form.length);
        return true;
    }
}
