package io.crmbackup.internal.record;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Shows a key that is made of fields without the record it belongs to. */
final class KeyText {
    private static final int ZERO = 0x80;
    private static final int LONGEST_INTEGER = 63;

    private KeyText() {}

    /** The fields' values; all in hexadecimal digits if the bytes are not such a key. */
    static String decode(byte[] key) {
        List<String> parts = new ArrayList<>();
        int at = 0;
        while (at < key.length) {
            int tag = key[at++] & 0xff;
            if (tag == 0) {
                parts.add("null");
            } else if (tag == 2) {
                ByteArrayOutputStream text = new ByteArrayOutputStream();
                at = readBytes(key, at, text);
                if (at < 0) {
                    return HexFormat.of().formatHex(key);
                }
                parts.add(text.toString(StandardCharsets.UTF_8));
            } else {
                int length = Math.abs(tag - ZERO);
                if (length > LONGEST_INTEGER || length > key.length - at) {
                    return HexFormat.of().formatHex(key);
                }
                parts.add(integer(key, at, length, tag < ZERO).toString());
                at += length;
            }
        }
        return String.join(", ", parts);
    }

    private static int readBytes(byte[] key, int begin, ByteArrayOutputStream text) {
        for (int at = begin; at + 1 < key.length; at++) {
            if (key[at] != 0) {
                text.write(key[at]);
            } else if (key[at + 1] == 1) {
                return at + 2;
            } else {
                text.write(0);
                at++;
            }
        }
        return -1;
    }

    private static BigInteger integer(byte[] key, int at, int length, boolean negative) {
        byte[] magnitude = new byte[length];
        for (int i = 0; i < length; i++) {
            magnitude[i] = (byte) (negative ? ~key[at + i] : key[at + i]);
        }
        BigInteger value = new BigInteger(1, magnitude);
        return negative ? value.negate() : value;
    }
}
