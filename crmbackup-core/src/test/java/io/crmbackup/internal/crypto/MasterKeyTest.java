package io.crmbackup.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class MasterKeyTest {
    private static final RepositoryId ONE = RepositoryId.parse("00112233445566778899aabbccddeeff");
    private static final RepositoryId OTHER = RepositoryId.parse("10112233445566778899aabbccddeeff");

    @Test
    void derivedKeysDependOnPurposeRepositoryAndKey() {
        byte[] bytes = new byte[32];
        MasterKey key = MasterKey.of(ONE, bytes);
        assertThat(key.derive("id")).hasSize(32).isEqualTo(key.derive("id"));
        assertThat(key.derive("id")).isNotEqualTo(key.derive("id/salt"));
        assertThat(key.derive("id")).isNotEqualTo(MasterKey.of(OTHER, bytes).derive("id"));
        bytes[31] = 1;
        assertThat(key.derive("id")).isNotEqualTo(MasterKey.of(ONE, bytes).derive("id"));
    }

    /** A change of this value makes every existing repository unreadable. Computed with Python's hmac module. */
    @Test
    void derivationIsPartOfTheFormat() {
        byte[] bytes = new byte[32];
        for (int i = 0; i < 32; i++) {
            bytes[i] = (byte) i;
        }
        assertThat(HexFormat.of().formatHex(MasterKey.of(ONE, bytes).derive("object")))
                .isEqualTo("65e82acefe18e21e8db775f40f9f37ad068e67ad8e6bc6abdbe2813037e1cf01");
    }

    @Test
    void closeWipesTheKey() {
        MasterKey key = MasterKey.random(ONE, new SecureRandom());
        byte[] copy = key.copy();
        assertThat(copy).isNotEqualTo(new byte[32]);
        key.close();
        key.close();
        assertThatIllegalStateException().isThrownBy(() -> key.derive("id")).withMessageContaining("closed");
    }

    @Test
    void textHidesTheKey() {
        MasterKey key = MasterKey.random(ONE, new SecureRandom());
        assertThat(key.toString())
                .contains(ONE.toString())
                .doesNotContain(HexFormat.of().formatHex(key.copy(), 0, 4));
    }

    @Test
    void onlyTheSameBytesInTheSameRepositoryAreTheSameKey() {
        byte[] bytes = new byte[32];
        MasterKey key = MasterKey.of(ONE, bytes);
        assertThat(key.sameAs(MasterKey.of(ONE, bytes))).isTrue();
        assertThat(key.sameAs(MasterKey.of(OTHER, bytes))).isFalse();
        bytes[0] = 1;
        assertThat(key.sameAs(MasterKey.of(ONE, bytes))).isFalse();
    }

    @Test
    void keysOfOtherLengthsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MasterKey.of(ONE, new byte[31]))
                .withMessageContaining("31");
    }
}
