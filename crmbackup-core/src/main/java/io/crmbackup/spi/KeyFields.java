package io.crmbackup.spi;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Takes a key that was made of fields apart. Not thread-safe. */
final class KeyFields {
    private static final int ZERO = 0x80;
    private static final int LONGEST_INTEGER = 63;

    private final byte[] key;
    private int at;

    KeyFields(byte[] key) {
        this.key = key;
    }

    List<FieldValue> decode(RecordSchema schema) {
        List<FieldValue> values = new ArrayList<>();
        for (int index : schema.keyIndexes()) {
            values.add(next(schema.fields().get(index).type() == FieldType.INTEGER));
        }
        if (at != key.length || values.isEmpty()) {
            throw malformed();
        }
        return values;
    }

    private FieldValue next(boolean isInteger) {
        int tag = at < key.length ? key[at++] & 0xff : -1;
        if (tag == 0) {
            return FieldValue.NULL;
        }
        if (isInteger) {
            return integer(tag);
        }
        if (tag != 2) {
            throw malformed();
        }
        return bytes();
    }

    private FieldValue bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (; at + 1 < key.length; at++) {
            if (key[at] != 0) {
                out.write(key[at]);
            } else if (key[at + 1] == 1) {
                at += 2;
                return FieldValue.of(out.toByteArray());
            } else if (key[at + 1] == (byte) 0xff) {
                out.write(0);
                at++;
            } else {
                throw malformed();
            }
        }
        throw malformed();
    }

    private FieldValue integer(int tag) {
        int length = Math.abs(tag - ZERO);
        if (tag < 0 || length > LONGEST_INTEGER || length > key.length - at) {
            throw malformed();
        }
        boolean negative = tag < ZERO;
        byte[] magnitude = new byte[length];
        for (int i = 0; i < length; i++) {
            byte b = key[at++];
            magnitude[i] = (byte) (negative ? ~b : b);
        }
        BigInteger value = new BigInteger(1, magnitude);
        return FieldValue.text((negative ? value.negate() : value).toString());
    }

    private IllegalArgumentException malformed() {
        return new IllegalArgumentException(
                "not a key of such records: " + HexFormat.of().formatHex(key));
    }
}
