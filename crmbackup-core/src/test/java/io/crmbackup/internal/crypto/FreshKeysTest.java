package io.crmbackup.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class FreshKeysTest {
    private static final MasterKey MASTER = MasterKey.of(RepositoryId.of(new byte[16]), new byte[32]);

    @Test
    void equalContentGetsDifferentSalts() {
        FreshKeys keys = FreshKeys.of(MASTER, "object", new SecureRandom());
        assertThat(keys.salt(new byte[9], 0, 9)).hasSize(16).isNotEqualTo(keys.salt(new byte[9], 0, 9));
    }

    @Test
    void aRandomGeneratorThatRepeatsItselfStillGivesDifferentContentsDifferentSalts() {
        FreshKeys keys = FreshKeys.of(MASTER, "object", new StuckRandom());
        byte[] content = {1, 2, 3};
        assertThat(keys.salt(content, 0, 3)).isEqualTo(keys.salt(content, 0, 3));
        assertThat(keys.salt(content, 0, 3)).isNotEqualTo(keys.salt(content, 0, 2));
        assertThat(keys.salt(content, 0, 1)).isNotEqualTo(keys.salt(content, 1, 1));
    }

    @Test
    void keysDependOnPurposeSaltAndContext() {
        FreshKeys keys = FreshKeys.of(MASTER, "object", new SecureRandom());
        byte[] salt = keys.salt(new byte[0], 0, 0);
        byte[] context = {1};
        byte[] key = keys.key(salt, context);
        assertThat(key).hasSize(32).isEqualTo(keys.fork().key(salt, context));
        assertThat(key).isNotEqualTo(keys.key(salt, new byte[] {2}));
        assertThat(key).isNotEqualTo(keys.key(new byte[16], context));
        assertThat(key)
                .isNotEqualTo(FreshKeys.of(MASTER, "chunk", new SecureRandom()).key(salt, context));
    }

    /** What a cloned virtual machine's generator may look like. */
    private static final class StuckRandom extends SecureRandom {
        private static final long serialVersionUID = 1L;

        @Override
        public void nextBytes(byte[] bytes) {
            java.util.Arrays.fill(bytes, (byte) 4);
        }
    }
}
