package io.crmbackup.internal.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.hash.Hashing;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.error.LimitExceededException;
import io.crmbackup.error.UnsupportedFormatException;
import io.crmbackup.internal.crypto.MasterKey;
import io.crmbackup.internal.crypto.RepositoryId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectSealerTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final RepositoryId REPOSITORY = RepositoryId.random(RANDOM);
    private static final MasterKey MASTER = MasterKey.random(REPOSITORY, RANDOM);

    private final ObjectSealer sealer = new ObjectSealer(MASTER, RANDOM);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 11, 100, 16_384, 100_000})
    void opensWhatItSealed(int length) {
        byte[] incompressible = new byte[length];
        new Random(length).nextBytes(incompressible);
        for (byte[] plain : new byte[][] {incompressible, new byte[length]}) {
            byte[] stored = sealer.seal(ObjectRole.INDEX, "index/a", plain);
            assertThat(sealer.open(ObjectRole.INDEX, "index/a", stored)).isEqualTo(plain);
        }
    }

    @Test
    void compressesWhatShrinks() {
        assertThat(sealer.seal(ObjectRole.INDEX, "index/a", new byte[100_000])).hasSizeLessThan(400);
    }

    @Test
    void hidesExactLengths() {
        Random random = new Random(1);
        int first = -1;
        int last = -1;
        for (int length = 10_000; length < 10_100; length++) {
            byte[] plain = new byte[length];
            random.nextBytes(plain);
            last = sealer.seal(ObjectRole.INDEX, "index/a", plain).length;
            first = first < 0 ? last : first;
        }
        assertThat(last).isEqualTo(first);
    }

    @Test
    void sealingTwiceGivesDifferentBytes() {
        byte[] plain = new byte[40];
        assertThat(sealer.seal(ObjectRole.LOG, "log/a", plain))
                .isNotEqualTo(sealer.seal(ObjectRole.LOG, "log/a", plain));
    }

    @ParameterizedTest
    @EnumSource(ObjectRole.class)
    void everyFlippedBitIsFound(ObjectRole role) {
        byte[] stored = sealer.seal(role, "x/a", "some content".getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < stored.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = stored.clone();
                changed[i] ^= (byte) (1 << bit);
                assertThatThrownBy(() -> sealer.open(role, "x/a", changed))
                        .as("byte %d, bit %d", i, bit)
                        .isInstanceOf(DamagedObjectException.class)
                        .hasMessageStartingWith("x/a: ");
            }
        }
    }

    /** As above by someone who makes the checksums right again: only the seal is left to find it. */
    @ParameterizedTest
    @EnumSource(ObjectRole.class)
    void everyForgedByteIsFound(ObjectRole role) {
        byte[] stored = sealer.seal(role, "x/a", "some content".getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < stored.length; i++) {
            byte[] changed = stored.clone();
            changed[i] ^= 1;
            byte[] body = Arrays.copyOfRange(changed, Envelope.LENGTH, changed.length);
            System.arraycopy(Envelope.sha256(body, 0, body.length), 0, changed, 28, 32);
            byte[] forged = withHeaderChecksum(changed);
            if (Arrays.equals(forged, stored)) {
                continue; // only a checksum had been changed
            }
            assertThatThrownBy(() -> sealer.open(role, "x/a", forged))
                    .as("byte %d", i)
                    .isInstanceOfAny(DamagedObjectException.class, UnsupportedFormatException.class);
        }
    }

    @Test
    void everyTruncationAndExtensionIsFound() {
        byte[] stored = sealer.seal(ObjectRole.LOG, "log/a", new byte[50]);
        for (int length = 0; length <= stored.length + 3; length++) {
            byte[] changed = Arrays.copyOf(stored, length);
            if (length != stored.length) {
                assertThatExceptionOfType(DamagedObjectException.class)
                        .isThrownBy(() -> sealer.open(ObjectRole.LOG, "log/a", changed));
            }
        }
    }

    @Test
    void doesNotOpenUnderAnotherNameRoleOrRepository() {
        byte[] stored = sealer.seal(ObjectRole.LOG, "log/a", new byte[50]);
        assertDamaged(() -> sealer.open(ObjectRole.LOG, "log/b", stored));
        assertDamaged(() -> sealer.open(ObjectRole.CHECKPOINT, "log/a", stored));
        byte[] relabelled = stored.clone();
        relabelled[8] = ObjectRole.CHECKPOINT.code();
        assertDamaged(() -> sealer.open(ObjectRole.CHECKPOINT, "log/a", withHeaderChecksum(relabelled)));
        MasterKey sameKeyElsewhere = MasterKey.random(RepositoryId.random(RANDOM), RANDOM);
        assertDamaged(() -> new ObjectSealer(sameKeyElsewhere, RANDOM).open(ObjectRole.LOG, "log/a", stored));
    }

    @Test
    void newerMajorVersionIsRefusedAndNewerMinorAccepted() {
        byte[] stored = sealer.seal(ObjectRole.LOG, "log/a", new byte[50]);
        byte[] major = stored.clone();
        major[9] = 2;
        assertThatExceptionOfType(UnsupportedFormatException.class)
                .isThrownBy(() -> sealer.open(ObjectRole.LOG, "log/a", withHeaderChecksum(major)))
                .withMessageContaining("version 2");
        byte[] minor = Envelope.wrap(ObjectRole.LOG, new byte[3]);
        minor[11] = 9;
        assertThat(Envelope.unwrap(ObjectRole.LOG, "log/a", withHeaderChecksum(minor)))
                .hasSize(3);
    }

    @Test
    void unknownRequiredFeatureIsRefusedAndOptionalAccepted() {
        for (int bit = 0; bit < 32; bit++) {
            byte[] required = Envelope.wrap(ObjectRole.LOG, new byte[3]);
            ByteBuffer.wrap(required).putInt(12, 1 << bit);
            assertThatExceptionOfType(UnsupportedFormatException.class)
                    .isThrownBy(() -> Envelope.unwrap(ObjectRole.LOG, "log/a", withHeaderChecksum(required)));
            byte[] optional = Envelope.wrap(ObjectRole.LOG, new byte[3]);
            ByteBuffer.wrap(optional).putInt(16, 1 << bit);
            assertThat(Envelope.unwrap(ObjectRole.LOG, "log/a", withHeaderChecksum(optional)))
                    .hasSize(3);
        }
    }

    @Test
    void declaredLengthsBeyondTheRoleAreRefused() {
        byte[] huge = Envelope.of(ObjectRole.LEASE, ObjectRole.LEASE.maxLength() + 1L, new byte[32])
                .toBytes();
        assertDamaged(() -> Envelope.read(ObjectRole.LEASE, "lease/a", huge));
        byte[] negative = Envelope.of(ObjectRole.LEASE, -1, new byte[32]).toBytes();
        assertDamaged(() -> Envelope.read(ObjectRole.LEASE, "lease/a", negative));
        assertThatExceptionOfType(LimitExceededException.class)
                .isThrownBy(() -> sealer.seal(ObjectRole.LEASE, "lease/a", new byte[ObjectRole.LEASE.maxLength()]));
    }

    @Test
    void paddingIsPadme() {
        assertThat(Padding.padded(0)).isZero();
        assertThat(Padding.padded(1)).isEqualTo(1);
        assertThat(Padding.padded(8)).isEqualTo(8);
        assertThat(Padding.padded(9)).isEqualTo(10);
        assertThat(Padding.padded(1_000_000)).isEqualTo(1_015_808);
        for (long length = 1; length < 100_000; length++) {
            long padded = Padding.padded(length);
            assertThat(padded).isBetween(length, length + length * 12 / 100);
            assertThat(Padding.padded(padded)).isEqualTo(padded);
        }
    }

    private static void assertDamaged(Runnable opening) {
        assertThatExceptionOfType(DamagedObjectException.class).isThrownBy(opening::run);
    }

    private static byte[] withHeaderChecksum(byte[] stored) {
        byte[] fixed = stored.clone();
        ByteBuffer.wrap(fixed)
                .putInt(60, Hashing.crc32c().hashBytes(fixed, 0, 60).asInt());
        return fixed;
    }
}
