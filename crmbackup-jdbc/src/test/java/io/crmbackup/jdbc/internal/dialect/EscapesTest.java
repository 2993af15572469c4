package io.crmbackup.jdbc.internal.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EscapesTest {
    @Test
    void eachByteIsWrittenAsItWouldBeAlone() {
        long seed = 20261122;
        Random random = new Random(seed);
        Escapes escapes = new Escapes("\t\n\0", "tn0");
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] =
                        random.nextInt(6) == 0 ? (byte) "\t\n\0\\\r\u000f\u0010[]".charAt(random.nextInt(9)) : bytes[i];
            }
            int from = random.nextInt(bytes.length + 1);
            int to = from + random.nextInt(bytes.length - from + 1);
            byte[] target = new byte[3 + 2 * (to - from) + Escapes.SLACK];
            int end = escapes.write(bytes, from, to, target, 3);
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            for (int i = from; i < to; i++) {
                switch (bytes[i]) {
                    case '\\' -> expected.writeBytes(new byte[] {'\\', '\\'});
                    case '\t' -> expected.writeBytes(new byte[] {'\\', 't'});
                    case '\n' -> expected.writeBytes(new byte[] {'\\', 'n'});
                    case 0 -> expected.writeBytes(new byte[] {'\\', '0'});
                    default -> expected.write(bytes[i]);
                }
            }
            assertThat(Arrays.copyOfRange(target, 3, end))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(expected.toByteArray());
        }
    }

    @Test
    void aByteThatWouldBeOverlookedIsRefused() {
        assertThatThrownBy(() -> new Escapes("\u0010", "x")).isInstanceOf(IllegalArgumentException.class);
    }
}
