package io.crmbackup.internal.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Cuts far enough from an edit stay; the corpora here are free of forced cuts. */
class LocalityTest {
    private static final int RADIUS = 200;
    private static final Corpus[] LIVELY = {Corpus.RANDOM, Corpus.TEXT, Corpus.DNA, Corpus.CSV};

    private final Chunker chunker = new Chunker(ChunkerParameters.of(Cuts.key(7), RADIUS, 64 * RADIUS));

    @RepeatedTest(60)
    void anEditMovesOnlyTheCutsNearIt(RepetitionInfo repetition) {
        long seed = repetition.getCurrentRepetition();
        SplittableRandom random = new SplittableRandom(seed);
        byte[] content = LIVELY[random.nextInt(LIVELY.length)].bytes(20_000 + random.nextInt(20_000), seed);
        int from = switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> content.length;
            default -> random.nextInt(content.length);
        };
        int removed = Math.min(random.nextInt(3) * random.nextInt(1000), content.length - from);
        byte[] inserted = new byte[random.nextInt(3) * random.nextInt(1000)];
        random.nextBytes(inserted);
        byte[] edited = concat(
                Arrays.copyOf(content, from), inserted, Arrays.copyOfRange(content, from + removed, content.length));

        List<Long> before = Cuts.of(chunker, content);
        List<Long> after = Cuts.of(chunker, edited);
        int moved = inserted.length - removed;
        String edit = "seed " + seed + ": " + removed + " bytes replaced by " + inserted.length + " at " + from;

        assertThat(range(after, 0, from - RADIUS)).as(edit).isEqualTo(range(before, 0, from - RADIUS));
        long end = from + removed + RADIUS + Rank.WINDOW;
        assertThat(range(after, end + moved, Long.MAX_VALUE))
                .as(edit)
                .isEqualTo(range(before, end, Long.MAX_VALUE).stream()
                        .map(cut -> cut + moved)
                        .collect(Collectors.toList()));
    }

    @RepeatedTest(20)
    void bytesThatMoveKeepTheirCuts(RepetitionInfo repetition) {
        long seed = repetition.getCurrentRepetition();
        byte[] first = Corpus.TEXT.bytes(10_000, seed);
        byte[] second = Corpus.TEXT.bytes(15_000, seed + 1000);
        List<Long> there = Cuts.of(chunker, concat(first, second));
        List<Long> here = Cuts.of(chunker, concat(second, first));
        long from = RADIUS + Rank.WINDOW;
        long to = second.length - RADIUS;
        List<Long> moved = range(there, first.length + from, first.length + to).stream()
                .map(cut -> cut - first.length)
                .collect(Collectors.toList());
        assertThat(moved).as("seed %d", seed).hasSizeGreaterThan(20).isEqualTo(range(here, from, to));
    }

    @Test
    void aForcedCutDependsOnTheNaturalCutBeforeItOnly() {
        byte[] zeros = new byte[500 * RADIUS];
        byte[] text = Corpus.TEXT.bytes(20_000, 4);
        List<Long> plain = Cuts.of(chunker, concat(text, zeros, text));
        List<Long> longer = Cuts.of(chunker, concat(text, text, zeros, text));
        long cut = range(plain, 0, text.length - RADIUS).stream().reduce(0L, (a, b) -> b);
        long end = text.length + zeros.length;
        List<Long> shifted = range(plain, cut, end).stream()
                .map(position -> position + text.length)
                .collect(Collectors.toList());
        assertThat(shifted).hasSizeGreaterThan(7).isEqualTo(range(longer, cut + text.length, end + text.length));
    }

    private static List<Long> range(List<Long> cuts, long from, long to) {
        return cuts.stream().filter(cut -> from <= cut && cut < to).collect(Collectors.toList());
    }

    private static byte[] concat(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
