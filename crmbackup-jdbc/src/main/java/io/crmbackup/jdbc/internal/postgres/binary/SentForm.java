package io.crmbackup.jdbc.internal.postgres.binary;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * How the binary form of a type's values becomes the text that stands for them in a backup: what the type's output function makes of them under the settings of a session that reads, but for truth
 * values, which are {@code true} and {@code false}, and bytes, which are themselves. Not here are types whose text is hard to make, as floating-point numbers, and those that are seldom met.
 */
public enum SentForm {
    TRUTH(1, 5) {
        @Override
        public int put(byte[] source, int from, int length, byte[] target, int at) throws IOException {
            if (source[from] != 0 && source[from] != 1) {
                throw new IOException("the server sent a truth value that is neither 0 nor 1");
            }
            return AS_IT_IS.put(source[from] == 1 ? TRUE : FALSE, 0, source[from] == 1 ? 4 : 5, target, at);
        }
    },
    INT2(Short.BYTES, Digits.MOST) {
        @Override
        public int put(byte[] source, int from, int length, byte[] target, int at) {
            return Digits.integer((short) BigEndian.SHORTS.get(source, from), target, at);
        }
    },
    INT4(Integer.BYTES, Digits.MOST) {
        @Override
        public int put(byte[] source, int from, int length, byte[] target, int at) {
            return Digits.integer((int) BigEndian.INTS.get(source, from), target, at);
        }
    },
    INT8(Long.BYTES, Digits.MOST) {
        @Override
        public int put(byte[] source, int from, int length, byte[] target, int at) {
            return Digits.integer((long) BigEndian.LONGS.get(source, from), target, at);
        }
    },
    OID(Integer.BYTES, Digits.MOST) {
        @Override
        public int put(byte[] source, int from, int length, byte[] target, int at) {
            return Digits.integer(Integer.toUnsignedLong((int) BigEndian.INTS.get(source, from)), target, at);
        }
    },
    DECIMAL(0, 0) {
        @Override
        public int most(byte[] source, int from, int length) throws IOException {
            return DecimalForm.most(source, from, length);
        }

        @Override
        public int put(byte[] source, int from, int length, byte[] target, int at) throws IOException {
            return DecimalForm.write(source, from, target, at);
        }
    },
    AS_IT_IS(0, 0) {
        @Override
        public int most(byte[] source, int from, int length) {
            return length;
        }

        @Override
        public int put(byte[] source, int from, int length, byte[] target, int at) {
            System.arraycopy(source, from, target, at, length);
            return at + length;
        }
    },
    /** A version, which is 1, and the text. */
    JSONB(0, 0) {
        @Override
        public int most(byte[] source, int from, int length) throws IOException {
            if (length < 1 || source[from] != 1) {
                throw new IOException("the server sent a jsonb of an unknown version");
            }
            return length - 1;
        }

        @Override
        public int put(byte[] source, int from, int length, byte[] target, int at) {
            System.arraycopy(source, from + 1, target, at, length - 1);
            return at + length - 1;
        }
    },
    UUID(2 * Long.BYTES, 36) {
        @Override
        public int put(byte[] source, int from, int length, byte[] target, int at) {
            int end = at;
            for (int i = 0; i < length; i++) {
                if (i == 4 || i == 6 || i == 8 || i == 10) {
                    target[end++] = '-';
                }
                target[end++] = HEXADECIMAL[source[from + i] >> 4 & 0xf];
                target[end++] = HEXADECIMAL[source[from + i] & 0xf];
            }
            return end;
        }
    },
    DATE(Integer.BYTES, MomentText.MOST) {
        @Override
        public int put(byte[] source, int from, int length, byte[] target, int at) {
            return MomentText.date((int) BigEndian.INTS.get(source, from), target, at);
        }
    },
    TIME(Long.BYTES, MomentText.MOST) {
        @Override
        public int put(byte[] source, int from, int length, byte[] target, int at) throws IOException {
            long ofDay = (long) BigEndian.LONGS.get(source, from);
            if (ofDay < 0 || ofDay > MomentText.MICROSECONDS_A_DAY) {
                throw new IOException("the server sent a time of day of " + ofDay + " microseconds");
            }
            return MomentText.time(ofDay, target, at);
        }
    },
    TIMESTAMP(Long.BYTES, MomentText.MOST) {
        @Override
        public int put(byte[] source, int from, int length, byte[] target, int at) {
            return MomentText.timestamp((long) BigEndian.LONGS.get(source, from), target, at);
        }
    },
    TIMESTAMP_WITH_ZONE(Long.BYTES, MomentText.MOST) {
        @Override
        public int put(byte[] source, int from, int length, byte[] target, int at) {
            return MomentText.timestampWithZone((long) BigEndian.LONGS.get(source, from), target, at);
        }
    };

    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HEXADECIMAL = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final int length;
    private final int most;

    SentForm(int length, int most) {
        this.length = length;
        this.most = most;
    }

    /**
     * The form of a type; empty if it is not known here.
     *
     * @param type the name of a type that is no domain, in {@code pg_type}, with a schema before it unless it is the server's own
     */
    public static Optional<SentForm> of(String type) {
        return Optional.ofNullable(
                switch (type) {
                    case "bool" -> TRUTH;
                    case "int2" -> INT2;
                    case "int4" -> INT4;
                    case "int8" -> INT8;
                    case "oid" -> OID;
                    case "numeric" -> DECIMAL;
                    case "text", "varchar", "bpchar", "name", "json", "bytea" -> AS_IT_IS;
                    case "jsonb" -> JSONB;
                    case "uuid" -> UUID;
                    case "date" -> DATE;
                    case "time" -> TIME;
                    case "timestamp" -> TIMESTAMP;
                    case "timestamptz" -> TIMESTAMP_WITH_ZONE;
                    default -> null;
                });
    }

    /** At least as many bytes as a value's text has. */
    public int most(byte[] source, int from, int valueLength) throws IOException {
        if (valueLength != length) {
            throw new IOException(
                    "the server sent a value of " + valueLength + " bytes, not the " + length + " of its type");
        }
        return most;
    }

    /**
     * Writes a value's text.
     *
     * @param target has room for {@link #most} bytes
     * @return where it ends
     */
    public abstract int put(byte[] source, int from, int valueLength, byte[] target, int at) throws IOException;
}
