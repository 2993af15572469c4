package io.crmbackup.internal.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DistributionTest {
    private static final int LENGTH = 16 << 20;

    @ParameterizedTest
    @EnumSource(names = {"RANDOM", "TEXT", "SQL", "CSV", "DNA", "SMALL_INTS", "SPARSE"})
    void piecesAreTwiceTheRadiusOnAverage(Corpus corpus) {
        byte[] content = corpus.bytes(LENGTH, 11);
        for (long seed = 1; seed <= 3; seed++) {
            ChunkerParameters parameters = ChunkerParameters.of(Cuts.key(seed));
            List<Long> cuts = Cuts.of(new Chunker(parameters), content);
            assertThat((double) LENGTH / cuts.size())
                    .as("mean with key seed %d", seed)
                    .isCloseTo(2.0 * parameters.radius(), Percentage.withPercentage(15));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ZEROS", "PERIOD_4", "PERIOD_8", "PERIOD_64"})
    void uniformContentIsCutByLength(Corpus corpus) {
        ChunkerParameters parameters = ChunkerParameters.of(Cuts.key(1));
        for (long seed = 1; seed <= 20; seed++) {
            byte[] content = corpus.bytes(4 << 20, seed);
            List<Long> cuts = Cuts.of(new Chunker(parameters), content);
            int step = parameters.max() - parameters.radius();
            for (int i = 2; i < cuts.size() - 1; i++) {
                assertThat(cuts.get(i) - cuts.get(i - 1)).as("seed %d", seed).isEqualTo(step);
            }
            assertThat(cuts).as("seed %d", seed).hasSizeBetween(8, 10);
        }
    }

    /** What random data costs is about 1.15 looks a position and few ranks; the definition's worst case is three times the positions. */
    @ParameterizedTest
    @EnumSource
    void noContentIsMuchWorkToCut(Corpus corpus) {
        int length = 2 << 20;
        for (long seed = 1; seed <= 5; seed++) {
            CountingKernel kernel = new CountingKernel(Cuts.key(seed));
            Chunker chunker = new Chunker(ChunkerParameters.of(Cuts.key(seed)), kernel);
            Cuts.of(chunker, corpus.bytes(length, seed));
            assertThat(kernel.positions()).as("positions, seed %d", seed).isBetween((long) length - 128, 3L * length);
            assertThat(kernel.hits()).as("ranks, seed %d", seed).isLessThan(length);
        }
    }

    @Test
    void randomContentIsSearchedLittleMoreThanOnce() {
        int length = 8 << 20;
        CountingKernel kernel = new CountingKernel(Cuts.key(1));
        Cuts.of(new Chunker(ChunkerParameters.of(Cuts.key(1)), kernel), Corpus.RANDOM.bytes(length, 1));
        assertThat(kernel.positions()).isLessThan(length * 5L / 4);
        assertThat(kernel.hits()).isLessThan(length / 2000);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aRunOfOneByteValueIsNeverEligible(long seed) {
        Rank rank = Rank.keyed(Cuts.key(seed));
        for (int value = 0; value < 256; value++) {
            byte[] run = new byte[Rank.WINDOW];
            Arrays.fill(run, (byte) value);
            assertThat(rank.y(run, run.length))
                    .as("value %d, key seed %d", value, seed)
                    .isGreaterThan(Rank.ELIGIBLE);
        }
    }
}
