package io.crmbackup.jdbc.internal.translate;

import io.crmbackup.jdbc.internal.translate.NeutralType.Kind;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * One column's values, from one product to the other.
 *
 * @param most the largest whole number, or less if nobody asked
 */
record TranslatedField(Reading reading, TargetColumn column, BigInteger most) {
    /** The value in the other product, or null if it has no equal one. */
    @Nullable
    FieldValue translate(FieldValue value) throws IOException {
        if (value.isNull()) {
            return value;
        }
        if (!value.isContent()) {
            byte[] neutral = reading.read(value.bytes());
            byte[] written = neutral == null ? null : column.writing().write(neutral);
            return written == null ? null : FieldValue.of(written);
        }
        if (!column.streamed()
                || !reading.takesContent(value)
                || !column.writing().takes(() -> reading.open(value))) {
            return null;
        }
        boolean shortens = reading.dynamic();
        boolean lengthens = column.field().type() == FieldType.DYNAMIC;
        boolean sameLength = reading.type().kind() == Kind.BYTES && value.length() >= 0;
        long length = sameLength ? value.length() - (shortens ? 1 : 0) + (lengthens ? 1 : 0) : -1;
        if (!lengthens) {
            return FieldValue.content(() -> reading.open(value), length);
        }
        byte[] letter = {(byte) SqliteWords.letter(reading.type().kind())};
        return FieldValue.content(
                () -> new SequenceInputStream(new ByteArrayInputStream(letter), reading.open(value)), length);
    }
}
