package io.crmbackup.jdbc.internal.dialect;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Puts a backslash and a letter in place of some bytes, which are the backslash and others below 16: what text between tabs needs in which servers load rows. Most
 * text has none of them: eight bytes at once are looked at as one number (Henry S. Warren, "Hacker's Delight", 6-1). Immutable.
 */
public final class Escapes {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHEST_BITS = 0x8080808080808080L;
    private static final long UPPER_HALVES = 0xf0f0f0f0f0f0f0f0L;
    private static final long BACKSLASHES = '\\' * ONES;
    private static final long SPACES = ' ' * ONES;
    private static final int LOW = 16;

    /** So many bytes behind what is written may be written over. */
    public static final int SLACK = Long.BYTES;

    /** By byte, what stands behind the backslash; 0 for bytes that stand for themselves. */
    private final byte[] letters = new byte[1 << Byte.SIZE];

    /**
     * The backslash, and some bytes below 16.
     *
     * @param letters what stands for each, in their order
     */
    public Escapes(String bytes, String letters) {
        this.letters['\\'] = '\\';
        for (int i = 0; i < bytes.length(); i++) {
            if (bytes.charAt(i) >= LOW) {
                throw new IllegalArgumentException("byte " + (int) bytes.charAt(i) + "; below 16 would be right");
            }
            this.letters[bytes.charAt(i)] = (byte) letters.charAt(i);
        }
    }

    /** Writes bytes, each as two at most; returns where they end. The target needs {@link #SLACK} more bytes than are written. */
    public int write(byte[] bytes, int from, int to, byte[] target, int begin) {
        int at = from;
        int out = begin;
        while (at + Long.BYTES <= to) {
            long eight = (long) LONGS.get(bytes, at);
            if (mayHaveSome(eight)) {
                out = each(bytes, at, at + Long.BYTES, target, out);
            } else {
                LONGS.set(target, out, eight);
                out += Long.BYTES;
            }
            at += Long.BYTES;
        }
        return at == to ? out : rest(bytes, at, to, target, out);
    }

    /** Less than eight bytes: as eight of which the others are spaces, if the array has so many around them. */
    private int rest(byte[] bytes, int at, int to, byte[] target, int begin) {
        int first = Math.min(at, bytes.length - Long.BYTES);
        if (first < 0) {
            return each(bytes, at, to, target, begin);
        }
        long eight = (long) LONGS.get(bytes, first) >>> Byte.SIZE * (at - first);
        long others = -1L << Byte.SIZE * (to - at);
        if (mayHaveSome(eight & ~others | SPACES & others)) {
            return each(bytes, at, to, target, begin);
        }
        LONGS.set(target, begin, eight);
        return begin + to - at;
    }

    private int each(byte[] bytes, int from, int to, byte[] target, int begin) {
        int out = begin;
        for (int at = from; at < to; at++) {
            byte letter = letters[bytes[at] & 0xff];
            if (letter != 0) {
                target[out++] = '\\';
                target[out++] = letter;
            } else {
                target[out++] = bytes[at];
            }
        }
        return out;
    }

    private static boolean mayHaveSome(long eight) {
        return (hasZero(eight & UPPER_HALVES) | hasZero(eight ^ BACKSLASHES)) != 0;
    }

    /** Not 0 if one of eight bytes is. */
    private static long hasZero(long eight) {
        return eight - ONES & ~eight & HIGHEST_BITS;
    }
}
