package io.crmbackup.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDictTrainer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkCodecTest {
    private final ChunkDecoder decoder = new ChunkDecoder();

    @AfterEach
    void close() {
        decoder.close();
    }

    private static byte[] random(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static byte[] text(long seed, int length) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append("account ").append(random.nextInt(10_000)).append("; ");
        }
        return text.substring(0, length).getBytes(StandardCharsets.US_ASCII);
    }

    private byte[] decoded(EncodedBytes encoded, int plainLength) throws MalformedEncodingException {
        return decoder.decode(encoded.codec(), encoded.bytes(), encoded.offset(), encoded.length(), plainLength);
    }

    @ParameterizedTest
    @EnumSource(ChunkEncoder.Check.class)
    void everySizeComesBack(ChunkEncoder.Check check) throws MalformedEncodingException {
        try (ChunkEncoder encoder = new ChunkEncoder(check)) {
            for (int length : new int[] {0, 1, 31, 32, 4_095, 4_096, 65_536, 1 << 20, ChunkCodec.MAX_PLAIN_LENGTH}) {
                for (byte[] plain : new byte[][] {random(length, length), text(length, length), new byte[length]}) {
                    byte[] surrounded = new byte[length + 7];
                    System.arraycopy(plain, 0, surrounded, 3, length);
                    EncodedBytes encoded = encoder.encode(surrounded, 3, length);
                    assertThat(decoded(encoded, length)).isEqualTo(plain);
                }
            }
        }
    }

    @Test
    void whatDoesNotShrinkStaysAsItIs() {
        try (ChunkEncoder encoder = new ChunkEncoder(ChunkEncoder.Check.NONE)) {
            byte[] dense = random(1, 100_000);
            EncodedBytes encoded = encoder.encode(dense, 0, dense.length);
            assertThat(encoded.codec()).isEqualTo(ChunkCodec.RAW);
            assertThat(encoded.bytes()).isSameAs(dense);
            byte[] hardly = dense.clone();
            Arrays.fill(hardly, 0, 2_500, (byte) 0);
            assertThat(encoder.encode(hardly, 0, hardly.length).codec()).isEqualTo(ChunkCodec.RAW);
            Arrays.fill(hardly, 0, 5_000, (byte) 0);
            assertThat(encoder.encode(hardly, 0, hardly.length).codec()).isEqualTo(ChunkCodec.ZSTD);
        }
    }

    @Test
    void repeatedRandomBytesAreCompressed() {
        byte[] repeated = random(1, 100_000);
        System.arraycopy(repeated, 0, repeated, 60_000, 40_000);
        assertThat(RandomnessProbe.looksRandom(repeated, 0, repeated.length)).isTrue();
        try (ChunkEncoder encoder = new ChunkEncoder(ChunkEncoder.Check.NONE)) {
            assertThat(encoder.encode(repeated, 0, repeated.length).length()).isLessThan(61_000);
        }
    }

    @Test
    void probeTellsRandomBytesFromText() {
        assertThat(RandomnessProbe.looksRandom(random(1, 65_536), 0, 65_536)).isTrue();
        assertThat(RandomnessProbe.looksRandom(text(1, 65_536), 0, 65_536)).isFalse();
        assertThat(RandomnessProbe.looksRandom(new byte[4_096], 0, 4_096)).isFalse();
    }

    @Test
    void deltaDecodesWithItsBase() throws MalformedEncodingException {
        byte[] base = random(1, 300_000);
        byte[] plain = base.clone();
        plain[1_000]++;
        plain[200_000]++;
        byte[] delta = delta(base, plain);
        assertThat(delta).hasSizeLessThan(300);
        assertThat(decoder.decode(ChunkCodec.ZSTD_DELTA, delta, 0, delta.length, plain.length, base))
                .isEqualTo(plain);
        assertThatExceptionOfType(MalformedEncodingException.class)
                .as("without a base")
                .isThrownBy(() -> decoder.decode(ChunkCodec.ZSTD, delta, 0, delta.length, plain.length));
        byte[] frame = Zstd.compress(text(1, 1_000));
        assertThat(decoder.decode(ChunkCodec.ZSTD, frame, 0, frame.length, 1_000))
                .as("the base is forgotten")
                .isEqualTo(text(1, 1_000));
    }

    @Test
    void dictionaryOfBothKindsDecodes() throws MalformedEncodingException {
        ZstdDictTrainer trainer = new ZstdDictTrainer(1 << 20, 4_096);
        for (int i = 0; i < 1_000; i++) {
            trainer.addSample(text(i, 300));
        }
        byte[] plain = text(5_000, 300);
        for (byte[] dictionary : new byte[][] {trainer.trainSamples(), text(7, 5_000)}) {
            byte[] frame = delta(dictionary, plain);
            assertThat(decoder.decode(ChunkCodec.ZSTD_DICTIONARY, frame, 0, frame.length, 300, dictionary))
                    .isEqualTo(plain);
        }
    }

    @Test
    void baseThatZstdTakesForADictionaryIsRefused() {
        byte[] base = random(1, 1_000);
        assertThat(ChunkDecoder.canBeBase(base)).isTrue();
        assertThat(ChunkDecoder.canBeBase(new byte[] {0x37, (byte) 0xa4, 0x30})).isTrue();
        System.arraycopy(new byte[] {0x37, (byte) 0xa4, 0x30, (byte) 0xec}, 0, base, 0, 4);
        assertThat(ChunkDecoder.canBeBase(base)).isFalse();
        byte[] frame = Zstd.compress(base);
        for (ChunkCodec codec : new ChunkCodec[] {ChunkCodec.ZSTD_DELTA, ChunkCodec.ZSTD_DICTIONARY}) {
            assertThatExceptionOfType(MalformedEncodingException.class)
                    .isThrownBy(() -> decoder.decode(codec, frame, 0, frame.length, 1_000, base));
        }
    }

    @Test
    void bombIsRefusedBeforeItsLengthIsAllocated() {
        byte[] bomb = Zstd.compress(new byte[64 * 1024 * 1024]);
        for (int declared : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, ChunkCodec.MAX_PLAIN_LENGTH + 1}) {
            for (ChunkCodec codec : new ChunkCodec[] {ChunkCodec.RAW, ChunkCodec.ZSTD}) {
                assertThatExceptionOfType(MalformedEncodingException.class)
                        .isThrownBy(() -> decoder.decode(codec, bomb, 0, bomb.length, declared))
                        .withMessageContaining("at most");
            }
        }
        assertThatExceptionOfType(MalformedEncodingException.class)
                .isThrownBy(() -> decoder.decode(ChunkCodec.ZSTD, bomb, 0, bomb.length, 1_000))
                .withMessageContaining("67108864");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 999, 1_001, 100_000})
    void otherLengthThanDeclaredIsRefused(int declared) {
        byte[] plain = text(1, 1_000);
        byte[] withSize = Zstd.compress(plain);
        byte[] withoutSize = withoutContentSize(plain);
        for (byte[] frame : new byte[][] {withSize, withoutSize}) {
            assertThatExceptionOfType(MalformedEncodingException.class)
                    .isThrownBy(() -> decoder.decode(ChunkCodec.ZSTD, frame, 0, frame.length, declared));
        }
        assertThatExceptionOfType(MalformedEncodingException.class)
                .isThrownBy(() -> decoder.decode(ChunkCodec.RAW, plain, 0, plain.length, declared));
    }

    @Test
    void frameNeedNotStateItsContentSize() throws MalformedEncodingException {
        byte[] frame = withoutContentSize(text(1, 1_000));
        assertThat(decoder.decode(ChunkCodec.ZSTD, frame, 0, frame.length, 1_000))
                .isEqualTo(text(1, 1_000));
    }

    @Test
    void arbitraryBytesAreRefusedOrDecodeToTheDeclaredLength() {
        byte[] frame = Zstd.compress(text(3, 2_000));
        long seed = Long.getLong("crmbackup.seed", 1);
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = i % 2 == 0 ? frame.clone() : random(random.nextLong(), 1 + random.nextInt(200));
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                byte[] plain = decoder.decode(ChunkCodec.ZSTD, changed, 0, changed.length, 2_000);
                assertThat(plain).as("seed %d", seed).hasSize(2_000);
            } catch (MalformedEncodingException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }

    @Test
    void nothingIsNoFrame() {
        byte[] other = new byte[100];
        for (ChunkCodec codec : ChunkCodec.values()) {
            assertThatExceptionOfType(MalformedEncodingException.class)
                    .as(codec.name())
                    .isThrownBy(() -> {
                        if (codec.needsBase() || codec.needsDictionary()) {
                            decoder.decode(codec, new byte[3], 3, 0, 40, other);
                        } else {
                            decoder.decode(codec, new byte[3], 3, 0, 40);
                        }
                    });
        }
    }

    @Test
    void codesAreThoseOfTheFormat() {
        assertThat(ChunkCodec.values())
                .extracting(ChunkCodec::code)
                .containsExactly((byte) 0, (byte) 1, (byte) 2, (byte) 3, (byte) 4, (byte) 5);
        for (ChunkCodec codec : ChunkCodec.values()) {
            assertThat(ChunkCodec.of(codec.code())).isEqualTo(codec);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> ChunkCodec.of(6));
    }

    @Test
    void tooLargeChunkIsRefused() {
        try (ChunkEncoder encoder = new ChunkEncoder(ChunkEncoder.Check.NONE)) {
            byte[] plain = new byte[ChunkCodec.MAX_PLAIN_LENGTH + 1];
            assertThatIllegalArgumentException().isThrownBy(() -> encoder.encode(plain, 0, plain.length));
        }
    }

    private static byte[] delta(byte[] base, byte[] plain) {
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            context.setLevel(3).setWindowLog(21).loadDict(base);
            return context.compress(plain);
        }
    }

    private static byte[] withoutContentSize(byte[] plain) {
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            return context.setContentSize(false).compress(plain);
        }
    }
}
