package io.crmbackup.internal.pack;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.internal.codec.ChunkCodec;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.object.Envelope;
import io.crmbackup.internal.object.MemorySink;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.Padding;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PackTest {
    private final Packs packs = new Packs();

    @AfterEach
    void close() {
        packs.close();
    }

    @ParameterizedTest
    @EnumSource(ChunkType.class)
    void chunksOfEveryTypeAndSizeComeBack(ChunkType type) {
        List<byte[]> chunks = new ArrayList<>();
        for (int length : new int[] {0, 1, 31, 32, 33, 100, 16_383, 16_384, 16_385, 65_536, 300_000}) {
            chunks.add(Packs.random(length, length));
            chunks.add(Packs.text(length, length));
        }
        List<ChunkCopy> copies = packs.write(type, chunks.toArray(byte[][]::new));
        assertThat(copies).hasSameSizeAs(chunks);
        for (int i = 0; i < chunks.size(); i++) {
            assertThat(packs.reader.read(copies.get(i), Packs.NONE))
                    .as("chunk %d", i)
                    .isEqualTo(chunks.get(i));
            assertThat(copies.get(i).type()).isEqualTo(type);
        }
    }

    @Test
    void largestChunksComeBack() {
        byte[] dense = Packs.random(1, ChunkCodec.MAX_PLAIN_LENGTH);
        byte[] zeros = new byte[ChunkCodec.MAX_PLAIN_LENGTH];
        List<ChunkCopy> copies = packs.write(ChunkType.DATA, dense, zeros, Packs.random(2, dense.length));
        assertThat(packs.reader.read(copies.get(0), Packs.NONE)).isEqualTo(dense);
        assertThat(packs.reader.read(copies.get(1), Packs.NONE)).isEqualTo(zeros);
        assertThat(copies.get(1).length()).isLessThan(2_000);
        assertThat(packs.stored).as("no pack exceeds its target").hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4})
    void manyChunksFillManyPacks(int threads) {
        List<byte[]> chunks = new ArrayList<>();
        try (PackWriter writer = packs.writer(threads)) {
            for (int i = 0; i < 900; i++) {
                byte[] chunk = i % 3 == 0 ? Packs.text(i, 40_000) : Packs.random(i, 50_000);
                ChunkType type = i % 5 == 0 ? ChunkType.LEAF : ChunkType.DATA;
                chunks.add(chunk);
                writer.write(packs.id(type, chunk), type, chunk);
            }
            writer.flush();
        }
        int seen = 0;
        for (StoredPack pack : packs.stored) {
            assertThat(pack.copies().stream().map(copy -> copy.type().isNode()).distinct())
                    .as("data and nodes lie in separate packs")
                    .hasSize(1);
            for (ChunkCopy copy : pack.copies()) {
                byte[] plain = packs.reader.read(copy, Packs.NONE);
                assertThat(packs.id(copy.type(), plain)).isEqualTo(copy.id());
                seen++;
            }
        }
        assertThat(seen).isEqualTo(chunks.size());
        assertThat(packs.stored).hasSizeBetween(3, 5);
    }

    @Test
    void directoryAndScanTellTheSame() {
        List<ChunkCopy> copies =
                packs.write(ChunkType.LEAF, Packs.text(1, 5_000), Packs.random(2, 70_000), new byte[0]);
        ObjectId pack = copies.get(0).pack();
        Packs.Found found = new Packs.Found();
        packs.reader.scan(pack, Packs.NONE, found);
        assertThat(found.damages).isEmpty();
        assertThat(found.copies).isEqualTo(copies);
        assertThat(found.plain.get(1)).isEqualTo(Packs.random(2, 70_000));
        assertThat(packs.reader.directory(pack)).isEqualTo(packs.stored.get(0));
    }

    @Test
    void sizesOfPacksAreSizeClasses() {
        for (int length : new int[] {0, 1, 1_000, 12_345, 123_456, 1_234_567}) {
            packs.write(ChunkType.DATA, Packs.random(length, length));
        }
        assertThat(packs.sink.objects.values())
                .hasSize(6)
                .allSatisfy(object -> assertThat(Padding.padded(object.length)).isEqualTo(object.length));
    }

    @Test
    void packsStayWithinTheSizeClassThatTheyFill() {
        byte[][] chunks = new byte[450][];
        for (int i = 0; i < chunks.length; i++) {
            chunks[i] = Packs.random(i, 80_000 + 97 * i);
        }
        packs.write(ChunkType.DATA, chunks);
        assertThat(packs.stored.stream().map(StoredPack::length))
                .startsWith(16L << 20, 16L << 20)
                .allSatisfy(length -> assertThat(length).isLessThanOrEqualTo(16L << 20));
    }

    @Test
    void entriesOfManySmallChunksCountForTheSizeOfAPack() {
        byte[][] chunks = new byte[40_000][];
        for (int i = 0; i < chunks.length; i++) {
            chunks[i] = Packs.random(i, 420);
        }
        packs.write(ChunkType.DATA, chunks);
        assertThat(packs.stored.stream().map(StoredPack::length))
                .allSatisfy(length -> assertThat(length).isLessThanOrEqualTo(16L << 20));
    }

    @Test
    void nothingPlainIsStored() {
        String canary = "canary-7f3e1c";
        byte[] chunk = canary.repeat(3).getBytes(StandardCharsets.US_ASCII);
        List<ChunkCopy> copies = packs.write(ChunkType.DATA, chunk, Packs.random(1, 100));
        String stored = new String(packs.sink.objects.values().iterator().next(), StandardCharsets.ISO_8859_1);
        assertThat(stored).doesNotContain(canary);
        assertThat(stored).doesNotContain(new String(copies.get(0).id().toBytes(), 0, 8, StandardCharsets.ISO_8859_1));
    }

    @Test
    void randomBytesThatRepeatGiveOtherKeysForOtherChunks() {
        List<byte[]> salts = new ArrayList<>();
        for (byte[] chunk : new byte[][] {Packs.random(1, 100), Packs.random(2, 100)}) {
            try (Packs clone = new Packs(new MemorySink(), new FixedRandom())) {
                clone.write(ChunkType.DATA, chunk);
                byte[] object = clone.sink.objects.get("packs/00/" + "00".repeat(16));
                salts.add(Arrays.copyOfRange(object, Envelope.LENGTH, Envelope.LENGTH + RecordLayout.SALT));
            }
        }
        assertThat(salts.get(0)).isNotEqualTo(salts.get(1));
    }

    /** A random generator as bad as can be. */
    private static final class FixedRandom extends SecureRandom {
        private static final long serialVersionUID = 1L;

        @Override
        public void nextBytes(byte[] bytes) {
            Arrays.fill(bytes, (byte) 0);
        }
    }
}
