package io.crmbackup.jdbc.internal.postgres.binary;

import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a value's text becomes what the server's receiving function of a type reads. Only texts as the server itself renders them are known, and of these not those that are seldom met,
 * as years before the first; whatever else there is, the server reads as text. Types that come down to others, as domains do, are those here.
 */
public enum ReceivedForm {
    TRUTH {
        @Override
        public int write(byte[] source, int from, int to, byte[] target, int at) {
            boolean isTrue = Arrays.equals(source, from, to, TRUE, 0, TRUE.length);
            if (!isTrue && !Arrays.equals(source, from, to, FALSE, 0, FALSE.length)) {
                return UNKNOWN;
            }
            target[at] = (byte) (isTrue ? 1 : 0);
            return at + 1;
        }
    },
    INT2 {
        @Override
        public int write(byte[] source, int from, int to, byte[] target, int at) {
            long number = integer(source, from, to);
            BigEndian.SHORTS.set(target, at, (short) number);
            return number == (short) number ? at + Short.BYTES : UNKNOWN;
        }
    },
    INT4 {
        @Override
        public int write(byte[] source, int from, int to, byte[] target, int at) {
            long number = integer(source, from, to);
            BigEndian.INTS.set(target, at, (int) number);
            return number == (int) number ? at + Integer.BYTES : UNKNOWN;
        }
    },
    INT8 {
        @Override
        public int write(byte[] source, int from, int to, byte[] target, int at) {
            long number = integer(source, from, to);
            BigEndian.LONGS.set(target, at, number);
            return number == Long.MIN_VALUE ? UNKNOWN : at + Long.BYTES;
        }
    },
    FLOAT4 {
        @Override
        public int write(byte[] source, int from, int to, byte[] target, int at) {
            float number;
            try {
                number = Float.parseFloat(new String(source, from, to - from, StandardCharsets.US_ASCII));
            } catch (NumberFormatException e) {
                return UNKNOWN;
            }
            BigEndian.INTS.set(target, at, Float.floatToIntBits(number));
            return isPlain(number, source, from, to) ? at + Integer.BYTES : UNKNOWN;
        }
    },
    FLOAT8 {
        @Override
        public int write(byte[] source, int from, int to, byte[] target, int at) {
            double number;
            try {
                number = Double.parseDouble(new String(source, from, to - from, StandardCharsets.US_ASCII));
            } catch (NumberFormatException e) {
                return UNKNOWN;
            }
            BigEndian.LONGS.set(target, at, Double.doubleToLongBits(number));
            return isPlain(number, source, from, to) ? at + Long.BYTES : UNKNOWN;
        }
    },
    NUMERIC {
        @Override
        public int write(byte[] source, int from, int to, byte[] target, int at) {
            return DecimalForm.read(source, from, to, target, at);
        }
    },
    TEXT {
        @Override
        public boolean takesLong() {
            return true;
        }

        @Override
        public int write(byte[] source, int from, int to, byte[] target, int at) {
            System.arraycopy(source, from, target, at, to - from);
            return at + to - from;
        }
    },
    BYTES {
        @Override
        public boolean takesLong() {
            return true;
        }

        @Override
        public int write(byte[] source, int from, int to, byte[] target, int at) {
            return TEXT.write(source, from, to, target, at);
        }
    },
    JSONB {
        @Override
        public boolean takesLong() {
            return true;
        }

        @Override
        public byte[] prefix() {
            return JSONB_VERSION;
        }

        @Override
        public int write(byte[] source, int from, int to, byte[] target, int at) {
            target[at] = JSONB_VERSION[0];
            return TEXT.write(source, from, to, target, at + 1);
        }
    },
    UUID {
        @Override
        public int write(byte[] source, int from, int to, byte[] target, int at) {
            if (to - from != 36) {
                return UNKNOWN;
            }
            int place = from;
            for (int i = 0; i < 16; i++) {
                boolean isAfterDash = i == 4 || i == 6 || i == 8 || i == 10;
                if (isAfterDash && source[place++] != '-') {
                    return UNKNOWN;
                }
                int high = Character.digit(source[place++], 16);
                int low = Character.digit(source[place++], 16);
                if ((high | low) < 0) {
                    return UNKNOWN;
                }
                target[at + i] = (byte) (high << 4 | low);
            }
            return at + 16;
        }
    },
    DATE {
        @Override
        public int write(byte[] source, int from, int to, byte[] target, int at) {
            long days = to - from == MomentText.DATE_LENGTH ? MomentText.days(source, from) : MomentText.UNKNOWN;
            BigEndian.INTS.set(target, at, (int) days);
            return days == MomentText.UNKNOWN ? UNKNOWN : at + Integer.BYTES;
        }
    },
    TIME {
        @Override
        public int write(byte[] source, int from, int to, byte[] target, int at) {
            return moment(MomentText.ofDay(source, from, to), target, at);
        }
    },
    TIMESTAMP {
        @Override
        public int write(byte[] source, int from, int to, byte[] target, int at) {
            return moment(MomentText.timestamp(source, from, to), target, at);
        }
    },
    TIMESTAMP_WITH_ZONE {
        @Override
        public int write(byte[] source, int from, int to, byte[] target, int at) {
            int end = to - 3;
            boolean isGreenwich = end > from && source[end] == '+' && source[end + 1] == '0' && source[end + 2] == '0';
            return isGreenwich ? TIMESTAMP.write(source, from, end, target, at) : UNKNOWN;
        }
    };

    /** Instead of where a value ends: it can't be written. */
    public static final int UNKNOWN = -1;

    /** How many bytes more than its text a value takes at most. */
    public static final int MOST_MORE = 12;

    private static final int MOST_DIGITS = 19;
    private static final byte[] NONE = {};
    private static final byte[] JSONB_VERSION = {1};
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

    /** By receiving function; those of others are named with their schema. */
    private static final Map<String, ReceivedForm> BY_FUNCTION = Map.ofEntries(
            Map.entry("boolrecv", TRUTH),
            Map.entry("int2recv", INT2),
            Map.entry("int4recv", INT4),
            Map.entry("int8recv", INT8),
            Map.entry("float4recv", FLOAT4),
            Map.entry("float8recv", FLOAT8),
            Map.entry("numeric_recv", NUMERIC),
            Map.entry("textrecv", TEXT),
            Map.entry("varcharrecv", TEXT),
            Map.entry("bpcharrecv", TEXT),
            Map.entry("enum_recv", TEXT),
            Map.entry("json_recv", TEXT),
            Map.entry("jsonb_recv", JSONB),
            Map.entry("bytearecv", BYTES),
            Map.entry("uuid_recv", UUID),
            Map.entry("date_recv", DATE),
            Map.entry("time_recv", TIME),
            Map.entry("timestamp_recv", TIMESTAMP),
            Map.entry("timestamptz_recv", TIMESTAMP_WITH_ZONE));

    /** What receives the values of a table's columns, as the database has them: a backup's word is not taken for it. Extensions' types may receive what they would not read. */
    private static final String FUNCTIONS = "WITH RECURSIVE base(name, type) AS (SELECT a.attname, a.atttypid"
            + " FROM pg_catalog.pg_attribute a"
            + " WHERE a.attrelid = ?::pg_catalog.regclass AND a.attnum > 0 AND NOT a.attisdropped"
            + " UNION ALL SELECT b.name, t.typbasetype FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.type"
            + " WHERE t.typtype = 'd')"
            + " SELECT b.name, t.typreceive::pg_catalog.text FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.type"
            + " WHERE t.typtype = 'e' OR t.typtype <> 'd' AND t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace";

    /** The types of some of a table's columns; empty if one is not known here. */
    public static Optional<List<ReceivedForm>> of(Connection connection, String table, List<Field> fields)
            throws SQLException {
        Map<String, String> functions = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(FUNCTIONS)) {
            statement.setString(1, table);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    functions.put(rows.getString(1), rows.getString(2));
                }
            }
        }
        List<ReceivedForm> types = new ArrayList<>();
        for (Field field : fields) {
            ReceivedForm type = BY_FUNCTION.get(functions.getOrDefault(field.name(), ""));
            if (type == null || (type == BYTES) != (field.type() == FieldType.BYTES)) {
                return Optional.empty();
            }
            types.add(type);
        }
        return Optional.of(types);
    }

    /**
     * Writes a value.
     *
     * @param target has room for {@link #MOST_MORE} bytes more than the text has
     * @return where it ends, or {@link #UNKNOWN}
     */
    public abstract int write(byte[] source, int from, int to, byte[] target, int at);

    /** Whether values are their own texts, with {@link #prefix()} before them, so that they can be written in pieces. */
    public boolean takesLong() {
        return false;
    }

    /** What stands before a value. */
    public byte[] prefix() {
        return NONE;
    }

    private static int moment(long microseconds, byte[] target, int at) {
        BigEndian.LONGS.set(target, at, microseconds);
        return microseconds == MomentText.UNKNOWN ? UNKNOWN : at + Long.BYTES;
    }

    /** A number; the least one if it is not known, as that one is not. */
    private static long integer(byte[] source, int from, int to) {
        int at = from < to && source[from] == '-' ? from + 1 : from;
        boolean isNegative = at > from;
        if (at == to || to - at > MOST_DIGITS) {
            return Long.MIN_VALUE;
        }
        // Negative, for 19 digits that are too many leave a number above 0 then, and never come round to one below.
        long number = 0;
        for (; at < to; at++) {
            int digit = source[at] - '0';
            if (digit < 0 || digit > 9) {
                return Long.MIN_VALUE;
            }
            number = 10 * number - digit;
        }
        return number > 0 ? Long.MIN_VALUE : isNegative ? number : -number;
    }

    /** Whether it is what the server understands by the text: Java takes letters behind numbers, and what is too large or small. */
    private static boolean isPlain(double number, byte[] source, int from, int to) {
        boolean isInRange = !Double.isInfinite(number) && (number != 0 || to - from <= "-0".length());
        return isInRange && source[to - 1] >= '0' && source[to - 1] <= '9';
    }
}
