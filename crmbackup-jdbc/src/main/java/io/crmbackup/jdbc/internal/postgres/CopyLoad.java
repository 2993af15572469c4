package io.crmbackup.jdbc.internal.postgres;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.Escapes;
import io.crmbackup.jdbc.internal.dialect.LoadedRows;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows by COPY in its text format: values with a tab between them and a line feed at the end, {@code \N} for none, and a backslash before what would be
 * mistaken; bytes as hexadecimal digits. Values go from records into one buffer, long ones in pieces. Knows the driver, as {@link CopyRows} does.
 *
 * <p>A table that was emptied in the same transaction takes its rows frozen: nobody has to look again whether their transaction was committed,
 * and the server that archives no log need not log them. Nothing is deleted by that, as it was empty.
 */
final class CopyLoad {
    private static final int BUFFER = 64 << 10;
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private static final Escapes ESCAPES = new Escapes("\t\n\r", "tnr");

    private final CopyIn copy;
    private final boolean[] binary;
    private final byte[] buffer = new byte[BUFFER + Escapes.SLACK];
    private int filled;

    private CopyLoad(CopyIn copy, List<Field> fields) {
        this.copy = copy;
        this.binary = new boolean[fields.size()];
        for (int i = 0; i < binary.length; i++) {
            binary[i] = fields.get(i).type() == FieldType.BYTES;
        }
    }

    /** Loads rows; how many the server took. */
    static long run(Connection connection, Dialect dialect, TableName table, List<Field> fields, LoadedRows rows)
            throws IOException, SQLException {
        if (rows.areFirst()) {
            Dialect.execute(connection, "TRUNCATE ONLY " + dialect.quote(table));
        }
        String columns =
                fields.stream().map(field -> dialect.quote(field.name())).collect(Collectors.joining(", "));
        CopyIn copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY " + dialect.quote(table) + " (" + columns + ") FROM STDIN"
                        + (rows.areFirst() ? " WITH (FREEZE)" : ""));
        try {
            CopyLoad load = new CopyLoad(copy, fields);
            while (rows.next()) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException("interrupted while writing");
                }
                byte[] encoded = rows.encoded();
                if (encoded == null) {
                    load.row(rows.values());
                } else {
                    load.row(encoded);
                }
            }
            load.send();
            return copy.endCopy();
        } catch (IOException | SQLException | RuntimeException e) {
            cancel(copy, e);
            throw e;
        }
    }

    private static void cancel(CopyIn copy, Exception failure) {
        try {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    /** A row in the bytes of {@link io.crmbackup.spi.RecordCodec}, none of whose values lies apart. */
    private void row(byte[] row) throws SQLException {
        int at = 0;
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
    }

    private void row(List<FieldValue> values) throws IOException, SQLException {
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

    private void send() throws SQLException {
        copy.writeToCopy(buffer, 0, filled);
        filled = 0;
    }
}
