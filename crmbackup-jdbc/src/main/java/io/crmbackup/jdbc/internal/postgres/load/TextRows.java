package io.crmbackup.jdbc.internal.postgres.load;

import io.crmbackup.jdbc.internal.dialect.Escapes;
import io.crmbackup.spi.EncodedRow;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.copy.CopyIn;

/**
 * Rows in COPY's text format: values with a tab between them and a line feed at the end, {@code \N} for none, and a backslash before what would be
 * mistaken; bytes as hexadecimal digits. Takes whatever the server takes. Values go into one buffer, long ones in pieces.
 */
final class TextRows implements RowForm {
    private static final int BUFFER = 64 << 10;
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private static final Escapes ESCAPES = new Escapes("\t\n\r", "tnr");

    private final CopyIn copy;
    private final boolean[] binary;
    private final byte[] buffer = new byte[BUFFER + Escapes.SLACK];
    private int filled;

    TextRows(CopyIn copy, List<Field> fields) {
        this.copy = copy;
        this.binary = new boolean[fields.size()];
        for (int i = 0; i < binary.length; i++) {
            binary[i] = fields.get(i).type() == FieldType.BYTES;
        }
    }

    @Override
    public boolean add(EncodedRow encoded) throws SQLException {
        // Before anything is written, as what is sent can't be taken back.
        if (!encoded.isWhole(binary.length)) {
            return false;
        }
        byte[] row = encoded.bytes();
        int at = encoded.begin();
        for (int i = 0; i < binary.length; i++) {
            if (BUFFER - filled < 8) {
                send();
            }
            if (i > 0) {
                buffer[filled++] = '\t';
            }
            int number = row[at++];
            if (number < 0) {
                number = number & 0x7f | row[at++] << 7;
            }
            if (number == 0) {
                buffer[filled++] = '\\';
                buffer[filled++] = 'N';
            } else {
                if (binary[i]) {
                    buffer[filled++] = '\\';
                    buffer[filled++] = '\\';
                    buffer[filled++] = 'x';
                }
                put(row, at, at + number - 2, binary[i]);
                at += number - 2;
            }
        }
        put((byte) '\n');
        return true;
    }

    @Override
    public boolean add(List<FieldValue> values) throws IOException, SQLException {
        for (int i = 0; i < binary.length; i++) {
            if (i > 0) {
                put((byte) '\t');
            }
            FieldValue value = values.get(i);
            if (value.isNull()) {
                put((byte) '\\');
                put((byte) 'N');
            } else {
                if (binary[i]) {
                    put((byte) '\\');
                    put((byte) '\\');
                    put((byte) 'x');
                }
                value(value, binary[i]);
            }
        }
        put((byte) '\n');
        return true;
    }

    private void value(FieldValue value, boolean isBinary) throws IOException, SQLException {
        if (!value.isContent()) {
            put(value.bytes(), 0, value.bytes().length, isBinary);
            return;
        }
        byte[] part = new byte[BUFFER];
        try (InputStream in = value.open()) {
            int read = in.read(part);
            while (read >= 0) {
                put(part, 0, read, isBinary);
                read = in.read(part);
            }
        }
    }

    private void put(byte[] bytes, int from, int to, boolean isBinary) throws SQLException {
        int at = from;
        while (at < to) {
            // Each byte takes two at most.
            int end = Math.min(to, at + (BUFFER - filled) / 2);
            if (isBinary) {
                hexadecimal(bytes, at, end);
            } else {
                filled = ESCAPES.write(bytes, at, end, buffer, filled);
            }
            at = end;
            if (at < to) {
                send();
            }
        }
    }

    private void hexadecimal(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            buffer[filled++] = DIGITS[bytes[at] >> 4 & 0xf];
            buffer[filled++] = DIGITS[bytes[at] & 0xf];
        }
    }

    private void put(byte b) throws SQLException {
        if (filled == BUFFER) {
            send();
        }
        buffer[filled++] = b;
    }

    @Override
    public void end() throws SQLException {
        send();
    }

    private void send() throws SQLException {
        copy.writeToCopy(buffer, 0, filled);
        filled = 0;
    }
}
