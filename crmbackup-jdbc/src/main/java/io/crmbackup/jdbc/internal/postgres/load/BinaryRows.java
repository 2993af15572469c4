package io.crmbackup.jdbc.internal.postgres.load;

import io.crmbackup.jdbc.internal.postgres.binary.BigEndian;
import io.crmbackup.jdbc.internal.postgres.binary.ReceivedForm;
import io.crmbackup.spi.EncodedRow;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCodec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.copy.CopyIn;

/**
 * Rows in COPY's binary format (PostgreSQL's manual, COPY, "Binary Format"): how many fields a row has, then each field's length, -1 for none, and
 * its bytes. A row goes into the buffer whole, but for long values, which go through it in pieces.
 */
final class BinaryRows implements RowForm {
    private static final byte[] SIGNATURE = "PGCOPY\n\u00ff\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int HEADER = SIGNATURE.length + 2 * Integer.BYTES;
    private static final int BUFFER = 64 << 10;

    /** Instead of a length: the value is not here. */
    private static final int APART = 1;

    private final CopyIn copy;
    private final ReceivedForm[] types;
    private byte[] buffer = new byte[BUFFER];
    private int filled = HEADER;

    /** Begins with the columns' types. */
    BinaryRows(CopyIn copy, List<ReceivedForm> types) {
        this.copy = copy;
        this.types = types.toArray(ReceivedForm[]::new);
        System.arraycopy(SIGNATURE, 0, buffer, 0, SIGNATURE.length);
    }

    @Override
    public boolean add(EncodedRow row) throws SQLException {
        room(row.length());
        int begin = filled;
        fields(types.length);
        if (addFields(row.bytes(), row.begin(), row.end())) {
            return true;
        }
        filled = begin;
        return false;
    }

    private boolean addFields(byte[] row, int begin, int end) {
        int at = begin;
        for (ReceivedForm type : types) {
            int number = at < end ? row[at++] : APART;
            if (number < 0) {
                // No value that lies in the row has a length of more than two bytes.
                int high = at < end ? row[at++] : 0;
                number = high <= 0 ? APART : number & 0x7f | high << 7;
            }
            if (number == 0) {
                length(-1);
            } else {
                int valueEnd = at + number - 2;
                if (number == APART || valueEnd > end || !put(type, row, at, valueEnd)) {
                    return false;
                }
                at = valueEnd;
            }
        }
        return at == end;
    }

    @Override
    public boolean add(List<FieldValue> values) throws IOException, SQLException {
        int bytes = 0;
        boolean hasLong = false;
        for (int i = 0; i < types.length; i++) {
            FieldValue value = values.get(i);
            if (!isLong(value)) {
                bytes += (int) value.length();
            } else if (types[i].takesLong() && value.length() >= 0 && value.length() < Integer.MAX_VALUE) {
                hasLong = true;
            } else {
                return false;
            }
        }
        room(bytes);
        int begin = filled;
        fields(types.length);
        // First the short ones, for the long ones can't be taken back.
        for (int i = 0; i < types.length; i++) {
            FieldValue value = values.get(i);
            if (!isLong(value) && !add(types[i], value)) {
                filled = begin;
                return false;
            }
        }
        if (!hasLong) {
            return true;
        }
        filled = begin;
        fields(types.length);
        for (int i = 0; i < types.length; i++) {
            FieldValue value = values.get(i);
            if (isLong(value)) {
                addLong(types[i], value);
            } else {
                add(types[i], value);
            }
        }
        return true;
    }

    private static boolean isLong(FieldValue value) {
        return !value.isNull() && (value.isContent() || value.length() > RecordCodec.LONGEST_INLINE);
    }

    private boolean add(ReceivedForm type, FieldValue value) {
        if (value.isNull()) {
            length(-1);
            return true;
        }
        byte[] bytes = value.bytes();
        return put(type, bytes, 0, bytes.length);
    }

    private boolean put(ReceivedForm type, byte[] source, int from, int to) {
        int begin = filled + Integer.BYTES;
        int end = type.write(source, from, to, buffer, begin);
        length(end - begin);
        filled = end;
        return end >= 0;
    }

    private void addLong(ReceivedForm type, FieldValue value) throws IOException, SQLException {
        byte[] prefix = type.prefix();
        length(prefix.length + (int) value.length());
        System.arraycopy(prefix, 0, buffer, filled, prefix.length);
        filled += prefix.length;
        long missing = value.length();
        try (InputStream in = value.open()) {
            while (missing > 0) {
                int read = in.read(buffer, filled, (int) Math.min(missing, buffer.length - filled));
                if (read < 0) {
                    throw new IOException("a value ended " + missing + " bytes early");
                }
                filled += read;
                missing -= read;
                send();
            }
            if (in.read() >= 0) {
                throw new IOException("a value is longer than the " + value.length() + " bytes that it should have");
            }
        }
    }

    /** Makes room for a row whose values have so many bytes. */
    private void room(int bytes) throws SQLException {
        int most = bytes + types.length * (Integer.BYTES + ReceivedForm.MOST_MORE) + Short.BYTES;
        if (buffer.length - filled <= most) {
            send();
            if (buffer.length <= most) {
                buffer = new byte[most + BUFFER];
            }
        }
    }

    private void fields(int count) {
        buffer[filled++] = (byte) (count >> 8);
        buffer[filled++] = (byte) count;
    }

    private void length(int length) {
        BigEndian.INTS.set(buffer, filled, length);
        filled += Integer.BYTES;
    }

    @Override
    public void end() throws SQLException {
        room(0);
        fields(-1);
        send();
    }

    private void send() throws SQLException {
        copy.writeToCopy(buffer, 0, filled);
        filled = 0;
    }
}
