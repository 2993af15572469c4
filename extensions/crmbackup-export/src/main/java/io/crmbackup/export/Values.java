package io.crmbackup.export;

import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Values as text, whatever their length, without holding them in memory. */
final class Values {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int PIECE = 3 << 12;

    private Values() {}

    /** Takes the characters of a text, some at a time. */
    @FunctionalInterface
    interface Characters {
        /** Takes some. */
        void take(char[] text, int length) throws IOException;
    }

    /** A value's type and its bytes behind the letter that some bring with them. */
    record Typed(FieldType type, InputStream in) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    /** Opens a value that is not nothing. */
    static Typed open(Field field, FieldValue value) throws IOException {
        InputStream in = value.open();
        if (field.type() != FieldType.DYNAMIC) {
            return new Typed(field.type(), in);
        }
        int letter = in.read();
        FieldType type = switch (letter) {
            case 'i' -> FieldType.INTEGER;
            case 'r' -> FieldType.FLOAT;
            case 'b' -> FieldType.BYTES;
            case 't' -> FieldType.TEXT;
            default -> throw new IOException("field " + field.name() + " holds a value of no known type");
        };
        return new Typed(type, in);
    }

    /** Goes through text in UTF-8; fails where it is none. */
    static void characters(InputStream in, Characters taker) throws IOException {
        Reader reader = new InputStreamReader(
                in,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
        char[] piece = new char[PIECE];
        int length;
        while ((length = reader.read(piece)) >= 0) {
            // A pair of surrogates must not be divided.
            if (length > 0 && length < PIECE && Character.isHighSurrogate(piece[length - 1])) {
                int low = reader.read();
                if (low >= 0) {
                    piece[length++] = (char) low;
                }
            } else if (length == PIECE && Character.isHighSurrogate(piece[length - 1])) {
                taker.take(piece, length - 1);
                int low = reader.read();
                taker.take(new char[] {piece[length - 1], (char) low}, 2);
                continue;
            }
            taker.take(piece, length);
        }
    }

    /** Writes two hexadecimal digits for each byte. */
    static void hex(InputStream in, OutputStream out) throws IOException {
        byte[] piece = new byte[PIECE];
        byte[] digits = new byte[2 * PIECE];
        int length;
        while ((length = in.readNBytes(piece, 0, PIECE)) > 0) {
            for (int i = 0; i < length; i++) {
                digits[2 * i] = HEX[piece[i] >> 4 & 15];
                digits[2 * i + 1] = HEX[piece[i] & 15];
            }
            out.write(digits, 0, 2 * length);
        }
    }

    /** Writes base64 (RFC 4648, section 4). */
    static void base64(InputStream in, OutputStream out) throws IOException {
        byte[] piece = new byte[PIECE];
        int length;
        while ((length = in.readNBytes(piece, 0, PIECE)) > 0) {
            out.write(Base64.getEncoder().encode(length == PIECE ? piece : java.util.Arrays.copyOf(piece, length)));
        }
    }

    /** A short value as text. */
    static String shortText(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    static void write(OutputStream out, char[] text, int length) throws IOException {
        write(out, new String(text, 0, length));
    }
}
