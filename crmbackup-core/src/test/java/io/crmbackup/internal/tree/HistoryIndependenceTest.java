package io.crmbackup.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The same records give the same tree, however they came about. */
class HistoryIndependenceTest {
    private static final int SMALL = 10_000;
    private static final int LARGE = 20;
    private static final long LEAST_BYTES = 1 << 9;
    private static final long MOST_BYTES = 8 << 20;

    @Test
    void anyHistoryOfEditsAndJoinsGivesTheTreeOfAFreshBuild() {
        long joins = 0;
        long emptied = 0;
        long naive = 0;
        int highest = 0;
        int mostWritten = 0;
        for (long seed = 0; seed < SMALL; seed++) {
            History history = new History(seed, logUniform(seed));
            history.run();
            joins += history.joins;
            emptied += history.emptied;
            naive += history.naive;
            highest = Math.max(highest, history.highest);
            mostWritten = Math.max(mostWritten, history.mostWritten);
        }
        // What the generator reaches: without it the property would hold for lack of cases.
        assertThat(joins).isGreaterThan(SMALL);
        assertThat(emptied).isGreaterThan(SMALL / 10);
        assertThat(naive).isGreaterThan(SMALL);
        assertThat(highest).isGreaterThanOrEqualTo(5);
        assertThat(mostWritten).isBetween(2, 4);
    }

    @Test
    void largeHistoriesGiveTheTreeOfAFreshBuild() {
        for (long seed = 0; seed < LARGE; seed++) {
            new History(1_000_000 + seed, 4 * MOST_BYTES).run();
        }
    }

    /** Small ones find the edge cases, large ones the high trees: every order of magnitude gets the same share. */
    private static long logUniform(long seed) {
        double position = new SplittableRandom(~seed).nextDouble();
        return (long) (LEAST_BYTES * Math.pow((double) MOST_BYTES / LEAST_BYTES, position));
    }
}
