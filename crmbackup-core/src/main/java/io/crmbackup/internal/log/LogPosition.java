package io.crmbackup.internal.log;

import com.google.common.hash.HashCode;

/**
 * How far a log was read, for finding out later whether it was cut or exchanged. Immutable.
 *
 * @param next number of the entry after the last one that was read, which is how many were
 * @param last SHA-256 of the stored object of the last entry read; zeros if none was
 */
public record LogPosition(long next, HashCode last) {
    static final HashCode NONE = HashCode.fromBytes(new byte[32]);

    /** Checks the values. */
    public LogPosition {
        if (next < 0 || last.bits() != 256) {
            throw new IllegalArgumentException("not a position in a log: " + next + ", " + last);
        }
    }

    /** Reads what {@link #toString()} wrote. */
    public static LogPosition parse(String text) {
        int dash = text.indexOf('-');
        if (dash < 1) {
            throw new IllegalArgumentException("not a position in a log: " + text);
        }
        return new LogPosition(Long.parseLong(text.substring(0, dash)), HashCode.fromString(text.substring(dash + 1)));
    }

    /** The number in decimal, {@code -}, and 64 hexadecimal digits. */
    @Override
    public String toString() {
        return next + "-" + last;
    }
}
