package io.crmbackup.internal.record;

import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCodec;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Some fields of one record after the other, read where they lie: what goes through millions of records for the sake of one or two fields
 * makes nothing of the others. Not thread-safe.
 */
public final class RecordFields {
    private static final int NONE = -1;
    private static final int APART = -2;

    private final RecordDecoder decoder;
    private final int[] fields;
    private final int[] begins;
    /** Where the values end, or what else is to be said of them. */
    private final int[] ends;

    private byte[] row = {};

    RecordFields(RecordDecoder decoder, int[] fields) {
        this.decoder = decoder;
        this.fields = fields.clone();
        int most = Arrays.stream(fields).max().orElse(-1);
        this.begins = new int[most + 1];
        this.ends = new int[most + 1];
    }

    /** Goes to a record; returns whether each of the fields has a value, and has it in the row. */
    public boolean read(byte[] value) {
        RecordDecoder.Row found = decoder.locate(value);
        row = found.bytes();
        int at = found.begin();
        for (int i = 0; i < begins.length; i++) {
            int number = 0;
            int shift = 0;
            int b;
            do {
                if (at >= row.length || shift > 28) {
                    throw decoder.endsEarly();
                }
                b = row[at++];
                number |= (b & 0x7f) << shift;
                shift += 7;
            } while (b < 0);
            int length = number == 0 ? 0 : number == 1 ? RecordCodec.APART_LENGTH : number - 2;
            if (length < 0 || length > row.length - at) {
                throw decoder.endsEarly();
            }
            begins[i] = at;
            ends[i] = number == 0 ? NONE : number == 1 ? APART : at + length;
            at += length;
        }
        for (int field : fields) {
            if (ends[field] < 0) {
                return false;
            }
        }
        return true;
    }

    /** A field's value; if it lies apart, a content that tells no more than that. */
    public FieldValue value(int field) {
        return switch (ends[field]) {
            case NONE -> FieldValue.NULL;
            case APART -> FieldValue.content(InputStream::nullInputStream, -1);
            default -> FieldValue.of(Arrays.copyOfRange(row, begins[field], ends[field]));
        };
    }

    /**
     * The values of all fields as bytes that are equal if and only if the values are: those of the record itself, to be used before the next one is
     * read; null if one has no value or lies apart.
     */
    public @Nullable ByteBuffer bytes() {
        if (fields.length == 1) {
            int end = ends[fields[0]];
            return end < 0 ? null : ByteBuffer.wrap(row, begins[fields[0]], end - begins[fields[0]]);
        }
        int length = 0;
        for (int field : fields) {
            if (ends[field] < 0) {
                return null;
            }
            length += Integer.BYTES + ends[field] - begins[field];
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        for (int field : fields) {
            all.putInt(ends[field] - begins[field]).put(row, begins[field], ends[field] - begins[field]);
        }
        return all.flip();
    }
}
