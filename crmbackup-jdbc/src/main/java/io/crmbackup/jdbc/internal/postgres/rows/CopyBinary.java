package io.crmbackup.jdbc.internal.postgres.rows;

import io.crmbackup.jdbc.internal.postgres.binary.BigEndian;
import io.crmbackup.jdbc.internal.postgres.binary.SentForm;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes rows apart as COPY writes them in its binary format: how many values there are, and each with its length before it, -1 for none. Before the first row stands a head, after the last one -1;
 * the server sends each row by itself (<a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY</a>, Binary Format).
 */
final class CopyBinary implements CopyForm {
    private static final byte[] SIGNATURE = "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int NONE = -1;

    /** The bytes of the number before a value: one up to this length, at most two up to that which may lie in a row. */
    private static final int SHORT = 0x7f - 2;

    private static final int LONGEST_NUMBER = 2;

    private final SentForm[] forms;
    private final boolean[] required;
    private byte[] encoded = new byte[1024];
    private int to;
    private boolean begun;

    CopyBinary(List<Column> columns, List<SentForm> forms) {
        this.forms = forms.toArray(SentForm[]::new);
        this.required = new boolean[columns.size()];
        for (int i = 0; i < required.length; i++) {
            required[i] = columns.get(i).required();
        }
    }

    @Override
    public String options() {
        return " (FORMAT binary)";
    }

    @Override
    public byte @Nullable [] row(byte[] message) throws IOException {
        byte[] row = begun ? message : withoutHead(message);
        begun = true;
        if (row.length == 0) {
            return null;
        }
        int count = row.length < Short.BYTES ? NONE - 1 : (short) BigEndian.SHORTS.get(row, 0);
        if (count == NONE && row.length == Short.BYTES) {
            return null;
        }
        if (count != forms.length) {
            throw new IOException("the server sent a row of " + count + " values, not " + forms.length);
        }
        return row;
    }

    private static byte[] withoutHead(byte[] message) throws IOException {
        int flags = SIGNATURE.length;
        int head = flags + 2 * Integer.BYTES;
        if (message.length < head || !Arrays.equals(message, 0, flags, SIGNATURE, 0, flags)) {
            throw new IOException("the server sent rows without the head of its binary format");
        }
        if ((int) BigEndian.INTS.get(message, flags) != 0
                || (int) BigEndian.INTS.get(message, flags + Integer.BYTES) != 0) {
            throw new IOException("the server sent rows in an unknown kind of its binary format");
        }
        return Arrays.copyOfRange(message, head, message.length);
    }

    @Override
    public FieldValue[] values(byte[] row) throws IOException {
        FieldValue[] values = new FieldValue[forms.length];
        int at = Short.BYTES;
        for (int i = 0; i < values.length; i++) {
            values[i] = valueAt(row, at, forms[i]);
            at = next(row, at);
        }
        requireEnd(row, at);
        return values;
    }

    @Override
    public FieldValue value(byte[] row, int index) throws IOException {
        int at = Short.BYTES;
        for (int before = 0; before < index; before++) {
            at = next(row, at);
        }
        return valueAt(row, at, forms[index]);
    }

    private static FieldValue valueAt(byte[] row, int at, SentForm form) throws IOException {
        int length = length(row, at);
        if (length == NONE) {
            return FieldValue.NULL;
        }
        byte[] text = new byte[form.most(row, at + Integer.BYTES, length)];
        int end = form.put(row, at + Integer.BYTES, length, text, 0);
        return FieldValue.of(end == text.length ? text : Arrays.copyOf(text, end));
    }

    @Override
    public byte @Nullable [] encode(byte[] row) throws IOException {
        to = 0;
        int at = Short.BYTES;
        for (int i = 0; i < forms.length; i++) {
            int length = length(row, at);
            if (length != NONE) {
                if (!put(row, at + Integer.BYTES, length, forms[i])) {
                    return null;
                }
            } else if (required[i]) {
                return null;
            } else {
                room(1);
                encoded[to++] = 0;
            }
            at = next(row, at);
        }
        requireEnd(row, at);
        return Arrays.copyOf(encoded, to);
    }

    /** Adds a value; false if it may be too long for a row. */
    private boolean put(byte[] row, int from, int length, SentForm form) throws IOException {
        int most = form.most(row, from, length);
        if (most > RecordCodec.LONGEST_INLINE) {
            return false;
        }
        room(LONGEST_NUMBER + most);
        int begin = most <= SHORT ? to + 1 : to + LONGEST_NUMBER;
        int end = form.put(row, from, length, encoded, begin);
        int number = end - begin + 2;
        if (number < 0x80) {
            encoded[to] = (byte) number;
            if (begin > to + 1) {
                System.arraycopy(encoded, begin, encoded, to + 1, end - begin);
                end--;
            }
        } else {
            encoded[to] = (byte) (number | 0x80);
            encoded[to + 1] = (byte) (number >>> 7);
        }
        to = end;
        return true;
    }

    private void room(int more) {
        if (encoded.length - to < more) {
            encoded = Arrays.copyOf(encoded, 2 * encoded.length + more);
        }
    }

    /** The length of the value at a place, all of whose bytes are there; {@link #NONE} if there is no value. */
    private static int length(byte[] row, int at) throws IOException {
        int length = row.length - at < Integer.BYTES ? NONE - 1 : (int) BigEndian.INTS.get(row, at);
        if (length < NONE || length > row.length - at - Integer.BYTES) {
            throw new IOException("the server sent a row that ends within a value");
        }
        return length;
    }

    private static int next(byte[] row, int at) throws IOException {
        return at + Integer.BYTES + Math.max(0, length(row, at));
    }

    private static void requireEnd(byte[] row, int at) throws IOException {
        if (at != row.length) {
            throw new IOException("the server sent a row with " + (row.length - at) + " bytes behind its values");
        }
    }
}
