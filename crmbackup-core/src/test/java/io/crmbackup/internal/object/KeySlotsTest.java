package io.crmbackup.internal.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.error.NotARepositoryException;
import io.crmbackup.error.WrongKeyException;
import io.crmbackup.internal.crypto.MasterKey;
import io.crmbackup.internal.crypto.RepositoryId;
import io.crmbackup.internal.crypto.SlotKind;
import io.crmbackup.internal.crypto.SlotSecret;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeySlotsTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final MemorySink sink = new MemorySink();
    private final KeySlots slots = new KeySlots(new ObjectStore(sink, Retries.immediately(1)));
    private final RepositoryId repository = RepositoryId.random(RANDOM);
    private final MasterKey master = MasterKey.random(repository, RANDOM);
    private final byte[] file = random();

    @Test
    void anySlotOpensTheRepository() {
        slots.add(master, SlotSecret.keyFile(random()), RANDOM);
        slots.add(master, SlotSecret.keyFile(file), RANDOM);
        slots.add(master, SlotSecret.passphrase("p".toCharArray(), SlotSecret.MIN_ITERATIONS), RANDOM);
        assertThat(slots.unlock(repository, SlotSecret.keyFile(file)).sameAs(master))
                .isTrue();
        assertThat(slots.unlock(repository, SlotSecret.passphrase("p".toCharArray()))
                        .sameAs(master))
                .isTrue();
    }

    @Test
    void wrongSecretIsNamed() {
        slots.add(master, SlotSecret.keyFile(file), RANDOM);
        assertThatExceptionOfType(WrongKeyException.class)
                .isThrownBy(() -> slots.unlock(repository, SlotSecret.keyFile(random())))
                .withMessageContaining("opens none");
        assertThatExceptionOfType(WrongKeyException.class)
                .isThrownBy(() -> slots.unlock(repository, SlotSecret.none()))
                .withMessageContaining("of kind NONE");
    }

    @Test
    void damagedSlotIsToldFromATamperedOneAndFromAWrongSecret() {
        String name = ObjectRole.KEY.name(slots.add(master, SlotSecret.keyFile(file), RANDOM));
        byte[] stored = sink.objects.get(name);

        byte[] damaged = stored.clone();
        damaged[stored.length - 1] ^= 1;
        sink.objects.put(name, damaged);
        assertThatExceptionOfType(DamagedObjectException.class)
                .isThrownBy(() -> slots.unlock(repository, SlotSecret.keyFile(file)))
                .withMessageContaining("checksum");

        byte[] tampered = Envelope.wrap(ObjectRole.KEY, Arrays.copyOfRange(damaged, Envelope.LENGTH, damaged.length));
        sink.objects.put(name, tampered);
        assertThatExceptionOfType(DamagedObjectException.class)
                .isThrownBy(() -> slots.unlock(repository, SlotSecret.keyFile(file)))
                .withMessageContaining("tampered");
    }

    @Test
    void damagedSlotDoesNotKeepAnotherFromOpening() {
        slots.add(master, SlotSecret.keyFile(file), RANDOM);
        sink.objects.put("keys/" + "0".repeat(32), new byte[10]);
        sink.objects.put("keys/notaslot", new byte[10]);
        assertThat(slots.unlock(repository, SlotSecret.keyFile(file)).sameAs(master))
                .isTrue();
    }

    /** A creation that was cut off after its first step leaves one, and the next creation draws another repository id. */
    @Test
    void slotOfAnotherRepositoryHidesNoWrongSecret() {
        slots.add(MasterKey.random(RepositoryId.random(RANDOM), RANDOM), SlotSecret.keyFile(file), RANDOM);
        slots.add(master, SlotSecret.keyFile(file), RANDOM);
        assertThat(slots.unlock(repository, SlotSecret.keyFile(file)).sameAs(master))
                .isTrue();
        assertThatExceptionOfType(WrongKeyException.class)
                .isThrownBy(() -> slots.unlock(repository, SlotSecret.keyFile(random())));
    }

    @Test
    void renamedSlotIsRefused() {
        String name = ObjectRole.KEY.name(slots.add(master, SlotSecret.keyFile(file), RANDOM));
        sink.objects.put("keys/" + "0".repeat(32), sink.objects.remove(name));
        assertThatExceptionOfType(DamagedObjectException.class)
                .isThrownBy(() -> slots.unlock(repository, SlotSecret.keyFile(file)))
                .withMessageContaining("another name");
    }

    @Test
    void withoutSlotsThereIsNoRepository() {
        assertThatExceptionOfType(NotARepositoryException.class)
                .isThrownBy(() -> slots.unlock(repository, SlotSecret.none()));
    }

    @Test
    void removedSlotOpensNoMore() {
        ObjectId first = slots.add(master, SlotSecret.keyFile(file), RANDOM);
        ObjectId second = slots.add(master, SlotSecret.none(), RANDOM);
        assertThat(slots.list())
                .containsEntry(first, Optional.of(SlotKind.KEY_FILE))
                .containsEntry(second, Optional.of(SlotKind.NONE));
        slots.remove(first);
        assertThat(slots.list()).containsOnlyKeys(second);
    }

    private static byte[] random() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
