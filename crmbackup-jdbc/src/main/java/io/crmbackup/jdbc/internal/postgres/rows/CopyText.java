package io.crmbackup.jdbc.internal.postgres.rows;

import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes rows apart as COPY writes them in its text format: values with a tab between them and a line feed at the end, {@code \N} for none, and a backslash
 * before what would be mistaken. Values are cut out of the received bytes where they lie, with one copy each.
 */
final class CopyText implements CopyForm {
    /** How a column's values are read. */
    private enum Form {
        AS_IT_IS,
        /** {@code t} and {@code f}. */
        BOOLEAN,
        /** A backslash, x and hexadecimal digits. */
        HEXADECIMAL
    }

    private static final FieldValue TRUE = FieldValue.text("true");
    private static final FieldValue FALSE = FieldValue.text("false");

    private final Form[] forms;
    private final boolean[] required;
    private final CopyBytes encoder = new CopyBytes();

    CopyText(List<Column> columns) {
        this.forms = columns.stream().map(CopyText::form).toArray(Form[]::new);
        this.required = new boolean[forms.length];
        for (int i = 0; i < required.length; i++) {
            required[i] = columns.get(i).required();
        }
    }

    private static Form form(Column column) {
        return switch (column.base().name()) {
            case "bool" -> Form.BOOLEAN;
            case "bytea" -> Form.HEXADECIMAL;
            default -> Form.AS_IT_IS;
        };
    }

    @Override
    public String options() {
        return "";
    }

    @Override
    public byte[] row(byte[] message) {
        return message;
    }

    @Override
    public FieldValue[] values(byte[] row) throws IOException {
        FieldValue[] values = new FieldValue[forms.length];
        int end = end(row);
        int at = 0;
        for (int i = 0; i < values.length; i++) {
            int start = at;
            boolean escaped = false;
            while (at < end && row[at] != '\t') {
                escaped |= row[at] == '\\';
                at++;
            }
            if (at == end && i < values.length - 1) {
                throw new IOException("the server sent a row of " + (i + 1) + " values, not " + values.length);
            }
            values[i] = escaped ? escapedValue(forms[i], row, start, at) : plainValue(forms[i], row, start, at);
            at++;
        }
        if (at <= end && values.length > 0) {
            throw new IOException("the server sent a row of more than " + values.length + " values");
        }
        return values;
    }

    @Override
    public FieldValue value(byte[] row, int index) throws IOException {
        int end = end(row);
        int at = 0;
        for (int before = 0; before < index; before++) {
            at = CopyBytes.tab(row, at, end) + 1;
            if (at > end) {
                throw new IOException("the server sent a row of " + (before + 1) + " values, not " + forms.length);
            }
        }
        return value(forms[index], row, at, CopyBytes.tab(row, at, end));
    }

    /** A value between two places, whichever way it is written; the bytes stay as they are. */
    private static FieldValue value(Form form, byte[] row, int start, int end) throws IOException {
        byte[] own = Arrays.copyOfRange(row, start, end);
        for (byte b : own) {
            if (b == '\\') {
                return escapedValue(form, own, 0, own.length);
            }
        }
        return form == Form.AS_IT_IS ? FieldValue.of(own) : plainValue(form, own, 0, own.length);
    }

    @Override
    public byte @Nullable [] encode(byte[] row) throws IOException {
        if (!encoder.begin(row, end(row))) {
            return null;
        }
        for (int i = 0; i < forms.length; i++) {
            if (encoder.isAtEnd() || !encodeValue(i, row)) {
                return null;
            }
        }
        return encoder.isAtEnd() ? encoder.encoded() : null;
    }

    private boolean encodeValue(int index, byte[] row) throws IOException {
        if (forms[index] == Form.AS_IT_IS && encoder.passOn()) {
            return encoder.isShort();
        }
        int start = encoder.position();
        int end = encoder.skip();
        FieldValue value = value(forms[index], row, start, end);
        return (!value.isNull() || !required[index]) && encoder.put(value);
    }

    /** Where the values of a row end. */
    private static int end(byte[] row) {
        return row.length > 0 && row[row.length - 1] == '\n' ? row.length - 1 : row.length;
    }

    private static FieldValue plainValue(Form form, byte[] row, int start, int end) throws IOException {
        return switch (form) {
            case AS_IT_IS -> FieldValue.of(Arrays.copyOfRange(row, start, end));
            case BOOLEAN -> bool(row, start, end);
            case HEXADECIMAL -> throw new IOException("the server sent bytes that are not hexadecimal");
        };
    }

    private static FieldValue escapedValue(Form form, byte[] row, int start, int end) throws IOException {
        if (end - start == 2 && row[start + 1] == 'N') {
            return FieldValue.NULL;
        }
        if (form == Form.HEXADECIMAL) {
            if (end - start < 3 || row[start + 1] != '\\' || row[start + 2] != 'x') {
                throw new IOException("the server sent bytes that are not hexadecimal");
            }
            return FieldValue.of(bytes(row, start + 3, end));
        }
        return plainValue(form, row, start, unescape(row, start, end));
    }

    /** Takes the backslashes out; where the value then ends. */
    private static int unescape(byte[] row, int start, int end) throws IOException {
        int out = start;
        for (int at = start; at < end; at++) {
            byte b = row[at];
            if (b == '\\') {
                if (++at == end) {
                    throw new IOException("the server sent a value that ends with a single backslash");
                }
                b = character(row[at]);
            }
            row[out++] = b;
        }
        return out;
    }

    private static byte character(byte escaped) throws IOException {
        return switch (escaped) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 0x0b;
            case '\\' -> '\\';
            default -> throw new IOException("the server sent an unknown escape, code " + escaped);
        };
    }

    private static FieldValue bool(byte[] row, int start, int end) throws IOException {
        if (end - start == 1 && row[start] == 't') {
            return TRUE;
        } else if (end - start == 1 && row[start] == 'f') {
            return FALSE;
        }
        throw new IOException("the server sent a truth value that is neither t nor f");
    }

    private static byte[] bytes(byte[] row, int start, int end) throws IOException {
        byte[] bytes = new byte[(end - start) / 2];
        for (int i = 0; i < bytes.length; i++) {
            int digits = digit(row[start + 2 * i]) << 4 | digit(row[start + 2 * i + 1]);
            if (digits < 0) {
                throw new IOException("the server sent bytes that are not hexadecimal");
            }
            bytes[i] = (byte) digits;
        }
        return bytes;
    }

    private static int digit(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        return b >= 'a' && b <= 'f' ? b - 'a' + 10 : -1;
    }
}
