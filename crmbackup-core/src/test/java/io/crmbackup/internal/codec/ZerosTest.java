package io.crmbackup.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ZerosTest {
    private static final byte[] OCTETS = {0, 1, 2, 3, 'a', 'b', 0x7f, -128, -127, -1};

    @Test
    void theyAreWhatLookingAtEachByteFinds() {
        long seed = Long.getLong("crmbackup.seed", 1);
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(40)];
            int least = random.nextInt(4);
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = OCTETS[random.nextInt(8) == 0 ? random.nextInt(2) : least + random.nextInt(10 - least)];
            }
            int from = random.nextInt(bytes.length + 1);
            int end = from + random.nextInt(bytes.length - from + 1);
            assertThat(Zeros.first(bytes, from, end))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(IntStream.range(from, end)
                            .filter(i -> bytes[i] == 0)
                            .findFirst()
                            .orElse(end));
            assertThat((long) Zeros.countBelowTwo(bytes, from, end))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(IntStream.range(from, end)
                            .filter(i -> bytes[i] == 0 || bytes[i] == 1)
                            .count());
        }
    }
}
