package io.crmbackup.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes as what they differ in from others. */
class PatchTest {
    private final ChunkEncoder encoder = new ChunkEncoder(ChunkEncoder.Check.DECODE_AND_COMPARE);
    private final ChunkDecoder decoder = new ChunkDecoder();

    @AfterEach
    void close() {
        encoder.close();
        decoder.close();
    }

    /** A node of random entries, whose keys and values can be edited. */
    private static final class Sample {
        private final Random random;
        private final int level;
        private final TreeMap<String, byte[]> entries = new TreeMap<>();

        Sample(Random random, int level, int count) {
            this.random = random;
            this.level = level;
            for (int i = 0; i < count; i++) {
                insert();
            }
        }

        void insert() {
            byte[] value = new byte[level > 0 ? 34 : random.nextInt(300)];
            random.nextBytes(value);
            if (level > 0) {
                // two numbers of a byte each
                value[32] &= 0x7f;
                value[33] &= 0x7f;
            }
            entries.put("%08x".formatted(random.nextInt()), value);
        }

        void edit() {
            String key = any();
            switch (random.nextInt(3)) {
                case 0 -> insert();
                case 1 -> entries.remove(key);
                default -> {
                    byte[] value = Objects.requireNonNull(entries.get(key)).clone();
                    if (value.length > 0) {
                        value[random.nextInt(Math.min(32, value.length))]++;
                    }
                    entries.put(key, level > 0 ? value : Arrays.copyOf(value, value.length + random.nextInt(3)));
                }
            }
        }

        private String any() {
            String key = entries.ceilingKey("%08x".formatted(random.nextInt()));
            return key == null ? entries.firstKey() : key;
        }

        byte[] bytes() {
            ByteArrayOutputStream node = new ByteArrayOutputStream();
            node.write(level);
            Leaves.number(node, entries.size());
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                Leaves.number(node, entry.getKey().length());
                node.writeBytes(entry.getKey().getBytes(StandardCharsets.US_ASCII));
                if (level == 0) {
                    Leaves.number(node, entry.getValue().length);
                }
                node.writeBytes(entry.getValue());
            }
            return node.toByteArray();
        }
    }

    private byte[] decoded(byte[] patch, int plainLength, byte[] base) throws MalformedEncodingException {
        return decoder.decode(ChunkCodec.PATCH, patch, 0, patch.length, plainLength, base);
    }

    private EncodedBytes encoded(byte[] plain, byte[] base) {
        return Objects.requireNonNull(encoder.encodeNodeDelta(plain, 0, plain.length, base));
    }

    private byte[] patch(byte[] plain, byte[] base) {
        EncodedBytes encoded = encoded(plain, base);
        assertThat(encoded.codec()).isEqualTo(ChunkCodec.PATCH);
        return Arrays.copyOfRange(encoded.bytes(), encoded.offset(), encoded.offset() + encoded.length());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void editedNodesComeBack(int level) throws MalformedEncodingException {
        long seed = Long.getLong("crmbackup.seed", 1);
        Random random = new Random(seed);
        int patches = 0;
        for (int round = 0; round < 150; round++) {
            Sample sample = new Sample(random, level, 1 + random.nextInt(400));
            byte[] base = sample.bytes();
            for (int edits = random.nextInt(12); edits > 0 && sample.entries.size() > 1; edits--) {
                sample.edit();
            }
            byte[] plain = sample.bytes();
            byte[] surrounded = new byte[plain.length + 9];
            System.arraycopy(plain, 0, surrounded, 5, plain.length);
            EncodedBytes delta = encoder.encodeNodeDelta(surrounded, 5, plain.length, base);
            if (delta != null) {
                patches += delta.codec() == ChunkCodec.PATCH ? 1 : 0;
                assertThat(decoder.decode(
                                delta.codec(), delta.bytes(), delta.offset(), delta.length(), plain.length, base))
                        .as("seed %d, round %d", seed, round)
                        .isEqualTo(plain);
            }
        }
        assertThat(patches).as("seed %d", seed).isGreaterThan(50);
    }

    @Test
    void changedByteOfARowTakesAFewBytes() throws MalformedEncodingException {
        Sample sample = new Sample(new Random(1), 0, 400);
        byte[] base = sample.bytes();
        String key = sample.entries.firstKey();
        byte[] value = Objects.requireNonNull(sample.entries.get(key)).clone();
        value[value.length / 2]++;
        sample.entries.put(key, value);
        byte[] patch = patch(sample.bytes(), base);
        assertThat(patch).hasSizeLessThan(12);
        assertThat(decoded(patch, base.length, base)).isEqualTo(sample.bytes());
    }

    @Test
    void removedAndNewEntriesTakeNoMoreThanThemselves() {
        Sample sample = new Sample(new Random(2), 0, 400);
        byte[] base = sample.bytes();
        sample.entries.remove(sample.any());
        assertThat(patch(sample.bytes(), base)).hasSizeLessThan(20);
        byte[] shorter = sample.bytes();
        sample.insert();
        byte[] longer = sample.bytes();
        assertThat(patch(longer, shorter)).hasSizeLessThan(longer.length - shorter.length + 20);
    }

    @Test
    void nodeThatIsMostlyNewIsLeftToZstd() throws MalformedEncodingException {
        Sample sample = new Sample(new Random(3), 0, 100);
        byte[] base = sample.bytes();
        for (int i = 0; i < 50; i++) {
            sample.insert();
        }
        byte[] plain = sample.bytes();
        EncodedBytes encoded = encoded(plain, base);
        assertThat(encoded.codec()).isEqualTo(ChunkCodec.ZSTD_DELTA);
        assertThat(decoder.decode(
                        encoded.codec(), encoded.bytes(), encoded.offset(), encoded.length(), plain.length, base))
                .isEqualTo(plain);
    }

    @Test
    void newBytesThatRepeatAreCompressed() throws MalformedEncodingException {
        Sample sample = new Sample(new Random(4), 0, 400);
        byte[] base = sample.bytes();
        for (int i = 0; i < 5; i++) {
            sample.entries.put(
                    "new " + i, "a value like the others, and long. ".repeat(4).getBytes(StandardCharsets.US_ASCII));
        }
        byte[] patch = patch(sample.bytes(), base);
        assertThat(patch[0]).isEqualTo((byte) 1);
        assertThat(patch).hasSizeLessThan(200);
        assertThat(decoded(patch, sample.bytes().length, base)).isEqualTo(sample.bytes());
    }

    @Test
    void bytesThatAreNoNodesHarmNothing() throws MalformedEncodingException {
        long seed = Long.getLong("crmbackup.seed", 1);
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            byte[] base = bytes(random, random.nextInt(400));
            byte[] plain = random.nextBoolean() ? bytes(random, random.nextInt(400)) : base.clone();
            EncodedBytes delta = encoder.encodeNodeDelta(plain, 0, plain.length, base);
            if (delta != null) {
                assertThat(decoder.decode(
                                delta.codec(), delta.bytes(), delta.offset(), delta.length(), plain.length, base))
                        .as("seed %d, round %d", seed, round)
                        .isEqualTo(plain);
            }
        }
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(3));
        }
        return bytes;
    }

    @Test
    void anyBytesAreDecodedOrRefused() {
        long seed = Long.getLong("crmbackup.seed", 1);
        Random random = new Random(seed);
        Sample sample = new Sample(random, 0, 200);
        byte[] base = sample.bytes();
        for (int i = 0; i < 6; i++) {
            sample.edit();
        }
        byte[] plain = sample.bytes();
        byte[] good = patch(plain, base);
        int refused = 0;
        for (int round = 0; round < 5_000; round++) {
            byte[] bad = round % 2 == 0 ? bytes(random, random.nextInt(60)) : good.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0 && bad.length > 0; flips--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            }
            int length = random.nextInt(5) == 0 ? random.nextInt(70_000) : plain.length;
            try {
                assertThat(decoded(bad, length, base)).hasSize(length);
            } catch (MalformedEncodingException e) {
                refused++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + ", round " + round, e);
            }
        }
        assertThat(refused).as("seed %d", seed).isGreaterThan(2_500);
    }

    private void assertRefused(int plainLength, int... patch) {
        byte[] bytes = new byte[patch.length];
        for (int i = 0; i < patch.length; i++) {
            bytes[i] = (byte) patch[i];
        }
        assertThatExceptionOfType(MalformedEncodingException.class)
                .as(Arrays.toString(patch))
                .isThrownBy(() -> decoded(bytes, plainLength, new byte[] {1, 2, 3, 4, 5}));
    }

    @Test
    void stepsAreHeldAgainstWhatIsThere() throws MalformedEncodingException {
        byte[] base = {1, 2, 3, 4, 5};
        assertThat(decoded(new byte[] {0, 1, 9, 2, 3}, 4, base)).containsExactly(9, 3, 4, 5);
        assertThat(decoded(new byte[] {0, 0, 1, 2, 1, 8, 1, 1}, 4, base)).containsExactly(2, 3, 8, 5);
        assertThat(decoded(new byte[] {0, 2, 7, 8}, 2, base)).containsExactly(7, 8);
        assertRefused(4);
        assertRefused(4, 0);
        assertRefused(4, 1);
        assertRefused(4, 2, 1, 9, 2, 3);
        // too much that is new, by the plain length and by what is there
        assertRefused(4, 0, 5, 9, 9, 9, 9, 9);
        assertRefused(4, 0, 4, 9, 9);
        // more is passed over than the base has, more is taken than it has, or than is asked for
        assertRefused(4, 0, 1, 9, 6, 1);
        assertRefused(4, 0, 1, 9, 3, 3);
        assertRefused(3, 0, 1, 9, 2, 3);
        // passing over what was passed over
        assertRefused(9, 0, 0, 3, 2, 0, 1, 2);
        // nothing is taken
        assertRefused(4, 0, 1, 9, 2, 0, 1, 9, 0, 2);
        // ends too early, or too late
        assertRefused(4, 0, 1, 9, 2, 2);
        assertRefused(4, 0, 1, 9, 2, 3, 0);
        // numbers that are needlessly long, and far too large
        assertRefused(4, 0, 0x81, 0, 9, 2, 3);
        assertRefused(4, 0, 1, 9, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 3);
        assertRefused(4, 0, 1, 9, 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f);
        // no frame
        assertRefused(4, 1, 1, 9, 2, 3);
    }
}
