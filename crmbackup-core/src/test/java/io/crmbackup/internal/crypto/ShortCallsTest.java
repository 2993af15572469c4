package io.crmbackup.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShortCallsTest {
    private static final int P = ShortCalls.PIECE;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 16, 17, P - 1, P, P + 1, 2 * P, 2 * P + 5, 16 * P - 1, 16 * P, 16 * P + 1})
    void theyGiveWhatOneCallGives(int length) throws GeneralSecurityException {
        byte[] plain = new byte[length + 7];
        new Random(length).nextBytes(plain);
        byte[] target = new byte[length + 16 + 9];

        int written = ShortCalls.encrypt(cipher(), plain, 4, length, target, 5);

        assertThat(written).isEqualTo(length + 16);
        assertThat(Arrays.copyOfRange(target, 5, 5 + written)).isEqualTo(cipher().doFinal(plain, 4, length));
        assertThat(Arrays.copyOf(target, 5)).containsOnly(0);
        assertThat(Arrays.copyOfRange(target, 5 + written, target.length)).containsOnly(0);
    }

    private static Cipher cipher() throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                Cipher.ENCRYPT_MODE, new SecretKeySpec(new byte[32], "AES"), new GCMParameterSpec(128, new byte[12]));
        cipher.updateAAD(new byte[] {1, 2, 3});
        return cipher;
    }
}
