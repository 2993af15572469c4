package io.crmbackup.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.error.UnsupportedFormatException;
import io.crmbackup.internal.object.IdSet;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EntryCodecTest {
    @Test
    void readsWhatItWrote() {
        for (int seed = 0; seed < 500; seed++) {
            LogRecord record = drawn(new Random(seed));
            assertThat(EntryCodec.decode("log/x", EntryCodec.encode(record)))
                    .as("seed %d", seed)
                    .isEqualTo(record);
        }
    }

    @Test
    void checkpointGivesBackTheState() {
        for (int seed = 0; seed < 100; seed++) {
            LogState state = state(new Random(seed));
            byte[] plain = EntryCodec.encodeCheckpoint(state);
            LogState read = EntryCodec.decodeCheckpoint("checkpoint/x", plain);
            assertThat(read).as("seed %d", seed).usingRecursiveComparison().isEqualTo(state);
            assertThat(EntryCodec.encodeCheckpoint(read)).as("seed %d", seed).isEqualTo(plain);
        }
    }

    /** As FORMAT says; if this changes, no repository can be read any more. */
    @Test
    void layoutIsFixed() {
        LogRecord record = new LogRecord(
                Entries.id(7), HashCode.fromBytes(new byte[32]), Instant.ofEpochMilli(9), Entries.commit(5));
        assertThat(HexFormat.of().formatHex(EntryCodec.encode(record)))
                .isEqualTo("01" + "00000000000000070000000000000000" + "00".repeat(32) + "0000000000000009"
                        + "00000000000000050000000000000000" + "0003" + "63726d" + "00000000695735a5" + "075bcd15"
                        + "02" + "01" + "0000000000000001" + "0000000000000002" + "0000000000000003"
                        + "0000000000000004"
                        + "00" + "00000000"
                        + "00000001" + "00000000000000050000000000000000" + "00000001"
                        + "00000000000000050000000000000000"
                        + "00000001" + "00000000000000050000000000000000");
    }

    @Test
    void everyTruncationAndExtensionIsDamage() {
        for (int seed = 0; seed < 50; seed++) {
            byte[] plain = EntryCodec.encode(drawn(new Random(seed)));
            for (int length = 0; length <= plain.length + 1; length++) {
                byte[] changed = Arrays.copyOf(plain, length);
                if (length != plain.length) {
                    assertThatExceptionOfType(DamagedObjectException.class)
                            .as("seed %d, length %d", seed, length)
                            .isThrownBy(() -> EntryCodec.decode("log/x", changed));
                }
            }
        }
    }

    @Test
    void arbitraryBytesFailOnlyAsDamagedOrUnsupported() {
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] plain = EntryCodec.encode(drawn(random));
            for (int i = random.nextInt(4); i >= 0; i--) {
                plain[random.nextInt(plain.length)] = (byte) random.nextInt();
            }
            readOrRefuse(seed, () -> EntryCodec.decode("log/x", plain));
            readOrRefuse(seed, () -> EntryCodec.decodeCheckpoint("checkpoint/x", plain));
        }
    }

    @Test
    void kindOfANewerVersionIsUnsupported() {
        byte[] plain = EntryCodec.encode(drawn(new Random(1)));
        plain[0] = 8;
        assertThatExceptionOfType(UnsupportedFormatException.class)
                .isThrownBy(() -> EntryCodec.decode("log/x", plain))
                .withMessageContaining("kind 8");
    }

    @Test
    void idsOutOfOrderAreDamage() {
        LogRecord record = new LogRecord(
                Entries.id(7),
                LogPosition.NONE,
                Instant.EPOCH,
                new LogEntry.Swept(IdSet.of(Entries.id(1), Entries.id(2))));
        byte[] plain = EntryCodec.encode(record);
        plain[plain.length - 9] = 1;
        assertThatExceptionOfType(DamagedObjectException.class)
                .isThrownBy(() -> EntryCodec.decode("log/x", plain))
                .withMessageContaining("ascending");
    }

    private static void readOrRefuse(int seed, Runnable reading) {
        try {
            reading.run();
        } catch (DamagedObjectException | UnsupportedFormatException e) {
            assertThat(e).hasMessageContaining("/x");
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private static LogRecord drawn(Random random) {
        HashCode previous = Hashing.sha256().hashLong(random.nextLong());
        return new LogRecord(
                Entries.id(random.nextLong()), previous, Instant.ofEpochMilli(random.nextInt()), Entries.drawn(random));
    }

    private static LogState state(Random random) {
        Fold fold = new Fold(LogState.START);
        for (int i = 0; i < 20; i++) {
            fold.add(drawn(random), Hashing.sha256().hashLong(i));
        }
        return fold.state();
    }
}
