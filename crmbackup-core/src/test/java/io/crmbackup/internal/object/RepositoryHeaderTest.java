package io.crmbackup.internal.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.error.UnsupportedFormatException;
import io.crmbackup.internal.crypto.MasterKey;
import io.crmbackup.internal.crypto.RepositoryId;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RepositoryHeaderTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final RepositoryId id = RepositoryId.random(RANDOM);
    private final MasterKey master = MasterKey.random(id, RANDOM);
    private final RepositoryHeader header = new RepositoryHeader(
            id,
            Instant.parse("2026-01-02T03:04:05.678Z"),
            new TreeMap<>(Map.of("chunk.mean", 65536L, "tree.leaf", 32768L)));

    @Test
    void opensWhatItSealed() {
        byte[] stored = header.seal(master);
        assertThat(RepositoryHeader.peekId(stored)).isEqualTo(id);
        assertThat(RepositoryHeader.open(stored, master)).isEqualTo(header);
        assertThat(header.parameter("tree.leaf")).isEqualTo(32768);
    }

    @Test
    void everyChangedByteIsFoundWithAndWithoutRightChecksums() {
        byte[] stored = header.seal(master);
        for (int i = 0; i < stored.length; i++) {
            byte[] changed = stored.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> RepositoryHeader.open(changed, master)).isInstanceOf(DamagedObjectException.class);
            if (i >= Envelope.LENGTH) {
                byte[] forged = Envelope.wrap(
                        ObjectRole.REPOSITORY, Arrays.copyOfRange(changed, Envelope.LENGTH, changed.length));
                assertThatThrownBy(() -> RepositoryHeader.open(forged, master))
                        .as("byte %d", i)
                        .isInstanceOfAny(DamagedObjectException.class, UnsupportedFormatException.class);
            }
        }
    }

    @Test
    void everyForgedTruncationIsFound() {
        byte[] stored = header.seal(master);
        for (int length = Envelope.LENGTH; length < stored.length; length++) {
            byte[] forged = Envelope.wrap(ObjectRole.REPOSITORY, Arrays.copyOfRange(stored, Envelope.LENGTH, length));
            assertThatExceptionOfType(DamagedObjectException.class)
                    .isThrownBy(() -> RepositoryHeader.open(forged, master));
        }
    }

    @Test
    void otherKeyIsFound() {
        byte[] stored = header.seal(master);
        assertThatExceptionOfType(DamagedObjectException.class)
                .isThrownBy(() -> RepositoryHeader.open(stored, MasterKey.random(id, RANDOM)));
    }

    @Test
    void unstatedParameterIsRefused() {
        assertThatExceptionOfType(UnsupportedFormatException.class).isThrownBy(() -> header.parameter("chunk.max"));
    }

    @Test
    void namesOutsideTheAlphabetAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RepositoryHeader(id, Instant.EPOCH, new TreeMap<>(Map.of("Große", 1L))));
    }
}
