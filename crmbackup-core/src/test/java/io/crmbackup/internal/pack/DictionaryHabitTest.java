package io.crmbackup.internal.pack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DictionaryHabitTest {
    private final DictionaryHabit habit = new DictionaryHabit();

    /** Offers chunks of a length for which the dictionary is better or not; returns how many were encoded both ways. */
    private int chunks(int count, int length, boolean dictionaryIsBetter) {
        int compared = 0;
        for (int i = 0; i < count; i++) {
            if (habit.compares(length)) {
                compared++;
                habit.compared(length, dictionaryIsBetter);
            }
        }
        return compared;
    }

    @Test
    void comparesTheFirstOnesAndThenOneOfSixteen() {
        assertThat(chunks(8, 5000, true)).isEqualTo(8);
        assertThat(chunks(1600, 5000, true)).isEqualTo(100);
    }

    @Test
    void goesByWhatWasBetter() {
        assertThat(habit.isForDictionary(5000)).isFalse();
        chunks(8, 5000, true);
        assertThat(habit.isForDictionary(5000)).isTrue();
        chunks(8, 40_000, false);
        assertThat(habit.isForDictionary(40_000)).isFalse();
        assertThat(habit.isForDictionary(4096)).isTrue();
        assertThat(habit.isForDictionary(8191)).isTrue();
        assertThat(habit.isForDictionary(8192)).isFalse();
    }

    @Test
    void changesWithTheContentsHoweverLongTheyWereOtherwise() {
        chunks(100_000, 5000, true);
        chunks(5 * 16, 5000, false);
        assertThat(habit.isForDictionary(5000)).isFalse();
    }
}
