package io.crmbackup.jdbc.internal.mysql.load;

import io.crmbackup.jdbc.internal.dialect.Escapes;
import io.crmbackup.jdbc.internal.dialect.LoadedRows;
import io.crmbackup.jdbc.internal.mysql.rows.MySqlValues;
import io.crmbackup.spi.EncodedRow;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows as LOAD DATA reads them: values with a tab between them and a line feed at the end, {@code \N} for none, a backslash before what would be mistaken,
 * bytes as hexadecimal digits. Written as they are read, long values in pieces. Remembers its failure, as not every driver passes it on.
 */
final class LoadText extends InputStream {
    private static final int BUFFER = 64 << 10;
    private static final byte[] DIGITS = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private static final Escapes ESCAPES = new Escapes("\t\n\0", "\t\n0");

    private final LoadedRows rows;
    private final List<MySqlValues> formats;
    private final boolean[] binary;
    private final boolean[] asItIs;
    private final byte[] buffer = new byte[BUFFER + Escapes.SLACK];
    private final byte[] part = new byte[BUFFER / 4];
    private int begin;
    private int end;
    private boolean ended;

    /** The row that is being written, and which of its values comes next. */
    private @Nullable List<FieldValue> row;

    /** The row in place of its values, if it was read so, and where the next one begins. */
    private byte @Nullable [] encoded;

    private int at;
    private int column;
    private @Nullable InputStream content;
    private @Nullable Exception failure;

    LoadText(LoadedRows rows, List<MySqlValues> formats, List<Field> fields) {
        this.rows = rows;
        this.formats = formats;
        this.binary = new boolean[fields.size()];
        this.asItIs = new boolean[fields.size()];
        for (int i = 0; i < binary.length; i++) {
            binary[i] = fields.get(i).type() == FieldType.BYTES;
            asItIs[i] = formats.get(i).isLoadedAsItIs();
        }
    }

    /** Whether everything was read. */
    boolean isAtEnd() {
        return ended && begin == end;
    }

    /** Throws what went wrong while rows were written. */
    void throwFailure() throws IOException {
        Exception first = failure;
        if (first instanceof IOException e) {
            throw e;
        } else if (first instanceof RuntimeException e) {
            throw e;
        }
    }

    @Override
    public int read() throws IOException {
        return fill() ? buffer[begin++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, end - begin);
        System.arraycopy(buffer, begin, target, offset, count);
        begin += count;
        return count;
    }

    @Override
    public int available() {
        return end - begin;
    }

    private boolean fill() throws IOException {
        if (begin < end) {
            return true;
        }
        begin = 0;
        end = 0;
        throwFailure();
        try {
            // Between two steps there is room for what either writes at most.
            while (!ended && end + 2 * part.length + 16 <= BUFFER) {
                step();
            }
        } catch (IOException | RuntimeException e) {
            failure = e;
            throw e;
        }
        return end > 0;
    }

    /** Writes a value, a piece of one, or a row's end. */
    private void step() throws IOException {
        if (content != null) {
            piece(content);
        } else if (encoded != null) {
            encoded(encoded);
        } else if (row == null) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while writing");
            }
            ended = !rows.next();
            column = 0;
            EncodedRow atHand = ended ? null : rows.rowAtHand();
            if (atHand != null && atHand.isWhole(binary.length)) {
                encoded = atHand.bytes();
                at = atHand.begin();
            } else if (!ended) {
                row = rows.values();
            }
        } else if (column == binary.length) {
            buffer[end++] = '\n';
            row = null;
        } else {
            value(row.get(column));
        }
    }

    /** Writes the next value of a row in the bytes of {@link RecordCodec}, none of which lies apart; or its end. */
    private void encoded(byte[] from) throws IOException {
        if (column == binary.length) {
            buffer[end++] = '\n';
            encoded = null;
            return;
        }
        int number = from[at++];
        if (number < 0) {
            number = number & 0x7f | from[at++] << 7;
        }
        int begin = at;
        at += Math.max(0, number - 2);
        if (number == 0) {
            value(FieldValue.NULL);
        } else if (asItIs[column]) {
            if (column > 0) {
                buffer[end++] = '\t';
            }
            write(from, begin, at);
            column++;
        } else {
            value(FieldValue.of(Arrays.copyOfRange(from, begin, at)));
        }
    }

    private void value(FieldValue value) throws IOException {
        if (column > 0) {
            buffer[end++] = '\t';
        }
        if (value.isNull()) {
            buffer[end++] = '\\';
            buffer[end++] = 'N';
            column++;
            return;
        }
        FieldValue loaded = formats.get(column).loaded(value);
        if (loaded.isContent() || loaded.length() > part.length) {
            content = loaded.open();
        } else {
            write(loaded.bytes(), 0, loaded.bytes().length);
            column++;
        }
    }

    private void piece(InputStream in) throws IOException {
        int read = in.read(part);
        if (read >= 0) {
            write(part, 0, read);
        } else {
            content = null;
            column++;
            in.close();
        }
    }

    private void write(byte[] bytes, int from, int to) {
        if (binary[column]) {
            for (int i = from; i < to; i++) {
                buffer[end++] = DIGITS[bytes[i] >> 4 & 0xf];
                buffer[end++] = DIGITS[bytes[i] & 0xf];
            }
            return;
        }
        end = ESCAPES.write(bytes, from, to, buffer, end);
    }

    @Override
    public void close() throws IOException {
        if (content != null) {
            content.close();
            content = null;
        }
    }
}
