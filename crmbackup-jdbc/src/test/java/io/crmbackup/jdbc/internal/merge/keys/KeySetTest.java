package io.crmbackup.jdbc.internal.merge.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeySetTest {
    private static RecordKey key(int number) {
        return new RecordKey.Builder()
                .add(FieldType.INTEGER, FieldValue.text("" + number))
                .build();
    }

    @Test
    void setsAreWhatTheyShouldBeWithAndWithoutRoomInMemory() throws IOException {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            try (KeySets sets = new KeySets(random.nextInt(3000), KeySlots.InFile::new)) {
                List<KeySet> some = new ArrayList<>();
                List<Set<Integer>> expected = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    some.add(sets.newSet());
                    expected.add(new HashSet<>());
                }
                for (int i = 0; i < 4000; i++) {
                    int set = random.nextInt(3);
                    int number = random.nextInt(3000);
                    assertThat(some.get(set).add(key(number)))
                            .as("seed " + seed)
                            .isEqualTo(expected.get(set).add(number));
                }
                for (int set = 0; set < 3; set++) {
                    for (int number = 0; number < 3100; number++) {
                        assertThat(some.get(set).contains(key(number)))
                                .as("seed " + seed + ", " + number)
                                .isEqualTo(expected.get(set).contains(number));
                    }
                }
            }
        }
    }

    @Test
    void placesInAFileAreThoseInMemory() throws IOException {
        long seed = Long.getLong("crmbackup.seed", 1);
        for (int capacity : new int[] {2, 4, 128, 512, 4096}) {
            Random random = new Random(seed);
            try (KeySlots file = new KeySlots.InFile(capacity);
                    KeySlots memory = new KeySlots.InMemory(capacity)) {
                for (int i = 0; i < 20_000; i++) {
                    int place = random.nextInt(capacity);
                    if (random.nextInt(3) == 0) {
                        long first = random.nextLong();
                        long second = random.nextLong();
                        file.set(place, first, second);
                        memory.set(place, first, second);
                    }
                    assertThat(file.first(place))
                            .as("seed %d, capacity %d", seed, capacity)
                            .isEqualTo(memory.first(place));
                    assertThat(file.second(place))
                            .as("seed %d, capacity %d", seed, capacity)
                            .isEqualTo(memory.second(place));
                }
            }
        }
    }

    @Test
    void allFilesAreClosedAlsoIfOneFails() throws IOException {
        List<KeySlots> closed = new ArrayList<>();
        KeySets sets = new KeySets(0, capacity -> new Unclosable(capacity, closed));
        sets.slots(128);
        sets.slots(128);
        sets.slots(128);
        sets.close();
        assertThat(closed).hasSize(3);
        sets.close();
        assertThat(closed).hasSize(3);
    }

    @Test
    void aFileThatLostItsEndIsNoticed(@TempDir Path directory) throws IOException {
        Path path = Files.createFile(directory.resolve("keys"));
        // Its own name is gone as soon as it is opened.
        Path other = Files.createLink(directory.resolve("other"), path);
        try (KeySlots slots = new KeySlots.InFile(1 << 14, path)) {
            for (long place = 0; place < slots.capacity(); place++) {
                slots.set(place, place + 1, place + 2);
            }
            try (FileChannel file = FileChannel.open(other, StandardOpenOption.WRITE)) {
                file.truncate(100);
            }
            assertThatThrownBy(() -> slots.first(1000)).isInstanceOf(EOFException.class);
        }
    }

    private static final class Unclosable extends KeySlots {
        private final List<KeySlots> closed;

        Unclosable(long capacity, List<KeySlots> closed) {
            super(capacity);
            this.closed = closed;
        }

        @Override
        long first(long place) {
            return 0;
        }

        @Override
        long second(long place) {
            return 0;
        }

        @Override
        void set(long place, long first, long second) {}

        @Override
        public void close() throws IOException {
            closed.add(this);
            throw new IOException("not closed " + closed.size());
        }
    }

    @Test
    void roomThatASetHasOutgrownIsUsedByOthers() throws IOException {
        try (KeySets sets = new KeySets(128 + 256, KeySlots.InFile::new)) {
            KeySet first = sets.newSet();
            for (int i = 0; i < 100; i++) {
                first.add(key(i));
            }
            assertThat(sets.slots(128)).isInstanceOf(KeySlots.InMemory.class);
            assertThat(sets.slots(128)).isInstanceOf(KeySlots.InFile.class);
        }
    }
}
