package io.crmbackup.internal.chunk;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The format's text written down as literally as possible: slow, and shares no code with what it checks. */
final class Definition {
    private final int radius;
    private final int max;
    private final long a;
    private final long[] k = new long[4];

    Definition(byte[] key, int radius, int max) {
        this.radius = radius;
        this.max = max;
        for (int i = 0; i < 4; i++) {
            k[i] = number(block(key, 0), 8 * i, 8);
        }
        long found = 0;
        for (int j = 1; found == 0; j++) {
            for (int i = 0; i < 4 && found == 0; i++) {
                long odd = number(block(key, j), 8 * i, 8) | 1;
                boolean acceptable = true;
                for (int v = 0; v < 256; v++) {
                    acceptable &= v * 0x0101010101010101L * odd >= Long.MIN_VALUE + (1L << 58);
                }
                found = acceptable ? odd : 0;
            }
        }
        a = found;
    }

    /** Ends of all pieces. */
    List<Long> cuts(byte[] b) {
        List<Long> cuts = new ArrayList<>();
        long last = 0;
        for (int wall : walls(b)) {
            while (wall - last > max) {
                last += max - radius;
                cuts.add(last);
            }
            if (wall > last) {
                cuts.add((long) wall);
            }
            last = wall;
        }
        return cuts;
    }

    private List<Integer> walls(byte[] b) {
        int n = b.length;
        long[] y = new long[n];
        long[] z = new long[n];
        Arrays.fill(y, Long.MAX_VALUE);
        for (int c = 64; c < n; c++) {
            y[c] = y(b, c);
            z[c] = y[c] < Long.MIN_VALUE + (1L << 58) ? z(b, c) : 0;
        }
        List<Integer> walls = new ArrayList<>();
        for (int c = radius + 1; c < n - radius; c++) {
            boolean cut = y[c] < Long.MIN_VALUE + (1L << 58);
            for (int p = c - radius; p <= c + radius && cut; p++) {
                cut = y[c] < y[p] || (y[c] == y[p] && (z[c] < z[p] || (z[c] == z[p] && c <= p)));
            }
            if (cut) {
                walls.add(c);
            }
        }
        walls.add(n);
        return walls;
    }

    long y(byte[] b, int c) {
        return number(b, c - 8, 8) * a;
    }

    long z(byte[] b, int c) {
        long[] l = new long[9];
        for (int i = 1; i <= 8; i++) {
            l[i] = number(b, c - 8 * i, 8);
        }
        return mum(
                mum(l[1] ^ k[0], l[2] ^ k[1])
                        ^ mum(l[3] ^ k[2], l[4] ^ k[3])
                        ^ mum(l[5] ^ k[1], l[6] ^ k[3])
                        ^ mum(l[7] ^ k[0], l[8] ^ k[2]),
                k[2]);
    }

    private static long mum(long a, long b) {
        BigInteger product = BigInteger.valueOf(a).multiply(BigInteger.valueOf(b));
        return product.shiftRight(64).longValue() ^ product.longValue();
    }

    private static long number(byte[] b, int at, int bytes) {
        long number = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            number = number << 8 | (b[at + i] & 0xff);
        }
        return number;
    }

    private static byte[] block(byte[] key, int j) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(new byte[] {0, 0, (byte) (j >> 8), (byte) j});
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
