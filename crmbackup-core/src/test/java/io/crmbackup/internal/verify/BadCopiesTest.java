package io.crmbackup.internal.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.internal.pack.Packs;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BadCopiesTest {
    private static final byte[] WORDS = Packs.text(1, 8_000);
    private static final byte[] OLD = Packs.text(2, 2_000);
    private static final byte[] NEW = Packs.text(2, 2_100);

    private final Packs packs = new Packs();
    private final ChunkCopy dictionary = packs.writeFull(ChunkType.DICTIONARY, WORDS);
    private final ChunkCopy base = packs.writeWithDictionary(ChunkType.DATA, OLD, dictionary.id(), WORDS);
    private final ChunkCopy delta = packs.writeDelta(ChunkType.DATA, NEW, base, OLD);
    private final ChunkCopy otherBase = packs.writeFull(ChunkType.DATA, OLD);

    @AfterEach
    void close() {
        packs.close();
    }

    private static BadCopies of(ChunkCopy... known) {
        return new BadCopies(id -> with(id, known));
    }

    private static List<ChunkCopy> with(ChunkId id, ChunkCopy... known) {
        return Stream.of(known).filter(copy -> copy.id().equals(id)).toList();
    }

    @Test
    void nothingIsBadAtFirst() {
        assertThat(of(dictionary, base, delta).because(delta)).isEmpty();
    }

    @Test
    void badBaseMakesItsDeltasBad() {
        BadCopies bad = of(dictionary, base, delta);
        bad.addAllOf(base.pack());
        assertThat(bad.because(delta)).containsExactly(base.pack());
        BadCopies single = of(dictionary, base, delta);
        single.add(base);
        assertThat(single.because(delta)).containsExactly(base.pack());
    }

    @Test
    void badDictionaryMakesWhatNeedsItBadAndDeltasOnThat() {
        BadCopies bad = of(dictionary, base, delta);
        bad.addAllOf(dictionary.pack());
        assertThat(bad.because(base)).containsExactly(dictionary.pack());
        assertThat(bad.because(delta)).containsExactly(dictionary.pack());
    }

    @Test
    void anotherFullCopyOfTheBaseIsAsGood() {
        BadCopies bad = of(dictionary, base, delta, otherBase);
        bad.addAllOf(dictionary.pack());
        bad.addAllOf(base.pack());
        assertThat(bad.because(delta)).isEmpty();
        bad.addAllOf(otherBase.pack());
        assertThat(bad.because(delta)).containsExactlyInAnyOrder(dictionary.pack(), base.pack(), otherBase.pack());
    }

    @Test
    void copyWhoseNeedsNoIndexListsIsBad() {
        assertThat(of(delta).because(delta)).containsExactly(delta.pack());
        assertThat(of(base).because(base)).containsExactly(base.pack());
    }
}
