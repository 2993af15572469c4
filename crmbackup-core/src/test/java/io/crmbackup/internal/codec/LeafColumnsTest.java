package io.crmbackup.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeafColumnsTest {
    private static final String[] WORDS = {"quote", "call", "invoice", "renewal", "ticket", "seats", "budget"};

    private final ColumnSplitter splitter = new ColumnSplitter();
    private final ColumnJoiner joiner = new ColumnJoiner();

    /** A table as customers' systems have them. */
    private static byte[] table(int rows) {
        Random random = new Random(7);
        Leaves leaf = new Leaves();
        for (int i = 0; i < rows; i++) {
            byte[] key = ByteBuffer.allocate(3)
                    .put((byte) 0x82)
                    .putShort((short) (1000 + i))
                    .array();
            leaf.row(
                    key,
                    Arrays.asList(
                            Leaves.text(String.valueOf(1000 + i)),
                            Leaves.text(String.valueOf(random.nextInt(50_000))),
                            random.nextBoolean() ? null : Leaves.text(WORDS[random.nextInt(7)]),
                            Leaves.text(words(random)),
                            Leaves.text(random.nextBoolean() ? "t" : "f")));
        }
        return leaf.bytes();
    }

    private static String words(Random random) {
        List<String> words = new ArrayList<>();
        for (int i = random.nextInt(12); i >= 0; i--) {
            words.add(WORDS[random.nextInt(7)]);
        }
        return String.join(" ", words);
    }

    @Test
    void rowsTakeAQuarterLessInColumns() throws MalformedEncodingException {
        byte[] leaf = table(600);
        try (ChunkEncoder encoder = new ChunkEncoder(ChunkEncoder.Check.NONE);
                ChunkDecoder decoder = new ChunkDecoder()) {
            int inRows = encoder.encode(leaf, 0, leaf.length).length();
            EncodedBytes columns = encoder.encodeLeaf(leaf, 0, leaf.length);
            assertThat(columns.codec()).isEqualTo(ChunkCodec.ZSTD_COLUMNS);
            assertThat(columns.length()).isLessThan(inRows * 3 / 4);
            assertThat(decoder.decode(columns.codec(), columns.bytes(), 0, columns.length(), leaf.length))
                    .isEqualTo(leaf);
        }
    }

    @Test
    void aLeafThatIsPartOfAnArrayIsItsPartOnly() throws MalformedEncodingException {
        byte[] leaf = table(100);
        byte[] all = new byte[leaf.length + 20];
        Arrays.fill(all, (byte) 9);
        System.arraycopy(leaf, 0, all, 13, leaf.length);
        try (ChunkEncoder encoder = new ChunkEncoder(ChunkEncoder.Check.DECODE_AND_COMPARE);
                ChunkDecoder decoder = new ChunkDecoder()) {
            EncodedBytes columns = encoder.encodeLeaf(all, 13, leaf.length);
            assertThat(columns.codec()).isEqualTo(ChunkCodec.ZSTD_COLUMNS);
            assertThat(decoder.decode(columns.codec(), columns.bytes(), 0, columns.length(), leaf.length))
                    .isEqualTo(leaf);
        }
    }

    @Test
    void whatIsNoLeafOfRowsIsEncodedAsItIs() {
        byte[] text = Leaves.text("no leaf at all, but text that repeats. ".repeat(200));
        byte[] fingerprints = fingerprints();
        try (ChunkEncoder encoder = new ChunkEncoder(ChunkEncoder.Check.DECODE_AND_COMPARE)) {
            assertThat(encoder.encodeLeaf(text, 0, text.length).codec()).isEqualTo(ChunkCodec.ZSTD);
            assertThat(encoder.encodeLeaf(fingerprints, 0, fingerprints.length).codec())
                    .isEqualTo(ChunkCodec.ZSTD);
        }
    }

    private static byte[] fingerprints() {
        Leaves leaf = new Leaves();
        IntStream.range(0, 500)
                .forEach(i -> leaf.entry(
                        ByteBuffer.allocate(4).putInt(i).array(),
                        ByteBuffer.allocate(8)
                                .putLong(0x0a00_0000_0000_0000L + i)
                                .array()));
        return leaf.bytes();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "00",
                "007",
                "+1",
                "-5",
                "-",
                "",
                "1.0",
                "999999999999999999",
                "-999999999999999999",
                "1000000000000000000",
                "9223372036854775807",
                "-9223372036854775808",
                "1e3",
                "12345678901234567890"
            })
    void eachWayToWriteANumberStays(String number) throws MalformedEncodingException {
        Leaves leaf = new Leaves();
        for (int i = 0; i < 40; i++) {
            byte[] value = i % 3 == 0 ? Leaves.text(number) : i % 3 == 1 ? Leaves.text("17") : null;
            leaf.row(new byte[] {(byte) 0x81, (byte) i}, Arrays.asList(Leaves.text("filling"), value));
        }
        assertStays(leaf.bytes());
    }

    @Test
    void bytesThatEndTextsElsewhereStay() throws MalformedEncodingException {
        for (int octet = 0; octet < 4; octet++) {
            Leaves leaf = new Leaves();
            for (int i = 0; i < 40; i++) {
                byte[] value = i == 20 ? new byte[] {(byte) octet} : Leaves.text("text");
                leaf.row(new byte[] {(byte) 0x81, (byte) i}, Arrays.asList(value, null, value));
            }
            assertStays(leaf.bytes());
        }
    }

    @Test
    void entriesThatAreNoRowsStayBetweenRows() throws MalformedEncodingException {
        Leaves leaf = new Leaves();
        for (int i = 0; i < 60; i++) {
            byte[] key = {(byte) 0x81, (byte) i};
            if (i % 7 == 3) {
                leaf.entry(key, new byte[] {1, 2, 3, (byte) i});
            } else if (i % 7 == 5) {
                leaf.row(key, List.of(Leaves.text("fewer fields")));
            } else {
                leaf.row(key, List.of(Leaves.text("some"), Leaves.text("fields")));
            }
        }
        assertStays(leaf.bytes());
    }

    @Test
    void numbersWithNeedlessBytesStay() throws MalformedEncodingException {
        Leaves leaf = new Leaves();
        for (int i = 0; i < 60; i++) {
            byte[] key = {(byte) 0x81, (byte) i};
            if (i % 7 == 3) {
                leaf.entry(key, new byte[] {0, (byte) 0x84, 0, 'a', 'b'});
            } else {
                leaf.row(key, List.of(Leaves.text("text")));
            }
        }
        assertStays(leaf.bytes());
    }

    @Test
    void rowsWithLongTextsAreRows() throws MalformedEncodingException {
        Leaves leaf = new Leaves();
        for (int i = 0; i < 40; i++) {
            leaf.row(new byte[] {(byte) 0x81, (byte) i}, List.of(Leaves.text("text".repeat(30 + 25 * i))));
        }
        assertStays(leaf.bytes());
    }

    private void assertStays(byte[] leaf) throws MalformedEncodingException {
        ColumnSplitter.Columns columns = splitter.split(leaf, 0, leaf.length);
        assertThat(columns).isNotNull();
        assertThat(join(columns, leaf.length)).isEqualTo(leaf);
    }

    private byte[] join(ColumnSplitter.Columns columns, int plainLength) throws MalformedEncodingException {
        byte[] bytes = Arrays.copyOfRange(columns.bytes(), columns.begin(), columns.begin() + columns.length());
        return joined(bytes, bytes.length, plainLength);
    }

    private byte[] joined(byte[] columns, int length, int plainLength) throws MalformedEncodingException {
        byte[] leaf = new byte[plainLength];
        joiner.join(columns, length, leaf, plainLength);
        return leaf;
    }

    @Test
    void anyLeafIsWhatItsColumnsGive() throws MalformedEncodingException {
        long seed = Long.getLong("crmbackup.seed", 1);
        Random random = new Random(seed);
        int split = 0;
        for (int round = 0; round < 3_000; round++) {
            byte[] leaf = randomLeaf(random);
            if (round % 3 == 2) {
                leaf[random.nextInt(leaf.length)] = (byte) random.nextInt();
            }
            ColumnSplitter.Columns columns = splitter.split(leaf, 0, leaf.length);
            if (columns != null) {
                split++;
                assertThat(join(columns, leaf.length))
                        .as("seed %d, round %d", seed, round)
                        .isEqualTo(leaf);
            }
        }
        assertThat(split).as("seed %d", seed).isGreaterThan(1_000);
    }

    private static byte[] randomLeaf(Random random) {
        Leaves leaf = new Leaves();
        int fields = 1 + random.nextInt(6);
        int rows = 1 + random.nextInt(60);
        int keyLength = 1 + random.nextInt(12);
        long key = random.nextLong() & 0xffff;
        for (int row = 0; row < rows; row++) {
            key += random.nextInt(4) == 0 ? random.nextLong() >>> random.nextInt(64) : 1;
            byte[] keyBytes = new byte[random.nextInt(20) == 0 ? random.nextInt(20) : keyLength];
            for (int i = keyBytes.length - 1, shift = 0; i >= 0 && shift < 64; i--, shift += 8) {
                keyBytes[i] = (byte) (key >>> shift);
            }
            if (random.nextInt(15) == 0) {
                byte[] other = new byte[random.nextInt(9)];
                random.nextBytes(other);
                leaf.entry(keyBytes, other);
            } else {
                leaf.row(keyBytes, randomFields(random, fields));
            }
        }
        return leaf.bytes();
    }

    private static List<byte @Nullable []> randomFields(Random random, int fields) {
        List<byte @Nullable []> values = new ArrayList<>();
        for (int field = 0; field < fields; field++) {
            values.add(
                    switch (field % 4) {
                        case 0 -> Leaves.text(String.valueOf(random.nextInt(1000) - 100));
                        case 1 -> random.nextInt(3) == 0 ? null : Leaves.text(words(random));
                        case 2 ->
                            random.nextInt(9) == 0 ? null : Leaves.text("" + (random.nextLong() >> random.nextInt(64)));
                        default -> {
                            byte[] bytes = new byte[random.nextInt(200)];
                            random.nextBytes(bytes);
                            yield random.nextInt(40) == 0 ? bytes : new byte[] {5, 6};
                        }
                    });
        }
        return values;
    }

    @Test
    void alteredColumnsGiveAnotherLeafOrAreRefused() {
        long seed = Long.getLong("crmbackup.seed", 1);
        Random random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < 5_000; round++) {
            byte[] leaf = round % 2 == 0 ? table(20) : randomLeaf(random);
            ColumnSplitter.Columns columns = splitter.split(leaf, 0, leaf.length);
            if (columns != null) {
                byte[] bytes = Arrays.copyOfRange(columns.bytes(), columns.begin(), columns.begin() + columns.length());
                bytes[random.nextInt(Math.min(bytes.length, random.nextBoolean() ? 16 : bytes.length))] =
                        (byte) random.nextInt();
                try {
                    assertThat(joined(bytes, bytes.length - random.nextInt(2), leaf.length))
                            .hasSize(leaf.length);
                } catch (MalformedEncodingException e) {
                    refused++;
                } catch (RuntimeException e) {
                    throw new AssertionError("seed " + seed + ", round " + round, e);
                }
            }
        }
        assertThat(refused).as("seed %d", seed).isGreaterThan(500);
    }

    @Test
    void columnsThatGiveLessThanDeclaredOrHaveBytesLeftAreRefused() throws MalformedEncodingException {
        assertThat(joined(new byte[] {1, 1, 1, 2, 0, 1, 'k', 'a', 0}, 9, 8))
                .isEqualTo(new byte[] {0, 1, 1, 'k', 3, 0, 3, 'a'});
        assertRefused(9, 1, 1, 1, 2, 0, 1, 'k', 'a', 0);
        assertRefused(8, 1, 1, 1, 3, 0, 1, 'k', 'a', 0, 0);
        assertRefused(8, 1, 1, 1, 1, 0, 1, 'k', 'a');
        assertRefused(8, 1, 1, 1, 2, 0, 1, 'k', 'k', 'a', 0);
    }

    private void assertRefused(int plainLength, int... columns) {
        byte[] bytes = new byte[columns.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) columns[i];
        }
        assertThatThrownBy(() -> joined(bytes, bytes.length, plainLength))
                .isInstanceOf(MalformedEncodingException.class);
    }

    @Test
    void whatDecodesToOtherBytesIsNoticed() throws MalformedEncodingException {
        byte[] leaf = table(100);
        byte[] other = leaf.clone();
        other[leaf.length - 1]++;
        try (ChunkEncoder encoder = new ChunkEncoder(ChunkEncoder.Check.NONE);
                ChunkDecoder decoder = new ChunkDecoder()) {
            EncodedBytes encoded = encoder.encodeLeaf(leaf, 0, leaf.length);
            assertThat(decoder.gives(encoded, null, leaf, 0, leaf.length)).isTrue();
            assertThat(decoder.gives(encoded, null, other, 0, other.length)).isFalse();
        }
    }

    @Test
    void columnsLongerThanTheirLeafAreRefusedUnread() {
        byte[] leaf = table(200);
        try (ChunkEncoder encoder = new ChunkEncoder(ChunkEncoder.Check.NONE);
                ChunkDecoder decoder = new ChunkDecoder()) {
            EncodedBytes columns = encoder.encodeLeaf(leaf, 0, leaf.length);
            assertThatThrownBy(() -> decoder.decode(
                            ChunkCodec.ZSTD_COLUMNS, columns.bytes(), 0, columns.length(), leaf.length / 2))
                    .isInstanceOf(MalformedEncodingException.class)
                    .hasMessageContaining("columns");
        }
    }

    @Test
    void fewRowsOfManyFieldsStayInRows() {
        Leaves leaf = new Leaves();
        Random random = new Random(3);
        for (int i = 0; i < 50; i++) {
            leaf.row(
                    new byte[] {(byte) 0x81, (byte) i},
                    IntStream.range(0, 100)
                            .mapToObj(field -> Leaves.text(WORDS[random.nextInt(7)]))
                            .toList());
        }
        byte[] plain = leaf.bytes();
        try (ChunkEncoder encoder = new ChunkEncoder(ChunkEncoder.Check.DECODE_AND_COMPARE)) {
            assertThat(encoder.encodeLeaf(plain, 0, plain.length).codec()).isEqualTo(ChunkCodec.ZSTD);
        }
    }
}
