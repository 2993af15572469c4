package io.crmbackup.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.github.luben.zstd.ZstdDictTrainer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Deltas, and chunks with a dictionary. */
class HelpedEncodingTest {
    private static final byte[] MAGIC = {0x37, (byte) 0xa4, 0x30, (byte) 0xec};

    private final ChunkEncoder encoder = new ChunkEncoder(ChunkEncoder.Check.DECODE_AND_COMPARE);
    private final ChunkDecoder decoder = new ChunkDecoder();

    @AfterEach
    void close() {
        encoder.close();
        decoder.close();
    }

    private static byte[] random(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static byte[] mail(long seed) {
        Random random = new Random(seed);
        return ("From: user" + random.nextInt(10_000)
                        + "@example.org\nContent-Type: text/plain; charset=utf-8\nSubject: Your order "
                        + random.nextLong() + "\n\nDear customer, thank you for your order of " + random.nextInt(99)
                        + " pieces. Kind regards, your service team\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] trained() {
        ZstdDictTrainer trainer = new ZstdDictTrainer(1 << 20, 4_096);
        for (int i = 0; i < 1_000; i++) {
            trainer.addSample(mail(i));
        }
        return trainer.trainSamples();
    }

    private EncodedBytes delta(byte[] plain, byte[] base) {
        return Objects.requireNonNull(encoder.encodeDelta(plain, 0, plain.length, base));
    }

    private byte[] decoded(EncodedBytes encoded, int plainLength, byte[] other) throws MalformedEncodingException {
        return decoder.decode(encoded.codec(), encoded.bytes(), encoded.offset(), encoded.length(), plainLength, other);
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 16_384, 65_536, 262_144, 1 << 20, 2 << 20, 4 << 20, ChunkCodec.MAX_PLAIN_LENGTH - 10})
    void editedBytesOfAnyLengthCostNextToNothing(int length) throws MalformedEncodingException {
        byte[] base = random(length, length);
        byte[] plain = new byte[length + 10];
        // An insertion, so that everything behind it has moved.
        System.arraycopy(base, 0, plain, 0, length / 3);
        System.arraycopy(base, length / 3, plain, length / 3 + 10, length - length / 3);
        plain[length - 1]++;
        plain[20]++;
        EncodedBytes delta = delta(plain, base);
        assertThat(delta.codec()).isEqualTo(ChunkCodec.ZSTD_DELTA);
        assertThat(delta.length()).isLessThan(150 + length / 600);
        assertThat(decoded(delta, plain.length, base)).isEqualTo(plain);
    }

    @Test
    void partOfAnArrayIsEncoded() throws MalformedEncodingException {
        byte[] base = random(1, 50_000);
        byte[] surrounded = new byte[60_000];
        System.arraycopy(base, 0, surrounded, 7, 50_000);
        EncodedBytes delta = Objects.requireNonNull(encoder.encodeDelta(surrounded, 7, 50_000, base));
        assertThat(delta.length()).isLessThan(50);
        assertThat(decoded(delta, 50_000, base)).isEqualTo(base);
    }

    @ParameterizedTest
    @EnumSource(ChunkEncoder.Check.class)
    void bytesThatZstdTakesForADictionaryAreNoBase(ChunkEncoder.Check check) {
        byte[] base = trained();
        assertThat(base).startsWith(MAGIC);
        try (ChunkEncoder each = new ChunkEncoder(check)) {
            assertThat(each.encodeDelta(base, 0, base.length, base)).isNull();
            byte[] edited = base.clone();
            edited[3_000]++;
            assertThat(each.encodeDelta(edited, 0, edited.length, base)).isNull();
            byte[] only = Arrays.copyOf(MAGIC, 5_000);
            assertThat(each.encodeDelta(only, 0, 5_000, only)).isNull();
        }
    }

    @Test
    void emptyAndTinyBasesDoNoHarm() {
        byte[] plain = random(1, 5_000);
        for (int length : new int[] {0, 1, 7, 8, 100}) {
            assertThat(encoder.encodeDelta(plain, 0, plain.length, random(2, length)))
                    .as("%s bytes", length)
                    .isNull();
        }
        assertThat(encoder.encodeDelta(new byte[0], 0, 0, plain)).isNull();
    }

    @Test
    void whatABaseDoesNotHelpIsNoDelta() {
        assertThat(encoder.encodeDelta(random(1, 100_000), 0, 100_000, random(2, 100_000)))
                .isNull();
    }

    @ParameterizedTest
    @EnumSource(ChunkEncoder.Check.class)
    void dictionaryHelpsSmallChunks(ChunkEncoder.Check check) throws MalformedEncodingException {
        byte[] dictionary = trained();
        try (ChunkEncoder small = new ChunkEncoder(check)) {
            for (int i = 5_000; i < 5_050; i++) {
                byte[] plain = mail(i);
                EncodedBytes alone = small.encode(plain, 0, plain.length);
                int lengthAlone = alone.length();
                EncodedBytes helped = Objects.requireNonNull(small.encodeWith(dictionary, plain, 0, plain.length));
                assertThat(helped.codec()).isEqualTo(ChunkCodec.ZSTD_DICTIONARY);
                assertThat(helped.length()).isLessThan(lengthAlone / 2);
                assertThat(decoded(helped, plain.length, dictionary)).isEqualTo(plain);
                assertThat(decoder.decode(ChunkCodec.ZSTD, alone.bytes(), 0, lengthAlone, plain.length))
                        .as("what was encoded alone is still there")
                        .isEqualTo(plain);
            }
        }
    }

    @Test
    void nothingIsLeftOfADictionaryOrBase() throws MalformedEncodingException {
        byte[] plain = mail(1);
        EncodedBytes before = encoder.encode(plain, 0, plain.length);
        byte[] expected = Arrays.copyOf(before.bytes(), before.length());
        delta(plain, plain);
        encoder.encodeWith(trained(), plain, 0, plain.length);
        EncodedBytes after = encoder.encode(plain, 0, plain.length);
        assertThat(Arrays.copyOf(after.bytes(), after.length())).isEqualTo(expected);
    }

    @Test
    void dictionaryThatZstdRefusesIsDoneWithout() {
        byte[] plain = mail(1);
        assertThat(encoder.encodeWith(Arrays.copyOf(MAGIC, 500), plain, 0, plain.length))
                .isNull();
    }

    @Test
    void anotherDictionaryTakesThePlaceOfTheLast() throws MalformedEncodingException {
        byte[] plain = mail(7);
        for (byte[] dictionary : new byte[][] {trained(), mail(8), trained(), random(1, 200)}) {
            EncodedBytes helped = Objects.requireNonNull(encoder.encodeWith(dictionary, plain, 0, plain.length));
            assertThat(decoded(helped, plain.length, dictionary)).isEqualTo(plain);
        }
    }

    @Test
    void randomEditsComeBack() throws MalformedEncodingException {
        long seed = Long.getLong("crmbackup.seed", 1);
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            byte[] base = random.nextBoolean() ? random(random.nextLong(), random.nextInt(40_000)) : mail(i);
            byte[] plain = Arrays.copyOf(base, Math.max(0, base.length + random.nextInt(200) - 100));
            for (int edits = random.nextInt(20); edits > 0 && plain.length > 0; edits--) {
                plain[random.nextInt(plain.length)] = (byte) random.nextInt();
            }
            EncodedBytes delta = encoder.encodeDelta(plain, 0, plain.length, base);
            if (delta != null) {
                assertThat(decoded(delta, plain.length, base))
                        .as("seed %d, round %d", seed, i)
                        .isEqualTo(plain);
            }
        }
    }

    @Test
    void tooLargeChunkIsRefused() {
        byte[] plain = new byte[ChunkCodec.MAX_PLAIN_LENGTH + 1];
        assertThatIllegalArgumentException().isThrownBy(() -> encoder.encodeDelta(plain, 0, plain.length, plain));
    }
}
