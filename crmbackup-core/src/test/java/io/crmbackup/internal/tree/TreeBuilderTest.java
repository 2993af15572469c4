package io.crmbackup.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.error.LimitExceededException;
import io.crmbackup.internal.hash.ChunkHasher;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class TreeBuilderTest {
    private static final TreeParameters PARAMETERS = TreeParameters.of(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

    /**
     * If these change, stored repositories no longer compare: the format has been broken. The ids come from another implementation, written
     * from the format's description.
     */
    @Test
    void fixedRecordsHaveFixedRoots() {
        assertThat(golden(0)).isEqualTo(TreeRoot.EMPTY);
        assertThat(golden(1).id()).hasToString("410ae7580dcd2a56d53a89f615fde32bb263018d125c934677641cb3a4a2dfbe");
        assertThat(golden(1000).id()).hasToString("63c5fd6b6e33a9a7aea301e6a1e7577098e4ef650dd7cc0479a63eff3d74fa24");
        TreeRoot large = golden(100_000);
        assertThat(large.id()).hasToString("0a8eae85e36ad619090393ac1efb50ec4698c3f6e1b661657c44778661c239f8");
        assertThat(large.height()).isEqualTo(2);
        assertThat(large.bytes()).isEqualTo(100_000L * (9 + 96 + 8));
    }

    /** Keys row000000, row000001 …; the value is the key's text eleven times, cut to 96 bytes. */
    private static TreeRoot golden(int records) {
        ChunkHasher hasher = new ChunkHasher(new byte[32]);
        TreeBuilder builder = new TreeBuilder(PARAMETERS, hasher::id);
        for (int i = 0; i < records; i++) {
            String key = String.format(Locale.ROOT, "row%06d", i);
            builder.add(
                    key.getBytes(StandardCharsets.US_ASCII),
                    key.repeat(11).substring(0, 96).getBytes(StandardCharsets.US_ASCII));
        }
        return builder.finish();
    }

    @Test
    void treeOfUnstoredChunksHasTheSameRoot() {
        MemoryChunks chunks = new MemoryChunks();
        TreeRoot stored = Rows.build(PARAMETERS, chunks, 0, 2000);
        TreeBuilder other = new TreeBuilder(PARAMETERS, chunks.unstored());
        for (int i = 0; i < 2000; i++) {
            other.add(Rows.key(i * Rows.GAP), Rows.value(i));
        }
        assertThat(other.finish()).isEqualTo(stored);
    }

    @Test
    void anotherSecretGivesAnotherTree() {
        MemoryChunks chunks = new MemoryChunks();
        assertThat(Rows.build(TreeParameters.of(1, 2), chunks, 0, 2000))
                .isNotEqualTo(Rows.build(TreeParameters.of(1, 3), chunks, 0, 2000));
    }

    @Test
    void keysOutOfOrderAreRefused() {
        TreeBuilder builder = new TreeBuilder(PARAMETERS, new MemoryChunks());
        builder.add(new byte[] {(byte) 0x80}, new byte[0]);
        for (byte[] key : new byte[][] {{(byte) 0x80}, {0x7f}, {}}) {
            assertThatThrownBy(() -> builder.add(key, new byte[0]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("ascend");
        }
        builder.add(new byte[] {(byte) 0x80, 0}, new byte[0]);
        assertThat(builder.finish().records()).isEqualTo(2);
    }

    @Test
    void keyLongerThanTheLargestIsRefused() {
        TreeBuilder builder = new TreeBuilder(PARAMETERS, new MemoryChunks());
        builder.add(new byte[1024], new byte[0]);
        assertThatThrownBy(() -> builder.add(new byte[1025], new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1025");
    }

    @Test
    void nothingCanBeAddedToAFinishedTree() {
        TreeBuilder builder = new TreeBuilder(PARAMETERS, new MemoryChunks());
        builder.finish();
        assertThatThrownBy(builder::finish).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> builder.add(new byte[0], new byte[0])).isInstanceOf(IllegalStateException.class);
    }

    /** Hashes that only climb cut nowhere; nobody without the secret can have them. The builder gives up instead of the heap. */
    @Test
    void nodeBeyondTheLimitIsRefusedWhileItGrows() {
        TreeParameters parameters = new TreeParameters(1000, 240, 12, 0, 0);
        BoundaryRule climbing =
                new BoundaryRule(parameters, (level, source, offset, length) -> prefix(source, offset, length), 64);
        MemoryChunks chunks = new MemoryChunks();
        TreeBuilder builder = new TreeBuilder(climbing, chunks);
        int[] added = {0};
        assertThatThrownBy(() -> {
                    for (; added[0] < 100_000; added[0]++) {
                        builder.add(Rows.key(added[0]), new byte[84]);
                    }
                })
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("64000");
        assertThat(added[0]).isBetween(640, 642);
        assertThat(chunks.size()).isZero();
    }

    private static long prefix(byte[] source, int offset, int length) {
        return ByteBuffer.wrap(source, offset, length).getLong();
    }

    @Test
    void nodeOfExactlyTheLimitIsWritten() {
        TreeParameters parameters = new TreeParameters(1000, 240, 12, 0, 0);
        BoundaryRule constant = new BoundaryRule(parameters, (level, source, offset, length) -> 0, 64);
        MemoryChunks chunks = new MemoryChunks();
        TreeBuilder builder = new TreeBuilder(constant, chunks);
        for (int i = 0; i < 640; i++) {
            builder.add(Rows.key(i), new byte[84]);
        }
        TreeRoot root = builder.finish();
        assertThat(root.bytes()).isEqualTo(64_000);
        TreeCursor cursor = new RecordTree(constant, chunks).scan(root);
        assertThat(cursor.next()).isTrue();
    }

    @Test
    void parametersAreChecked() {
        assertThatThrownBy(() -> new TreeParameters(1000, 4 * (100 + 48) - 1, 100, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("591")
                .hasMessageContaining("592");
        assertThat(new TreeParameters(1000, 4 * (100 + 48), 100, 0, 0).innerRadius())
                .isEqualTo(592);
        assertThatThrownBy(() -> new TreeParameters(0, 6144, 100, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TreeParameters((1 << 16) + 1, 6144, 100, 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TreeParameters(1000, 6144, 0, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThat(PARAMETERS.leafRadius()).isEqualTo(32_768);
        assertThat(PARAMETERS.innerRadius()).isEqualTo(6_144);
        assertThat(PARAMETERS.largestKey()).isEqualTo(1_024);
    }

    @Test
    void nodeSizesAreAsDocumented() {
        MemoryChunks chunks = new MemoryChunks();
        TreeRoot root = Rows.build(TreeParameters.of(5, 6), chunks, 0, 200_000);
        long[] sizes = new long[2];
        int[] nodes = new int[2];
        long[] largest = new long[2];
        NodeReader reader = new NodeReader(BoundaryRule.of(TreeParameters.of(5, 6)), chunks);
        for (int level = 0; level < 2; level++) {
            for (Place place = Place.of(root, reader).first(level); place != null; place = place.next()) {
                sizes[level] += place.open().size();
                largest[level] = Math.max(largest[level], place.open().size());
                nodes[level]++;
            }
        }
        assertThat(sizes[0] / (double) nodes[0] / 32_768).isBetween(1.9, 2.15);
        assertThat(sizes[1] / (double) nodes[1] / 6_144).isBetween(1.5, 2.6);
        assertThat(largest[0]).isLessThan(10 * 32_768);
    }
}
