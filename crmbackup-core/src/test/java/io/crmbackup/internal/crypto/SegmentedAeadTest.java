package io.crmbackup.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentedAeadTest {
    private static final int SEGMENT = SegmentedAead.SEGMENT;

    private final Random random = new Random(7);
    private final SegmentedAead aead = new SegmentedAead(SegmentedAead.Domain.CHUNK);
    private final byte[] key = bytes(32);
    private final byte[] aad = bytes(20);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, 5 * SEGMENT + 77})
    void opensWhatWasSealed(int length) throws Exception {
        byte[] plain = bytes(length + 9);
        int sealedLength = (int) SegmentedAead.sealedLength(length);
        byte[] sealed = new byte[sealedLength + 5];
        assertThat(aead.seal(key, aad, plain, 4, length, sealed, 3)).isEqualTo(sealedLength);
        assertThat(sealed[0]).isZero();
        assertThat(sealed[sealedLength + 4]).isZero();
        assertThat(SegmentedAead.plainLength(sealedLength)).isEqualTo(length);

        byte[] opened = new byte[length + 2];
        assertThat(aead.open(key, aad, sealed, 3, sealedLength, opened, 1)).isEqualTo(length);
        assertThat(Arrays.copyOfRange(opened, 1, length + 1)).isEqualTo(Arrays.copyOfRange(plain, 4, length + 4));
    }

    @Test
    void lengthsThatNothingHasAreRecognised() {
        assertThat(SegmentedAead.plainLength(-1)).isEqualTo(-1);
        assertThat(SegmentedAead.plainLength(0)).isEqualTo(-1);
        assertThat(SegmentedAead.plainLength(15)).isEqualTo(-1);
        assertThat(SegmentedAead.plainLength(16)).isZero();
        // A full segment is never followed by an empty one.
        assertThat(SegmentedAead.plainLength(SEGMENT + 32)).isEqualTo(-1);
        for (long sealed = 0; sealed < 3L * SEGMENT; sealed++) {
            long plain = SegmentedAead.plainLength(sealed);
            if (plain >= 0) {
                assertThat(SegmentedAead.sealedLength(plain)).isEqualTo(sealed);
            }
        }
    }

    @Test
    void tooMuchForOneKeyIsRefused() {
        long most = (long) SegmentedAead.MAX_SEGMENTS * SEGMENT;
        assertThat(SegmentedAead.sealedLength(most)).isEqualTo(most + 16L * SegmentedAead.MAX_SEGMENTS);
        assertThatIllegalArgumentException().isThrownBy(() -> SegmentedAead.sealedLength(most + 1));
    }

    @Test
    void changesOfAnyByteAreFound() {
        byte[] sealed = seal(bytes(40));
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= (byte) (1 << (i % 8));
            assertDoesNotOpen(key, aad, changed);
        }
    }

    @Test
    void segmentsCannotBeDroppedSwappedOrRepeated() {
        byte[] sealed = seal(bytes(3 * SEGMENT));
        int step = SEGMENT + SegmentedAead.TAG;
        assertDoesNotOpen(key, aad, Arrays.copyOf(sealed, 2 * step));
        assertDoesNotOpen(key, aad, Arrays.copyOfRange(sealed, step, 3 * step));
        byte[] swapped = sealed.clone();
        System.arraycopy(sealed, 0, swapped, step, step);
        System.arraycopy(sealed, step, swapped, 0, step);
        assertDoesNotOpen(key, aad, swapped);
        byte[] longer = Arrays.copyOf(sealed, 4 * step);
        System.arraycopy(sealed, 2 * step, longer, 3 * step, step);
        assertDoesNotOpen(key, aad, longer);
    }

    @Test
    void otherKeyAadOrDomainDoesNotOpen() {
        byte[] sealed = seal(bytes(100));
        assertDoesNotOpen(bytes(32), aad, sealed);
        assertDoesNotOpen(key, bytes(20), sealed);
        assertThatExceptionOfType(NotAuthenticException.class)
                .isThrownBy(() -> new SegmentedAead(SegmentedAead.Domain.OBJECT)
                        .open(key, aad, sealed, 0, sealed.length, new byte[100], 0));
    }

    /** What the format says, done by hand: a reader needs nothing but a plain AES-GCM. */
    @Test
    void segmentsArePlainGcmWithTheDocumentedNonces() throws Exception {
        byte[] plain = bytes(SEGMENT + 10);
        byte[] sealed = seal(plain);
        byte[] first = gcm("43484e4b" + "00000000000000" + "00", Arrays.copyOf(plain, SEGMENT));
        byte[] last = gcm("43484e4b" + "00000000000001" + "01", Arrays.copyOfRange(plain, SEGMENT, SEGMENT + 10));
        assertThat(Arrays.copyOf(sealed, first.length)).isEqualTo(first);
        assertThat(Arrays.copyOfRange(sealed, first.length, sealed.length)).isEqualTo(last);
    }

    private byte[] gcm(String nonce, byte[] plain) throws Exception {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                Cipher.ENCRYPT_MODE,
                new SecretKeySpec(key, "AES"),
                new GCMParameterSpec(128, java.util.HexFormat.of().parseHex(nonce)));
        cipher.updateAAD(aad);
        return cipher.doFinal(plain);
    }

    private byte[] seal(byte[] plain) {
        byte[] sealed = new byte[(int) SegmentedAead.sealedLength(plain.length)];
        aead.seal(key, aad, plain, 0, plain.length, sealed, 0);
        return sealed;
    }

    private void assertDoesNotOpen(byte[] withKey, byte[] withAad, byte[] sealed) {
        assertThatExceptionOfType(NotAuthenticException.class)
                .isThrownBy(() -> aead.open(withKey, withAad, sealed, 0, sealed.length, new byte[sealed.length], 0));
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
