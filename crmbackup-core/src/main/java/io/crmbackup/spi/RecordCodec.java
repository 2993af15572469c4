package io.crmbackup.spi;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The canonical bytes of a record's values: with the schema, which is stored beside them, every field can be read without the system that the
 * record came from. The values follow one another in the schema's order, each as a variable-length number t and what t calls for:
 * <ul>
 *   <li>t = 0: no value;
 *   <li>t = 1: the value lies apart; 41 bytes say where;
 *   <li>t &ge; 2: the t - 2 bytes of the value.
 * </ul>
 * Numbers are written seven bits a byte, lowest first, with the high bit set in all bytes but the last. Thread-safe.
 */
public final class RecordCodec {
    /** The most bytes that a value may have inside the record: longer ones lie apart. */
    public static final int LONGEST_INLINE = 4096;

    /** The bytes of a place apart. */
    public static final int APART_LENGTH = 41;

    private final RecordSchema schema;

    /** Creates the codec of a schema. */
    public RecordCodec(RecordSchema schema) {
        this.schema = schema;
    }

    /** Keeps values that lie apart. */
    @FunctionalInterface
    public interface ApartWriter {
        /** Stores a field's value and returns the {@link #APART_LENGTH} bytes that say where. */
        byte[] store(Field field, FieldValue value) throws IOException;
    }

    /** Finds values that lie apart. */
    @FunctionalInterface
    public interface ApartReader {
        /** The value that the {@link #APART_LENGTH} bytes from {@code offset} on tell of. */
        FieldValue find(byte[] encoded, int offset);
    }

    /**
     * Encodes a record's values. Contents, values of type {@link FieldType#CONTENT}, and values longer than {@link #LONGEST_INLINE} lie
     * apart. So that equal records have equal bytes, a content of another type must only be given if it is longer than that.
     */
    public byte[] encode(List<FieldValue> values, ApartWriter apart) throws IOException {
        List<Field> fields = schema.fields();
        if (values.size() != fields.size()) {
            throw new IllegalArgumentException(
                    "the record has " + values.size() + " values, its schema " + fields.size() + " fields");
        }
        int length = 0;
        for (int i = 0; i < fields.size(); i++) {
            length += encodedLength(fields.get(i), values.get(i));
        }
        byte[] encoded = new byte[length];
        int at = 0;
        for (int i = 0; i < fields.size(); i++) {
            FieldValue value = values.get(i);
            if (value.isNull()) {
                at++;
            } else if (liesApart(fields.get(i), value)) {
                encoded[at++] = 1;
                System.arraycopy(apart.store(fields.get(i), value), 0, encoded, at, APART_LENGTH);
                at += APART_LENGTH;
            } else {
                byte[] bytes = value.bytes();
                at = writeNumber(encoded, at, bytes.length + 2);
                System.arraycopy(bytes, 0, encoded, at, bytes.length);
                at += bytes.length;
            }
        }
        return encoded;
    }

    private static int encodedLength(Field field, FieldValue value) {
        if (value.isNull()) {
            if (field.presence() == Field.Presence.REQUIRED) {
                throw new IllegalArgumentException("field " + field.name() + " needs a value");
            }
            return 1;
        }
        if (liesApart(field, value)) {
            return 1 + APART_LENGTH;
        }
        // Of 4,098 at most, so one byte or two.
        int number = (int) value.length() + 2;
        return (number > 0x7f ? 2 : 1) + (int) value.length();
    }

    private static boolean liesApart(Field field, FieldValue value) {
        return value.isContent() || value.length() > LONGEST_INLINE || field.type() == FieldType.CONTENT;
    }

    /**
     * Decodes what {@link #encode} made.
     *
     * @throws IllegalArgumentException if the bytes are not the values of such a record
     */
    public List<FieldValue> decode(byte[] encoded, int offset, int length, ApartReader apart) {
        int end = offset + length;
        int at = offset;
        List<FieldValue> values = new ArrayList<>(schema.fields().size());
        for (Field field : schema.fields()) {
            long number = 0;
            int shift = 0;
            int b;
            do {
                if (at >= end || shift > 28) {
                    throw new IllegalArgumentException("the record ends within field " + field.name());
                }
                b = encoded[at++];
                number |= (long) (b & 0x7f) << shift;
                shift += 7;
            } while (b < 0);
            long size = number == 0 ? 0 : number == 1 ? APART_LENGTH : number - 2;
            if (size > end - at) {
                throw new IllegalArgumentException("the record ends within field " + field.name());
            }
            if (number == 0) {
                values.add(FieldValue.NULL);
            } else if (number == 1) {
                values.add(apart.find(encoded, at));
            } else {
                values.add(FieldValue.of(Arrays.copyOfRange(encoded, at, at + (int) size)));
            }
            at += (int) size;
        }
        if (at != end) {
            throw new IllegalArgumentException("the record has " + (end - at) + " bytes more than its fields need");
        }
        return values;
    }

    private static int writeNumber(byte[] target, int from, int number) {
        int at = from;
        int rest = number;
        while (rest > 0x7f) {
            target[at++] = (byte) (rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        target[at++] = (byte) rest;
        return at;
    }
}
