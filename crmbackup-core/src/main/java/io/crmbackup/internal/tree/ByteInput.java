package io.crmbackup.internal.tree;

/** Reads the numbers and lengths of a node; never beyond its bytes, and nothing that has a shorter spelling. */
final class ByteInput {
    private final byte[] bytes;
    private int position;

    ByteInput(byte[] bytes) {
        this.bytes = bytes;
    }

    int position() {
        return position;
    }

    int left() {
        return bytes.length - position;
    }

    int octet() throws MalformedException {
        if (position == bytes.length) {
            throw new MalformedException("ends too early");
        }
        return bytes[position++] & 0xff;
    }

    /** A number below 2^63: seven bits a byte, lowest first, the highest bit set in all bytes but the last. */
    long number() throws MalformedException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE - 1; shift += 7) {
            int octet = octet();
            value |= (octet & 0x7fL) << shift;
            if (octet < 0x80) {
                if (octet == 0 && shift > 0) {
                    throw new MalformedException("has a number with needless bytes");
                }
                return value;
            }
        }
        throw new MalformedException("has a number beyond 63 bits");
    }

    /** A length of something that follows. */
    int length() throws MalformedException {
        long length = number();
        if (length > left()) {
            throw new MalformedException("has a length of " + length + " with " + left() + " bytes left");
        }
        return (int) length;
    }

    /** Passes over bytes and returns where they begin. */
    int skip(int count) throws MalformedException {
        if (count > left()) {
            throw new MalformedException("ends too early");
        }
        int from = position;
        position += count;
        return from;
    }

    /** Writes a number as {@link #number()} reads it and returns the position after it. */
    static int put(byte[] target, int at, long number) {
        int to = at;
        long rest = number;
        while (rest > 0x7f) {
            target[to++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        target[to++] = (byte) rest;
        return to;
    }

    /** How many bytes {@link #put} writes. */
    static int width(long number) {
        return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(number) + 6) / 7);
    }

    /** The most bytes a number takes. */
    static final int WIDEST = 9;
}
