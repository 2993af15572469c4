package io.crmbackup.internal.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash with one compression and three finalisation rounds (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012) over
 * the level as 8 bytes, little endian, followed by the key. Keyed, so that nobody outside can craft keys that never or always cut.
 */
record SipHash13(long k0, long k1) implements BoundaryHash {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    @Override
    public long hash(int level, byte[] source, int offset, int length) {
        long v0 = k0 ^ 0x736f6d6570736575L;
        long v1 = k1 ^ 0x646f72616e646f6dL;
        long v2 = k0 ^ 0x6c7967656e657261L;
        long v3 = k1 ^ 0x7465646279746573L;
        int whole = length & ~7;
        for (int i = -Long.BYTES; i <= whole + 3 * Long.BYTES; i += Long.BYTES) {
            long word = 0;
            if (i < 0) {
                word = level;
            } else if (i < whole) {
                word = (long) LONG.get(source, offset + i);
            } else if (i == whole) {
                word = lastWord(source, offset + whole, length - whole, Long.BYTES + length);
            } else if (i == whole + Long.BYTES) {
                v2 ^= 0xff;
            }
            v3 ^= word;
            v0 += v1;
            v2 += v3;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 = Long.rotateLeft(v0, 32) + v3;
            v2 += v1;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v2 = Long.rotateLeft(v2, 32);
            v0 ^= word;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    /** The last word: the bytes that are left, and in the highest byte the length of the message. */
    private static long lastWord(byte[] source, int from, int left, int messageLength) {
        long word = (long) messageLength << 56;
        for (int i = 0; i < left; i++) {
            word |= (source[from + i] & 0xffL) << (8 * i);
        }
        return word;
    }

    @Override
    public String toString() {
        return "SipHash13";
    }
}
