package io.crmbackup.internal.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeySlotTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final RepositoryId repository = RepositoryId.random(RANDOM);
    private final MasterKey master = MasterKey.random(repository, RANDOM);
    private final byte[] id = new byte[16];

    @Test
    void passphraseOpensItsSlotAndOthersDoNot() throws Exception {
        byte[] body = KeySlot.wrap(master, id, passphrase("correct horse"), RANDOM);
        assertThat(KeySlot.kind(body)).contains(SlotKind.PASSPHRASE);
        assertThat(open(body, passphrase("correct horse")).orElseThrow().sameAs(master))
                .isTrue();
        assertThat(open(body, passphrase("correct horsf"))).isEmpty();
        assertThat(open(body, SlotSecret.none())).isEmpty();
    }

    @Test
    void keyFileOpensItsSlotAndOthersDoNot() throws Exception {
        byte[] file = random(100);
        byte[] body = KeySlot.wrap(master, id, SlotSecret.keyFile(file), RANDOM);
        assertThat(open(body, SlotSecret.keyFile(file)).orElseThrow().sameAs(master))
                .isTrue();
        file[99] ^= 1;
        assertThat(open(body, SlotSecret.keyFile(file))).isEmpty();
    }

    @Test
    void slotWithoutSecretOpensForEverybody() throws Exception {
        byte[] body = KeySlot.wrap(master, id, SlotSecret.none(), RANDOM);
        assertThat(open(body, SlotSecret.none()).orElseThrow().sameAs(master)).isTrue();
    }

    @Test
    void composedAndDecomposedLettersAreOnePassphrase() throws Exception {
        byte[] body = KeySlot.wrap(master, id, passphrase("Schl\u00fcssel"), RANDOM);
        assertThat(open(body, passphrase("Schlu\u0308ssel"))).isPresent();
    }

    @Test
    void everyChangedByteIsRefusedOrTakenForAnotherSecret() {
        SlotSecret secret = SlotSecret.none();
        byte[] body = KeySlot.wrap(master, id, secret, RANDOM);
        for (int i = 0; i < body.length; i++) {
            byte[] changed = body.clone();
            changed[i] ^= 1;
            Optional<MasterKey> opened;
            try {
                opened = open(changed, secret);
            } catch (NotAuthenticException e) {
                continue;
            }
            assertThat(opened).as("byte %d", i).isEmpty();
        }
    }

    @Test
    void tamperedSlotIsToldFromAWrongSecret() {
        byte[] body = KeySlot.wrap(master, id, SlotSecret.none(), RANDOM);
        body[KeySlot.LENGTH - 1] ^= 1;
        assertThatExceptionOfType(NotAuthenticException.class)
                .isThrownBy(() -> open(body, SlotSecret.none()))
                .withMessageContaining("tampered");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 99_999, 10_000_001, Integer.MAX_VALUE, -1})
    void forgedIterationsAreRefusedBeforeAnyWork(int iterations) {
        byte[] body = KeySlot.wrap(master, id, passphrase("x"), RANDOM);
        ByteBuffer.wrap(body).putInt(4, iterations);
        assertThatExceptionOfType(NotAuthenticException.class)
                .isThrownBy(() -> open(body, passphrase("x")))
                .withMessageContaining("iterations");
    }

    @Test
    void slotsOfOtherNamesAreRefused() {
        byte[] body = KeySlot.wrap(master, id, SlotSecret.none(), RANDOM);
        assertThatExceptionOfType(NotAuthenticException.class)
                .isThrownBy(() -> KeySlot.unwrap(body, repository, random(16), SlotSecret.none()));
    }

    @Test
    void slotsOfOtherRepositoriesDoNotOpen() throws Exception {
        byte[] body = KeySlot.wrap(master, id, SlotSecret.none(), RANDOM);
        assertThat(KeySlot.unwrap(body, RepositoryId.random(RANDOM), id, SlotSecret.none()))
                .isEmpty();
    }

    @Test
    void otherLengthsAreRefused() {
        byte[] body = KeySlot.wrap(master, id, SlotSecret.none(), RANDOM);
        for (int length : new int[] {0, 1, 163, 165}) {
            assertThatExceptionOfType(NotAuthenticException.class)
                    .isThrownBy(() -> open(Arrays.copyOf(body, length), SlotSecret.none()));
        }
    }

    @Test
    void secretsThatAreNoneAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> SlotSecret.passphrase(new char[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> SlotSecret.passphrase("x".toCharArray(), 99_999));
        assertThatIllegalArgumentException().isThrownBy(() -> SlotSecret.keyFile(new byte[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> SlotSecret.keyFile(random(31)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SlotSecret.keyFile(new byte[4096]))
                .withMessageContaining("no random key");
    }

    @Test
    void textHidesTheSecret() {
        assertThat(passphrase("geheim").toString()).doesNotContain("geheim");
    }

    private Optional<MasterKey> open(byte[] body, SlotSecret secret) throws NotAuthenticException {
        return KeySlot.unwrap(body, repository, id, secret);
    }

    private static SlotSecret passphrase(String text) {
        return SlotSecret.passphrase(text.toCharArray(), SlotSecret.MIN_ITERATIONS);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
