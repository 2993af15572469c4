package io.crmbackup.spi;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What identifies a record in its collection, and its place there: records are ordered by their keys' bytes, compared unsigned. Immutable.
 *
 * <p>Keys that are made of fields encode them one after the other so that no key is the beginning of another, and the order of keys is the
 * order of their fields:
 * <ul>
 *   <li>no value: {@code 00};
 *   <li>an integer: {@code 80} for zero; {@code 80 + n}, then the n bytes of a positive one, most significant first, without leading zero;
 *       {@code 80 - n}, then the n bytes of a negative one's magnitude, each inverted. Up to 63 bytes;
 *   <li>anything else: {@code 02}, the bytes with each {@code 00} followed by {@code FF}, then {@code 00 01}.
 * </ul>
 * (The form for bytes is that of FoundationDB's tuple layer, but with {@code 00 01} at the end.) Keys that are paths are their raw
 * components joined by {@code 00}, so that a directory's content directly follows it, in depth-first order.
 */
public final class RecordKey implements Comparable<RecordKey> {
    private static final int ZERO = 0x80;
    private static final int LONGEST_INTEGER = 63;
    private static final int MOST_DIGITS_OF_A_LONG = 18;

    private final byte[] bytes;

    private RecordKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A key that is these bytes, which must not be changed afterwards; at least one. */
    public static RecordKey of(byte[] bytes) {
        if (bytes.length == 0) {
            throw new IllegalArgumentException("a key needs at least one byte");
        }
        return new RecordKey(bytes);
    }

    /** The key of a record: its key fields' values in key order. Values must be in memory. */
    public static RecordKey of(RecordSchema schema, List<FieldValue> values) {
        return of(schema, schema.keyIndexes(), values);
    }

    /** The same with {@link RecordSchema#keyIndexes()} worked out before, for many records. */
    public static RecordKey of(RecordSchema schema, int[] keyIndexes, List<FieldValue> values) {
        Builder builder = new Builder();
        for (int index : keyIndexes) {
            builder.add(schema.fields().get(index).type(), values.get(index));
        }
        return builder.build();
    }

    /** The key of a path: raw components, none of which is empty or contains {@code 00} or {@code /}. */
    public static RecordKey path(List<byte[]> components) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] component : components) {
            if (component.length == 0) {
                throw new IllegalArgumentException("a path component can't be empty");
            }
            if (out.size() > 0) {
                out.write(0);
            }
            for (byte b : component) {
                if (b == 0 || b == '/') {
                    throw new IllegalArgumentException("a path component can't contain byte " + b);
                }
            }
            out.writeBytes(component);
        }
        return of(out.toByteArray());
    }

    /** The key of a path in text, its components separated by {@code /}, relative to the collection's root. */
    public static RecordKey path(String path) {
        List<byte[]> components = new ArrayList<>();
        for (String component : path.split("/", -1)) {
            if (component.isEmpty()) {
                throw new IllegalArgumentException("not a path relative to the root: \"" + path + "\"");
            }
            components.add(component.getBytes(StandardCharsets.UTF_8));
        }
        return path(components);
    }

    /**
     * The path that this key is the key of, for people: components separated by {@code /}, bytes that are no text, control characters and those that
     * turn the direction of text as {@code \\xNN}, byte by byte.
     */
    public String pathText() {
        CharBuffer characters;
        try {
            characters = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException e) {
            // Each byte a character: those beyond ASCII, which are shown escaped, then say what the bytes are.
            characters = StandardCharsets.ISO_8859_1.decode(ByteBuffer.wrap(bytes));
        }
        boolean text = characters.length() < bytes.length || isAscii(bytes);
        StringBuilder out = new StringBuilder(characters.length());
        characters.chars().forEach(c -> {
            if (c == 0) {
                out.append('/');
            } else if (!text && c > 0x7f) {
                escape(out, (byte) c);
            } else if (Deceptive.is(c)) {
                for (byte b : String.valueOf((char) c).getBytes(StandardCharsets.UTF_8)) {
                    escape(out, b);
                }
            } else {
                out.append((char) c);
            }
        });
        return out.toString();
    }

    private static void escape(StringBuilder out, byte b) {
        out.append("\\x").append(HexFormat.of().toHexDigits(b));
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * The values of the fields that this key was made of, in key order: the inverse of {@link #of(RecordSchema, List)}.
     *
     * @throws IllegalArgumentException if the bytes are not a key of such records
     */
    public List<FieldValue> fields(RecordSchema schema) {
        return new KeyFields(bytes).decode(schema);
    }

    /** The key's bytes, which the caller must not change. */
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int compareTo(RecordKey other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RecordKey that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The bytes in hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }

    /** Collects a key from its fields. Not thread-safe. */
    public static final class Builder {
        private byte[] bytes = new byte[24];
        private int length;

        /** Begins an empty key. */
        public Builder() {}

        /** Adds a field's value in the order-preserving form that fits its type. */
        public Builder add(FieldType type, FieldValue value) {
            if (value.isNull()) {
                room(1);
                bytes[length++] = 0;
            } else if (type == FieldType.INTEGER) {
                addInteger(value.bytes());
            } else {
                addBytes(value.bytes());
            }
            return this;
        }

        /** Nearly all integers are short ones, and worth a way without objects. */
        private void addInteger(byte[] decimal) {
            boolean negative = decimal.length > 0 && decimal[0] == '-';
            int first = negative ? 1 : 0;
            boolean isShort = decimal.length > first && decimal.length - first <= MOST_DIGITS_OF_A_LONG;
            long magnitude = 0;
            for (int i = first; isShort && i < decimal.length; i++) {
                int digit = decimal[i] - '0';
                isShort = digit >= 0 && digit <= 9;
                magnitude = 10 * magnitude + digit;
            }
            if (isShort) {
                addShort(magnitude, negative);
            } else {
                addInteger(new BigInteger(new String(decimal, StandardCharsets.UTF_8)));
            }
        }

        private void addShort(long magnitude, boolean negative) {
            int count = Long.BYTES - Long.numberOfLeadingZeros(magnitude) / Byte.SIZE;
            room(1 + count);
            bytes[length++] = (byte) (negative ? ZERO - count : ZERO + count);
            for (int i = count - 1; i >= 0; i--) {
                byte b = (byte) (magnitude >>> Byte.SIZE * i);
                bytes[length++] = (byte) (negative ? ~b : b);
            }
        }

        /** Adds an integer of at most 63 bytes. */
        public Builder addInteger(BigInteger value) {
            byte[] magnitude = magnitude(value.abs());
            if (magnitude.length > LONGEST_INTEGER) {
                throw new IllegalArgumentException("an integer in a key has at most 63 bytes, not " + magnitude.length);
            }
            int sign = value.signum();
            room(1 + magnitude.length);
            bytes[length++] = (byte) (ZERO + sign * magnitude.length);
            for (byte b : magnitude) {
                bytes[length++] = (byte) (sign < 0 ? ~b : b);
            }
            return this;
        }

        /** Adds bytes of any length. */
        public Builder addBytes(byte[] value) {
            room(Math.addExact(Math.multiplyExact(2, value.length), 3));
            bytes[length++] = 2;
            for (byte b : value) {
                bytes[length++] = b;
                if (b == 0) {
                    bytes[length++] = (byte) 0xff;
                }
            }
            bytes[length++] = 0;
            bytes[length++] = 1;
            return this;
        }

        private void room(int more) {
            if (bytes.length - length < more) {
                bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(length, more)));
            }
        }

        /** The key; at least one field must have been added. */
        public RecordKey build() {
            return RecordKey.of(Arrays.copyOf(bytes, length));
        }

        private static byte[] magnitude(BigInteger value) {
            if (value.signum() == 0) {
                return new byte[0];
            }
            byte[] bytes = value.toByteArray();
            return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
        }
    }
}
