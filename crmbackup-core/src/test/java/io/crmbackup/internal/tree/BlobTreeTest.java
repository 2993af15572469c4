package io.crmbackup.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BlobTreeTest {
    private final MemoryChunks chunks = new MemoryChunks();

    @Test
    void valueIsReadBackWhereverTheReaderGoes() throws IOException {
        for (long seed = 0; seed < 30; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] value = new byte[random.nextInt(1 << (2 + random.nextInt(16)))];
            random.nextBytes(value);
            BlobRef ref = store(value, random, 1 + random.nextInt(20));
            BlobReader reader = new BlobReader(BlobRef.of(ref.toBytes()), chunks);
            assertThat(reader.readAllBytes()).as("seed %d", seed).isEqualTo(value);
            for (int i = 0; i < 50; i++) {
                int from = random.nextInt(value.length + 1);
                int count = random.nextInt(100);
                reader.seek(from);
                assertThat(reader.readNBytes(count))
                        .as("seed %d, read %d", seed, i)
                        .isEqualTo(Arrays.copyOfRange(value, from, Math.min(value.length, from + count)));
            }
        }
    }

    private BlobRef store(byte[] value, SplittableRandom random, int longest) {
        BlobTreeBuilder builder = new BlobTreeBuilder(chunks);
        for (int at = 0; at < value.length; ) {
            int length = Math.min(value.length - at, 1 + random.nextInt(longest));
            builder.add(chunks.write(ChunkType.DATA, value, at, length), length);
            at += length;
        }
        return builder.finish();
    }

    @Test
    void emptyValueHasNoChunk() throws IOException {
        BlobRef ref = new BlobTreeBuilder(chunks).finish();
        assertThat(ref).isEqualTo(BlobRef.EMPTY).isEqualTo(BlobRef.of(ref.toBytes()));
        assertThat(new BlobReader(ref, chunks).read()).isEqualTo(-1);
        assertThat(chunks.size()).isZero();
    }

    @Test
    void onePieceIsTheValueItself() {
        BlobTreeBuilder builder = new BlobTreeBuilder(chunks);
        ChunkId piece = chunks.write(ChunkType.DATA, new byte[7]);
        builder.add(piece, 7);
        assertThat(builder.finish()).isEqualTo(new BlobRef(7, 0, piece));
        assertThat(chunks.size()).isOne();
    }

    @Test
    void referenceAlwaysHasTheSameLength() {
        assertThat(BlobRef.BYTES).isEqualTo(41);
        assertThat(new BlobRef(Long.MAX_VALUE, 12, ChunkId.of(new byte[32])).toBytes())
                .hasSize(41);
        assertThatThrownBy(() -> BlobRef.of(new byte[40])).isInstanceOf(IllegalArgumentException.class);
        byte[] negative = BlobRef.EMPTY.toBytes();
        negative[0] = -1;
        assertThatThrownBy(() -> BlobRef.of(negative)).isInstanceOf(IllegalArgumentException.class);
        byte[] emptyWithRoot = BlobRef.EMPTY.toBytes();
        emptyWithRoot[20] = 1;
        assertThatThrownBy(() -> BlobRef.of(emptyWithRoot)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void millionEqualPiecesShareTheirPages() throws IOException {
        byte[] zeros = new byte[1 << 20];
        ChunkId piece = chunks.write(ChunkType.DATA, zeros);
        BlobTreeBuilder builder = new BlobTreeBuilder(chunks);
        for (int i = 0; i < 1 << 20; i++) {
            builder.add(piece, zeros.length);
        }
        BlobRef ref = builder.finish();
        assertThat(ref.length()).isEqualTo(1L << 40);
        assertThat(chunks.size()).isLessThan(10);
        BlobReader reader = new BlobReader(ref, chunks);
        chunks.forgetCounts();
        assertThat(reader.skip((1L << 40) - 5)).isEqualTo((1L << 40) - 5);
        assertThat(reader.readAllBytes()).hasSize(5);
        assertThat(chunks.allReads()).isEqualTo(ref.depth() + 1);
    }

    @Test
    void insertedPieceLeavesMostPagesAsTheyAre() {
        List<ChunkId> pieces = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            pieces.add(chunks.write(ChunkType.DATA, Integer.toString(i).getBytes(StandardCharsets.US_ASCII)));
        }
        BlobRef before = build(pieces);
        Set<ChunkId> old = pages(before);
        assertThat(old).hasSizeBetween(400, 700);
        pieces.add(50_000, chunks.write(ChunkType.DATA, new byte[] {1}));
        BlobRef after = build(pieces);
        Set<ChunkId> changed = pages(after);
        changed.removeAll(old);
        assertThat(changed).hasSizeBetween(1, 6 * after.depth());
    }

    private BlobRef build(List<ChunkId> pieces) {
        BlobTreeBuilder builder = new BlobTreeBuilder(chunks);
        pieces.forEach(piece -> builder.add(piece, 10));
        return builder.finish();
    }

    private Set<ChunkId> pages(BlobRef ref) {
        Set<ChunkId> pages = new HashSet<>();
        new BlobWalk(chunks).walk(ref, (id, level, length) -> level > 0 && pages.add(id));
        return pages;
    }

    @Test
    void pagesEndAtTheSmallestIdsOnly() {
        ChunkId ends = ChunkId.parse("0000000000000080" + "0".repeat(48));
        ChunkId doesNot = ChunkId.parse("0000000000000001" + "0".repeat(48));
        assertThat(BlobPage.endsAfter(63, ends)).isFalse();
        assertThat(BlobPage.endsAfter(64, ends)).isTrue();
        assertThat(BlobPage.endsAfter(1023, doesNot)).isFalse();
        assertThat(BlobPage.endsAfter(1024, doesNot)).isTrue();
    }

    @Test
    void walkVisitsPiecesInOrderAndLeavesOutWhatIsRefused() {
        SplittableRandom random = new SplittableRandom(1);
        byte[] value = new byte[5000];
        random.nextBytes(value);
        BlobRef ref = store(value, random, 10);
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        new BlobWalk(chunks).walk(ref, (id, level, length) -> {
            if (level == 0) {
                byte[] piece = chunks.read(id, ChunkType.DATA);
                assertThat(length).isEqualTo(piece.length);
                read.writeBytes(piece);
            }
            return true;
        });
        assertThat(read.toByteArray()).isEqualTo(value);
        chunks.forgetCounts();
        new BlobWalk(chunks).walk(ref, (id, level, length) -> false);
        assertThat(chunks.allReads()).isZero();
    }

    @Test
    void pageThatBreaksTheFormatIsRefused() {
        ChunkId piece = chunks.write(ChunkType.DATA, new byte[10]);
        byte[] good = page(1, 2, piece, 10, 2);
        assertThat(reading(good, 20, 1)).isNull();
        assertThat(reading(good, 21, 1)).contains("says 21");
        assertThat(reading(good, 20, 2)).contains("level");
        assertThat(reading(page(1, 1, piece, 10, 1), 10, 1)).contains("single");
        assertThat(reading(page(1, 3, piece, 10, 2), 20, 1)).contains("early");
        assertThat(reading(page(1, 1, piece, 10, 2), 10, 1)).contains("after its last");
        assertThat(reading(page(1, 0, piece, 10, 0), 10, 1)).contains("0 entries");
        assertThat(reading(page(1, 2000, piece, 10, 2), 10, 1)).contains("entries");
        assertThat(reading(page(1, 2, piece, 0, 2), 10, 1)).contains("0 bytes");
        assertThat(reading(page(1, 2, piece, 11, 2), 22, 1)).contains("10 bytes");
        assertThat(reading(new byte[0], 10, 1)).contains("early");
    }

    private String reading(byte[] page, long length, int depth) {
        BlobRef ref = new BlobRef(length, depth, chunks.write(ChunkType.BLOB, page));
        try {
            new BlobReader(ref, chunks).readAllBytes();
            return null;
        } catch (DamagedObjectException e) {
            return e.getMessage();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] page(int level, int count, ChunkId id, int length, int entries) {
        byte[] page = new byte[100];
        page[0] = (byte) level;
        int at = ByteInput.put(page, 1, count);
        for (int i = 0; i < entries; i++) {
            id.copyTo(page, at);
            at = ByteInput.put(page, at + ChunkId.LENGTH, length);
        }
        return Arrays.copyOf(page, at);
    }

    @Test
    void misuseIsRefused() {
        BlobTreeBuilder builder = new BlobTreeBuilder(chunks);
        ChunkId piece = chunks.write(ChunkType.DATA, new byte[1]);
        assertThatThrownBy(() -> builder.add(piece, 0)).isInstanceOf(IllegalArgumentException.class);
        builder.add(piece, 1);
        BlobReader reader = new BlobReader(builder.finish(), chunks);
        assertThatThrownBy(builder::finish).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> builder.add(piece, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> reader.seek(2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> reader.seek(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
