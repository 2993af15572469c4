package io.crmbackup.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.Hashing;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The product's hash against a general SipHash, and that against the published vectors and another library. */
class SipHash13Test {
    private static final long K0 = 0x0706050403020100L;
    private static final long K1 = 0x0f0e0d0c0b0a0908L;

    /** Appendix A of the SipHash paper: key 00 … 0f, message 00 … 0e. */
    @Test
    void referenceGivesThePaperVector() {
        assertThat(sip(2, 4, K0, K1, counting(15))).isEqualTo(0xa129ca6149be45e5L);
    }

    @Test
    void referenceGivesWhatGuavaGives() {
        for (int length = 0; length < 64; length++) {
            assertThat(sip(2, 4, K0, K1, counting(length)))
                    .as("length %d", length)
                    .isEqualTo(Hashing.sipHash24(K0, K1)
                            .hashBytes(counting(length))
                            .asLong());
        }
    }

    @Test
    void hashIsSipHash13OfLevelAndKey() {
        long seed = 11;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 2000; i++) {
            int level = random.nextInt(4);
            byte[] source = new byte[random.nextInt(100)];
            random.nextBytes(source);
            int from = random.nextInt(source.length + 1);
            int length = random.nextInt(source.length - from + 1);
            long k0 = random.nextLong();
            long k1 = random.nextLong();
            byte[] message = ByteBuffer.allocate(8 + length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(level)
                    .put(source, from, length)
                    .array();
            assertThat(new SipHash13(k0, k1).hash(level, source, from, length))
                    .as("seed %d, case %d", seed, i)
                    .isEqualTo(sip(1, 3, k0, k1, message));
        }
    }

    @Test
    void secretIsNotPrinted() {
        assertThat(new SipHash13(K0, K1)).hasToString("SipHash13");
        assertThat(TreeParameters.of(4711, 4712).toString())
                .doesNotContain("4711")
                .doesNotContain("4712");
    }

    private static byte[] counting(int length) {
        byte[] message = new byte[length];
        for (int i = 0; i < length; i++) {
            message[i] = (byte) i;
        }
        return message;
    }

    /** SipHash-c-d as the paper words it. */
    private static long sip(int c, int d, long k0, long k1, byte[] message) {
        long[] v = {
            k0 ^ 0x736f6d6570736575L, k1 ^ 0x646f72616e646f6dL, k0 ^ 0x6c7967656e657261L, k1 ^ 0x7465646279746573L
        };
        ByteBuffer padded = ByteBuffer.allocate(message.length / 8 * 8 + 8).order(ByteOrder.LITTLE_ENDIAN);
        padded.put(message).put(padded.capacity() - 1, (byte) message.length).rewind();
        while (padded.hasRemaining()) {
            long m = padded.getLong();
            v[3] ^= m;
            rounds(v, c);
            v[0] ^= m;
        }
        v[2] ^= 0xff;
        rounds(v, d);
        return v[0] ^ v[1] ^ v[2] ^ v[3];
    }

    private static void rounds(long[] v, int count) {
        for (int i = 0; i < count; i++) {
            v[0] += v[1];
            v[1] = Long.rotateLeft(v[1], 13);
            v[1] ^= v[0];
            v[0] = Long.rotateLeft(v[0], 32);
            v[2] += v[3];
            v[3] = Long.rotateLeft(v[3], 16);
            v[3] ^= v[2];
            v[0] += v[3];
            v[3] = Long.rotateLeft(v[3], 21);
            v[3] ^= v[0];
            v[2] += v[1];
            v[1] = Long.rotateLeft(v[1], 17);
            v[1] ^= v[2];
            v[2] = Long.rotateLeft(v[2], 32);
        }
    }
}
