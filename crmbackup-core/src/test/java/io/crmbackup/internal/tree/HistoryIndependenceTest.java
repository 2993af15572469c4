package io.crmbackup.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The same records give the same tree, however they came about. */
class HistoryIndependenceTest {
    private static final int SMALL = Integer.getInteger("crmbackup.treeHistories", 1_000);
    private static final int LARGE = 4;
    private static final long LEAST_BYTES = 1 << 9;
    private static final long MOST_BYTES = 8 << 20;

    @Test
    void anyHistoryOfEditsAndJoinsGivesTheTreeOfAFreshBuild() {
        History.Reached all = LongStream.range(0, SMALL)
                .parallel()
                .mapToObj(seed -> new History(seed, logUniform(seed)).run())
                .reduce(History.Reached.NOTHING, History.Reached::and);
        // What the generator reaches: without it the property would hold for lack of cases.
        assertThat(all.joins()).isGreaterThan(SMALL);
        assertThat(all.emptied()).isGreaterThan(SMALL / 10);
        assertThat(all.naive()).isGreaterThan(SMALL);
        assertThat(all.highest()).isGreaterThanOrEqualTo(4);
        assertThat(all.mostWritten()).isBetween(2, 4);
    }

    @Test
    void largeHistoriesGiveTheTreeOfAFreshBuild() {
        History.Reached all = History.Reached.NOTHING;
        for (long seed = 0; seed < LARGE; seed++) {
            all = all.and(new History(1_000_000 + seed, 4 * MOST_BYTES).run());
        }
        assertThat(all.highest()).isGreaterThanOrEqualTo(5);
    }

    /** Small ones find the edge cases, large ones the high trees: every order of magnitude gets the same share. */
    private static long logUniform(long seed) {
        double position = new SplittableRandom(~seed).nextDouble();
        return (long) (LEAST_BYTES * Math.pow((double) MOST_BYTES / LEAST_BYTES, position));
    }
}
