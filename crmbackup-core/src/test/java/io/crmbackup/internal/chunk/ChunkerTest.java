package io.crmbackup.internal.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.error.BackupCancelledException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkerTest {
    private static final byte[] KEY = Cuts.key(1);

    @ParameterizedTest
    @EnumSource(Corpus.class)
    void cutsAreThoseOfTheDefinition(Corpus corpus) {
        for (long seed = 0; seed < 60; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int radius = 64 + random.nextInt(300);
            int max = 4 * radius + random.nextInt(4 * radius);
            byte[] content = corpus.bytes(random.nextInt(12_000), seed);
            Chunker chunker = new Chunker(ChunkerParameters.of(Cuts.key(seed), radius, max));
            assertThat(Cuts.of(chunker, content))
                    .as("seed %d", seed)
                    .isEqualTo(new Definition(Cuts.key(seed), radius, max).cuts(content));
        }
    }

    @Test
    void everyShortLengthIsCutAsDefined() {
        int radius = 64;
        byte[] content = Corpus.RANDOM.bytes(600, 5);
        Chunker chunker = new Chunker(ChunkerParameters.of(KEY, radius, 256));
        for (int length = 0; length <= content.length; length++) {
            byte[] start = Arrays.copyOf(content, length);
            assertThat(Cuts.of(chunker, start))
                    .as("length %d", length)
                    .isEqualTo(new Definition(KEY, radius, 256).cuts(start));
        }
    }

    @Test
    void aCutIsFartherThanTheRadiusFromStartAndEnd() {
        int radius = 64;
        byte[] content = Corpus.RANDOM.bytes(40_000, 6);
        Chunker chunker = new Chunker(ChunkerParameters.of(KEY, radius, 64 * radius));
        List<Long> cuts = Cuts.of(chunker, content);
        for (long natural : cuts.subList(0, cuts.size() - 1)) {
            int cut = (int) natural;
            assertThat(Cuts.of(chunker, Arrays.copyOf(content, cut + radius + 1)))
                    .contains(natural);
            assertThat(Cuts.of(chunker, Arrays.copyOf(content, cut + radius))).doesNotContain(natural);
            assertThat(Cuts.of(chunker, Arrays.copyOfRange(content, cut - radius - 1, content.length)))
                    .startsWith(radius + 1L);
            assertThat(Cuts.of(chunker, Arrays.copyOfRange(content, cut - radius, content.length)))
                    .doesNotContain((long) radius);
        }
    }

    @ParameterizedTest
    @EnumSource(Corpus.class)
    void howTheBytesArriveMakesNoDifference(Corpus corpus) throws IOException {
        Chunker chunker = new Chunker(ChunkerParameters.of(KEY, 100, 700));
        for (long seed = 0; seed < 40; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] content = corpus.bytes(random.nextInt(60_000), seed);
            List<Long> whole = Cuts.of(chunker, content);
            ByteArrayOutputStream pieces = new ByteArrayOutputStream();
            List<Long> split = new ArrayList<>();
            PieceConsumer cuts = Cuts.into(split);
            chunker.begin((buffer, offset, length) -> {
                pieces.write(buffer, offset, length);
                cuts.accept(buffer, offset, length);
            });
            int most = 1 + random.nextInt(1 << random.nextInt(14));
            for (int at = 0; at < content.length; ) {
                int length = Math.min(content.length - at, random.nextInt(most + 1));
                chunker.update(content, at, length);
                at += length;
            }
            assertThat(chunker.finish()).isEqualTo(content.length);
            assertThat(split).as("seed %d", seed).isEqualTo(whole);
            assertThat(pieces.toByteArray()).as("seed %d", seed).isEqualTo(content);

            List<Long> streamed = new ArrayList<>();
            assertThat(chunker.chunk(new Dribble(content, random), Cuts.into(streamed)))
                    .isEqualTo(content.length);
            assertThat(streamed).as("seed %d", seed).isEqualTo(whole);
        }
    }

    @Test
    void piecesAreLongerThanTheRadiusAndAtMostMax() {
        int radius = 100;
        int max = 400;
        Chunker chunker = new Chunker(ChunkerParameters.of(KEY, radius, max));
        for (long seed = 0; seed < 200; seed++) {
            byte[] content = Corpus.MIXED.bytes(2 * radius + 2 + new SplittableRandom(seed).nextInt(20_000), seed);
            long last = 0;
            for (long cut : Cuts.of(chunker, content)) {
                assertThat(cut - last).as("seed %d, piece at %d", seed, last).isBetween(radius + 1L, (long) max);
                last = cut;
            }
        }
    }

    @Test
    void aSmallContentIsOnePieceAndIsNotSearched() {
        CountingKernel kernel = new CountingKernel(KEY);
        ChunkerParameters parameters = ChunkerParameters.of(KEY);
        Chunker chunker = new Chunker(parameters, kernel);
        byte[] content = Corpus.RANDOM.bytes(2 * parameters.radius(), 3);
        assertThat(Cuts.of(chunker, content)).containsExactly((long) content.length);
        assertThat(kernel.positions()).isZero();
    }

    @Test
    void anEmptyContentHasNoPieces() throws IOException {
        Chunker chunker = new Chunker(ChunkerParameters.of(KEY));
        assertThat(Cuts.of(chunker, new byte[0])).isEmpty();
        assertThat(chunker.chunk(InputStream.nullInputStream(), (buffer, offset, length) -> {}))
                .isZero();
    }

    /** The expected cuts come from a program in another language that was written from the definition's text. */
    @Test
    void cutsOfAFixedKeyNeverChange() {
        byte[] key = new byte[32];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) i;
        }
        byte[] content = new byte[1 << 20];
        int state = 1;
        for (int i = 0; i < content.length; i++) {
            state = state * 1664525 + 1013904223;
            content[i] = i >> 18 == 2 ? 0 : (byte) (state >>> 24);
        }
        Chunker chunker = new Chunker(ChunkerParameters.of(key, 8 << 10, 64 << 10));
        assertThat(Cuts.of(chunker, content))
                .containsExactly(
                        25311L, 45602L, 58974L, 77260L, 86850L, 110210L, 125345L, 142876L, 154623L, 175186L, 183782L,
                        201309L, 215553L, 225394L, 238159L, 262518L, 280280L, 293043L, 302228L, 319912L, 328340L,
                        336779L, 347402L, 375442L, 402393L, 424574L, 438257L, 447599L, 467424L, 480439L, 497344L,
                        507731L, 518033L, 575377L, 632721L, 690065L, 747409L, 797410L, 812219L, 823492L, 844239L,
                        866014L, 883836L, 909305L, 917957L, 928875L, 937152L, 971098L, 992948L, 1010250L, 1037380L,
                        1048576L);
    }

    @Test
    void aFailedConsumerDoesNotSpoilTheNextContent() {
        byte[] content = Corpus.TEXT.bytes(50_000, 8);
        Chunker chunker = new Chunker(ChunkerParameters.of(KEY, 100, 400));
        List<Long> cuts = Cuts.of(chunker, content);
        chunker.begin((buffer, offset, length) -> {
            throw new IllegalArgumentException("no space");
        });
        assertThatThrownBy(() -> chunker.update(content, 0, content.length)).hasMessage("no space");
        assertThat(Cuts.of(chunker, content)).isEqualTo(cuts);
    }

    @Test
    void bytesBelongToAContentThatWasBegun() {
        Chunker chunker = new Chunker(ChunkerParameters.of(KEY));
        assertThatThrownBy(() -> chunker.update(new byte[1], 0, 1)).isInstanceOf(IllegalStateException.class);
        Cuts.of(chunker, new byte[1]);
        assertThatThrownBy(() -> chunker.update(new byte[1], 0, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(chunker::finish).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aFailedReadEndsTheContent() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("bad sector");
            }
        };
        Chunker chunker = new Chunker(ChunkerParameters.of(KEY));
        assertThatThrownBy(() -> chunker.chunk(broken, (buffer, offset, length) -> {}))
                .isInstanceOf(IOException.class)
                .hasMessage("bad sector");
        assertThatThrownBy(chunker::finish).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anInterruptStopsAStreamAndStaysSet() {
        int[] reads = {0};
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 0;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                if (++reads[0] == 3) {
                    Thread.currentThread().interrupt();
                }
                return length;
            }
        };
        Chunker chunker = new Chunker(ChunkerParameters.of(KEY, 100, 400));
        try {
            assertThatThrownBy(() -> chunker.chunk(endless, (buffer, offset, length) -> {}))
                    .isInstanceOf(BackupCancelledException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(reads[0]).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 100_000})
    void aStreamIsNotClosed(int length) throws IOException {
        InputStream in = new ByteArrayInputStream(new byte[length]) {
            @Override
            public void close() {
                throw new AssertionError("closed");
            }
        };
        assertThat(new Chunker(ChunkerParameters.of(KEY)).chunk(in, (buffer, offset, size) -> {}))
                .isEqualTo(length);
    }

    /** Returns a random number of bytes with each read. */
    private static final class Dribble extends ByteArrayInputStream {
        private final SplittableRandom random;

        Dribble(byte[] content, SplittableRandom random) {
            super(content);
            this.random = random;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            return super.read(buffer, offset, Math.min(length, 1 + random.nextInt(500)));
        }
    }
}
