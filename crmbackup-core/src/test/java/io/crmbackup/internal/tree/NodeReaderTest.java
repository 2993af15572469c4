package io.crmbackup.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A node with the right id may still be wrong: written by a faulty program, or by someone who holds the key. */
class NodeReaderTest {
    private static final TreeParameters PARAMETERS = new TreeParameters(100, 240, 12, 1, 2);
    private static final byte[] A = {'a'};
    private static final byte[] B = {'b'};

    private final MemoryChunks chunks = new MemoryChunks();

    /** Writes nodes byte by byte, right or wrong. */
    private static final class Bytes {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Bytes(int level, int count) {
            out.write(level);
            number(count);
        }

        Bytes number(long number) {
            byte[] bytes = new byte[9];
            out.write(bytes, 0, ByteInput.put(bytes, 0, number));
            return this;
        }

        Bytes raw(int... octets) {
            Arrays.stream(octets).forEach(out::write);
            return this;
        }

        Bytes record(byte[] key, int valueLength) {
            number(key.length);
            out.writeBytes(key);
            number(valueLength);
            out.writeBytes(new byte[valueLength]);
            return this;
        }

        Bytes child(byte[] key, ChunkId id, long records, long bytes) {
            number(key.length);
            out.writeBytes(key);
            out.writeBytes(id.toBytes());
            return number(records).number(bytes);
        }

        byte[] toBytes() {
            return out.toByteArray();
        }
    }

    private void assertRefused(Bytes node, TreeRoot like, String why) {
        assertThatThrownBy(() -> scan(node, like))
                .isInstanceOf(DamagedObjectException.class)
                .hasMessageContaining(why);
    }

    private void scan(Bytes node, TreeRoot like) {
        ChunkType type = like.height() == 1 ? ChunkType.LEAF : ChunkType.INNER;
        ChunkId id = chunks.write(type, node.toBytes());
        TreeRoot root = new TreeRoot(like.height(), id, like.records(), like.bytes());
        TreeCursor cursor = new RecordTree(PARAMETERS, chunks).scan(root);
        while (cursor.next()) {
            assertThat(cursor.key()).isNotNull();
        }
    }

    private static TreeRoot root(int height, long records, long bytes) {
        return new TreeRoot(height, TreeRoot.EMPTY.id(), records, bytes);
    }

    @Test
    void wellFormedLeafIsRead() {
        assertThatCode(() -> scan(new Bytes(0, 2).record(A, 3).record(B, 0), root(1, 2, 21)))
                .doesNotThrowAnyException();
    }

    @Test
    void brokenLeavesAreRefused() {
        TreeRoot two = root(1, 2, 21);
        assertRefused(new Bytes(0, 2).record(B, 3).record(A, 0), two, "ascend");
        assertRefused(new Bytes(0, 2).record(A, 3).record(A, 0), two, "ascend");
        assertRefused(new Bytes(0, 2).record(A, 2).record(B, 0), two, "its parent says 2 of 21");
        assertRefused(new Bytes(0, 1).record(A, 12), two, "1 records of 21");
        assertRefused(new Bytes(0, 2).record(A, 3).record(B, 0).raw(0), two, "after its last entry");
        assertRefused(new Bytes(0, 2).record(A, 12), two, "too early");
        assertRefused(new Bytes(0, 200).record(A, 12), two, "200 entries");
        assertRefused(new Bytes(0, 0).record(A, 12), two, "0 entries");
        assertRefused(new Bytes(0, 1).raw(1, 'a', 100), two, "length of 100");
        assertRefused(new Bytes(0, 1).raw(100, 'a', 0), two, "length of 100");
        assertRefused(new Bytes(0, 1).record(new byte[13], 0), two, "key of 13");
        assertRefused(new Bytes(0, 1).raw(0x81, 0, 'a', 0), two, "needless");
        assertRefused(new Bytes(0, 1).raw(-1, -1, -1, -1, -1, -1, -1, -1, -1, 1), two, "63 bits");
        assertRefused(new Bytes(0, 1).raw(0x81, 0x81), two, "early");
        assertRefused(new Bytes(1, 2).record(A, 3).record(B, 0), two, "");
        assertRefused(new Bytes(63, 2).record(A, 3).record(B, 0), two, "level 63");
        assertRefused(new Bytes(0, 1).record(A, 6400), root(1, 1, 6409), "limit is 6400");
        assertThatCode(() -> scan(new Bytes(0, 1).record(A, 6391), root(1, 1, 6400)))
                .doesNotThrowAnyException();
    }

    private ChunkId leaf(byte[] key, int valueLength) {
        return chunks.write(
                ChunkType.LEAF, new Bytes(0, 1).record(key, valueLength).toBytes());
    }

    @Test
    void wellFormedInnerNodeIsRead() {
        assertThatCode(() -> scan(
                        new Bytes(1, 2).child(A, leaf(A, 100), 1, 109).child(B, leaf(B, 101), 1, 110), root(2, 2, 219)))
                .doesNotThrowAnyException();
    }

    @Test
    void brokenInnerNodesAreRefused() {
        TreeRoot two = root(2, 2, 218);
        ChunkId a = leaf(A, 100);
        ChunkId b = leaf(B, 100);
        assertRefused(new Bytes(1, 1).child(A, a, 2, 218), two, "single child");
        assertRefused(new Bytes(1, 2).child(A, a, 1, 109).child(B, a, 1, 109), two, "key that its parent names");
        assertRefused(new Bytes(1, 2).child(A, a, 1, 108).child(B, b, 1, 110), two, "its parent says 1 of 108");
        assertRefused(new Bytes(1, 2).child(A, a, 2, 109).child(B, b, 0, 109), two, "its parent says 2 of 109");
        assertRefused(new Bytes(1, 2).child(A, a, 1, 109).child(B, b, 1, 108), two, "2 records of 217");
        assertRefused(new Bytes(1, 2).child(A, a, 1, 109).child(B, leaf(B, 91), 1, 100), root(2, 2, 209), "too small");
        assertRefused(new Bytes(2, 2).child(A, a, 1, 109).child(B, b, 1, 109), two, "level 2 where level 1");
        assertRefused(new Bytes(1, 2).child(A, a, Long.MAX_VALUE, 109).child(B, b, 3, 109), two, "beyond 63 bits");
        ChunkId overlapping = chunks.write(
                ChunkType.LEAF, new Bytes(0, 2).record(A, 100).record(B, 0).toBytes());
        assertRefused(
                new Bytes(1, 2).child(A, overlapping, 2, 118).child(B, b, 1, 109),
                root(2, 3, 227),
                "belong to the node after");
    }

    @Test
    void boundReachesDownThroughTheLevels() {
        ChunkId inner = chunks.write(
                ChunkType.INNER,
                new Bytes(1, 5)
                        .child(new byte[] {'a', 0}, leaf(new byte[] {'a', 0}, 100), 1, 110)
                        .child(new byte[] {'a', 1}, leaf(new byte[] {'a', 1}, 100), 1, 110)
                        .child(new byte[] {'a', 2}, leaf(new byte[] {'a', 2}, 100), 1, 110)
                        .child(new byte[] {'a', 3}, leaf(new byte[] {'a', 3}, 100), 1, 110)
                        .child(new byte[] {'b', 1}, leaf(new byte[] {'b', 1}, 100), 1, 110)
                        .toBytes());
        assertRefused(
                new Bytes(2, 2).child(new byte[] {'a', 0}, inner, 5, 550).child(B, inner, 5, 550),
                root(3, 10, 1100),
                "belong to the node after");
    }

    @Test
    void missingNodeIsNamed() {
        TreeRoot missing = new TreeRoot(1, TreeRoot.EMPTY.id(), 1, 9);
        assertThatThrownBy(() -> new RecordTree(PARAMETERS, chunks).get(missing, A))
                .isInstanceOf(DamagedObjectException.class);
    }

    /** Whatever the bytes, reading them ends with records or with the one exception that says so. */
    @Test
    void anyDamageIsRefusedOrHarmless() {
        long seed = 5;
        SplittableRandom random = new SplittableRandom(seed);
        Bytes good = new Bytes(0, 5);
        for (int i = 0; i < 5; i++) {
            good.record(new byte[] {(byte) i, 7}, 20 * i);
        }
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = good.toBytes();
            for (int flips = random.nextInt(3); flips >= 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            bytes = Arrays.copyOf(bytes, bytes.length - random.nextInt(2) * random.nextInt(20));
            ChunkId id = chunks.write(ChunkType.LEAF, bytes);
            try {
                TreeCursor cursor = new RecordTree(PARAMETERS, chunks).scan(new TreeRoot(1, id, 5, 250));
                while (cursor.next()) {
                    assertThat(cursor.value().length).isLessThan(200);
                }
            } catch (DamagedObjectException e) {
                assertThat(e.object()).contains(id.toString());
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", case " + i, e);
            }
        }
    }
}
