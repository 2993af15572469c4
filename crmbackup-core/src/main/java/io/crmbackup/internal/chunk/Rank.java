package io.crmbackup.internal.chunk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The keyed rank of a position: y from the 8 bytes before it, and z from 64 as the tie break. Immutable. */
final class Rank {
    /** Bytes before a position that its rank is made of. */
    static final int WINDOW = 64;

    /** The largest y that is eligible: the lowest 1/64 of the range. */
    static final long ELIGIBLE = Long.MIN_VALUE + (1L << 58) - 1;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();

    private final long multiplier;
    private final long k0;
    private final long k1;
    private final long k2;
    private final long k3;

    private Rank(long multiplier, long k0, long k1, long k2, long k3) {
        this.multiplier = multiplier;
        this.k0 = k0;
        this.k1 = k1;
        this.k2 = k2;
        this.k3 = k3;
    }

    /** Derives the secrets from a key. */
    static Rank keyed(byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            ByteBuffer keys = block(mac, 0);
            long multiplier = acceptableMultiplier(mac);
            return new Rank(multiplier, keys.getLong(), keys.getLong(), keys.getLong(), keys.getLong());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /** One odd number in about 50 is acceptable. */
    private static long acceptableMultiplier(Mac mac) {
        for (int j = 1; ; j++) {
            for (ByteBuffer block = block(mac, j); block.hasRemaining(); ) {
                long multiplier = block.getLong() | 1;
                if (leavesRunsAlone(multiplier)) {
                    return multiplier;
                }
            }
        }
    }

    private static boolean leavesRunsAlone(long multiplier) {
        for (int value = 0; value < 256; value++) {
            if (value * 0x0101010101010101L * multiplier <= ELIGIBLE) {
                return false;
            }
        }
        return true;
    }

    private static ByteBuffer block(Mac mac, int j) {
        return ByteBuffer.wrap(mac.doFinal(ByteBuffer.allocate(4).putInt(j).array()))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    long y(byte[] bytes, int position) {
        return (long) LONG.get(bytes, position - Long.BYTES) * multiplier;
    }

    long z(byte[] bytes, int position) {
        long mixed = mum(word(bytes, position, 1) ^ k0, word(bytes, position, 2) ^ k1)
                ^ mum(word(bytes, position, 3) ^ k2, word(bytes, position, 4) ^ k3)
                ^ mum(word(bytes, position, 5) ^ k1, word(bytes, position, 6) ^ k3)
                ^ mum(word(bytes, position, 7) ^ k0, word(bytes, position, 8) ^ k2);
        return mum(mixed, k2);
    }

    private static long word(byte[] bytes, int position, int k) {
        return (long) LONG.get(bytes, position - 8 * k);
    }

    private static long mum(long a, long b) {
        return Math.multiplyHigh(a, b) ^ (a * b);
    }
}
