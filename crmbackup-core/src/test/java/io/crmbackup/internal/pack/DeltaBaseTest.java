package io.crmbackup.internal.pack;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.internal.codec.ChunkCodec;
import io.crmbackup.internal.codec.ChunkEncoder;
import io.crmbackup.internal.codec.EncodedBytes;
import io.crmbackup.internal.hash.ChunkHasher;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.object.ObjectId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a new full copy pays: the rule against the best fixed threshold that a search finds. */
class DeltaBaseTest {
    private static final int ROUNDS = 60;
    private static final int ROWS = 600;

    private static final BaseCopy PLACE =
            new BaseCopy(new ObjectId(1, 2), 0, new ChunkHasher(new byte[32]).id(ChunkType.LEAF, new byte[1]));

    /** Which rows are edited each round. */
    enum Edited {
        RANDOM,
        SAME
    }

    private final ChunkEncoder encoder = new ChunkEncoder(ChunkEncoder.Check.NONE);
    private final CopyEncoder copies = new CopyEncoder(new ChunkEncoder(ChunkEncoder.Check.NONE));

    @AfterEach
    void close() {
        encoder.close();
        copies.close();
    }

    /** A table's leaf, and versions of it in each of which some rows have changed in one field. */
    private static List<byte[]> versions(long seed, double share, Edited edited) {
        Random random = new Random(seed);
        List<String[]> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(new String[] {
                "contact " + i, word(random) + " " + word(random), word(random) + "@example.org", number(random), "open"
            });
        }
        List<byte[]> versions = new ArrayList<>();
        for (int round = 0; round <= ROUNDS; round++) {
            StringBuilder leaf = new StringBuilder();
            rows.forEach(row -> leaf.append(String.join("|", row)).append('\n'));
            versions.add(leaf.toString().getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < Math.round(share * ROWS); i++) {
                String[] row = rows.get(edited == Edited.SAME ? i : random.nextInt(ROWS));
                if (random.nextBoolean()) {
                    row[3] = number(random);
                } else {
                    row[1] = word(random) + " " + word(random);
                }
            }
        }
        return versions;
    }

    private static String word(Random random) {
        StringBuilder word = new StringBuilder();
        for (int i = 3 + random.nextInt(6); i > 0; i--) {
            word.append((char) ('a' + random.nextInt(26) * random.nextInt(26) / 26));
        }
        return word.toString();
    }

    private static String number(Random random) {
        return Integer.toString(random.nextInt(1_000_000_000));
    }

    private int full(byte[] plain) {
        return RecordLayout.length(encoder.encode(plain, 0, plain.length).length());
    }

    private int delta(byte[] plain, byte[] base) {
        EncodedBytes delta = encoder.encodeDelta(plain, 0, plain.length, base);
        return delta == null ? Integer.MAX_VALUE : RecordLayout.length(BaseCopy.LENGTH + delta.length());
    }

    /** What all versions but the first take if a new base is made once a delta reaches a share of a full copy. */
    private long stored(List<byte[]> versions, double threshold) {
        byte[] base = versions.get(0);
        int baseLength = full(base);
        long stored = 0;
        for (byte[] version : versions.subList(1, versions.size())) {
            int delta = delta(version, base);
            if (delta >= threshold * baseLength) {
                base = version;
                baseLength = full(version);
                stored += baseLength;
            } else {
                stored += delta;
            }
        }
        return stored;
    }

    /** What they take by the rule. */
    private long stored(List<byte[]> versions) {
        byte[] base = versions.get(0);
        int baseLength = full(base);
        byte[] before = base;
        long stored = 0;
        for (byte[] version : versions.subList(1, versions.size())) {
            byte[] first = base;
            byte[] last = before == base ? null : before;
            CopyEncoder.Encoding encoding = copies.encode(
                    ChunkType.DATA,
                    version,
                    new Relatives(new DeltaBase(PLACE, baseLength, () -> first, () -> last), null));
            stored += encoding.recordLength();
            if (encoding.base() == null) {
                base = version;
                baseLength = encoding.recordLength();
            }
            before = version;
        }
        return stored;
    }

    @ParameterizedTest
    @CsvSource({"0.002, RANDOM", "0.01, RANDOM", "0.1, RANDOM", "0.3, RANDOM", "0.01, SAME", "0.1, SAME", "0.2, SAME"})
    void storesLittleMoreThanWithTheBestThreshold(double share, Edited edited) {
        List<byte[]> versions = versions(11, share, edited);
        long best = Long.MAX_VALUE;
        for (double threshold = 0.01; threshold < 1; threshold *= 1.4) {
            best = Math.min(best, stored(versions, threshold));
        }
        long stored = stored(versions);
        long inFull = versions.stream().skip(1).mapToLong(this::full).sum();
        assertThat(stored).isLessThan(best * 11 / 10).isLessThan(inFull / 2);
    }

    @Test
    void chunkThatTakesAsLittleAloneIsNoDelta() {
        byte[] base = new byte[400_000];
        new Random(1).nextBytes(base);
        byte[] small = "id;name;state\n".repeat(30).getBytes(StandardCharsets.UTF_8);
        byte[] large = versions(5, 0.01, Edited.RANDOM).get(0);
        for (byte[] plain : List.of(small, large)) {
            CopyEncoder.Encoding encoding = copies.encode(
                    ChunkType.DATA,
                    plain,
                    new Relatives(new DeltaBase(PLACE, base.length, () -> base, () -> null), null));
            assertThat(encoding.base()).isNull();
            assertThat(encoding.recordLength()).isEqualTo(full(plain));
        }
    }

    @Test
    void deltaOfANodeIsOnlyComparedIfTheWholeMayBeShorter() {
        byte[] random = Packs.random(3, 40_000);
        byte[] like = Packs.random(4, 40_000);
        System.arraycopy(random, 0, like, 0, 35_000);
        assertThat(encodedOn(random, like, ChunkType.LEAF).base()).isEqualTo(PLACE);
        // All that can be gained here is gained without the base.
        byte[] words = "id;name;state\n".repeat(3_000).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(Packs.random(5, 4_000), 0, words, 20_000, 4_000);
        assertThat(encodedOn(random, words, ChunkType.DATA).base()).isNull();
        byte[] longer = versions(5, 0.01, Edited.RANDOM).get(0);
        assertThat(encodedOn(random, longer, ChunkType.LEAF).base()).isNull();
    }

    @Test
    void shortDeltaNeverMakesANewBase() {
        DeltaBase base = new DeltaBase(PLACE, 10_000, () -> null, () -> null);
        assertThat(base.isWornOut(1_250, 148)).isFalse();
        assertThat(base.isWornOut(1_251, 148)).isTrue();
    }

    @Test
    void longDeltaMakesNoNewBaseIfItWouldBeAsLongOnThat() {
        DeltaBase base = new DeltaBase(PLACE, 10_000, () -> null, () -> null);
        assertThat(base.isWornOut(4_000, 4_000)).isFalse();
        assertThat(base.isWornOut(4_000, 400)).isTrue();
    }

    @Test
    void deltaThatSavesLessThanHalfIsNotKept() {
        byte[] base = Packs.random(1, 10_000);
        byte[] half = Packs.random(2, 10_000);
        System.arraycopy(base, 0, half, 0, 4_800);
        assertThat(encodedOn(base, half).base()).isNull();
        System.arraycopy(base, 0, half, 0, 5_300);
        assertThat(encodedOn(base, half).base()).isEqualTo(PLACE);
    }

    private CopyEncoder.Encoding encodedOn(byte[] base, byte[] plain) {
        return encodedOn(base, plain, ChunkType.DATA);
    }

    private CopyEncoder.Encoding encodedOn(byte[] base, byte[] plain, ChunkType type) {
        return copies.encode(
                type,
                plain,
                new Relatives(new DeltaBase(PLACE, RecordLayout.length(base.length), () -> base, () -> null), null));
    }

    @Test
    void baseThatCannotBeReadIsDoneWithout() {
        byte[] plain = Packs.text(1, 10_000);
        CopyEncoder.Encoding encoding = copies.encode(
                ChunkType.DATA, plain, new Relatives(new DeltaBase(PLACE, 4_000, () -> null, () -> null), null));
        assertThat(encoding.encoded().codec()).isEqualTo(ChunkCodec.ZSTD);
    }
}
