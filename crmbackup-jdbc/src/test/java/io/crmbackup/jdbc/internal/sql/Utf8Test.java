package io.crmbackup.jdbc.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class Utf8Test {
    @Test
    void textIsToldFromOtherBytesWhereverTheyStand() {
        for (int length = 0; length < 40; length++) {
            String ascii = "x".repeat(length);
            assertThat(Utf8.isText(ascii.getBytes(StandardCharsets.UTF_8))).isTrue();
            for (int at = 0; at <= length; at++) {
                String before = ascii.substring(0, at);
                String after = ascii.substring(at);
                assertThat(Utf8.isText((before + "ü" + after).getBytes(StandardCharsets.UTF_8)))
                        .isTrue();
                assertThat(Utf8.isText((before + "ü" + after).getBytes(StandardCharsets.ISO_8859_1)))
                        .as("a byte that begins nothing, at %d of %d", at, length)
                        .isFalse();
            }
        }
    }
}
