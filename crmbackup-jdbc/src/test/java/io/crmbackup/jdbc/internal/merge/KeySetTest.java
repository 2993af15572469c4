package io.crmbackup.jdbc.internal.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

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
            try (KeySets sets = new KeySets(random.nextInt(3000))) {
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
    void roomThatASetHasOutgrownIsUsedByOthers() throws IOException {
        try (KeySets sets = new KeySets(128 + 256)) {
            KeySet first = sets.newSet();
            for (int i = 0; i < 100; i++) {
                first.add(key(i));
            }
            assertThat(sets.slots(128)).isInstanceOf(KeySlots.InMemory.class);
            assertThat(sets.slots(128)).isInstanceOf(KeySlots.InFile.class);
        }
    }
}
