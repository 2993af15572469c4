package io.crmbackup.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.internal.hash.ChunkType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** What operations on a million rows read and write, counted in nodes. */
@TestInstance(Lifecycle.PER_CLASS)
class CostTest {
    private static final int ROWS = 1_000_000;
    private static final int EDITS = 1000;

    private final TreeParameters parameters = TreeParameters.of(42, 43);
    private final MemoryChunks chunks = new MemoryChunks();
    private TreeRoot root = TreeRoot.EMPTY;

    @BeforeAll
    void build() {
        root = Rows.build(parameters, chunks, 0, ROWS);
    }

    /** Nodes written and read per level over many single edits. */
    private static final class Cost {
        private final int[] written = new int[8];
        private final int[] read = new int[8];
        private int mostWritten;
        private int mostRead;
        private int operations;

        void add(MemoryChunks chunks, int height) {
            operations++;
            for (int level = 0; level < height; level++) {
                written[level] += chunks.writes(level);
                read[level] += chunks.reads(level);
                mostWritten = Math.max(mostWritten, chunks.writes(level));
                mostRead = Math.max(mostRead, chunks.reads(level));
            }
        }

        double written(int level) {
            return written[level] / (double) operations;
        }

        double read(int level) {
            return read[level] / (double) operations;
        }
    }

    private Cost edit(LongFunction<TreeEdit> edits) {
        Cost cost = new Cost();
        SplittableRandom random = new SplittableRandom(9);
        for (int i = 0; i < EDITS; i++) {
            TreeEdit edit = edits.apply(random.nextLong(ROWS));
            chunks.forgetCounts();
            apply(root, List.of(edit));
            cost.add(chunks, root.height());
        }
        return cost;
    }

    private TreeRoot apply(TreeRoot tree, List<TreeEdit> edits) {
        return new TreeEditor(parameters, chunks, chunks).apply(tree, edits.iterator());
    }

    private void assertTypical(Cost cost) {
        for (int level = 0; level < root.height(); level++) {
            assertThat(cost.written(level)).as("written on level %d", level).isBetween(0.99, 1.1);
            assertThat(cost.read(level)).as("read on level %d", level).isBetween(0.99, 1.1);
        }
        assertThat(cost.mostWritten).isLessThanOrEqualTo(4);
        assertThat(cost.mostRead).isLessThanOrEqualTo(4);
    }

    @Test
    void millionRowsMakeThreeLevels() {
        assertThat(root.height()).isEqualTo(3);
        assertThat(root.records()).isEqualTo(ROWS);
    }

    @Test
    void updateRewritesOneNodePerLevel() {
        assertTypical(edit(i -> TreeEdit.put(Rows.key(i * Rows.GAP), Rows.value(~i))));
    }

    @Test
    void insertRewritesOneNodePerLevel() {
        assertTypical(edit(i -> TreeEdit.put(Rows.key(i * Rows.GAP + 1 + i % 255), Rows.value(~i))));
    }

    @Test
    void removalRewritesOneNodePerLevel() {
        assertTypical(edit(i -> TreeEdit.remove(Rows.key(i * Rows.GAP))));
    }

    @Test
    void growthToFourKibibytesRewritesOneNodePerLevel() {
        assertTypical(edit(i -> TreeEdit.put(Rows.key(i * Rows.GAP), new byte[4096])));
    }

    @Test
    void removalOfANodesFirstRecordRewritesAtMostFourNodesPerLevel() {
        Cost cost = edit(i -> TreeEdit.remove(firstKeyOfLeaf(Rows.key(i * Rows.GAP))));
        assertThat(cost.written(0)).isBetween(1.5, 2.2);
        assertThat(cost.written(1)).isBetween(0.99, 1.2);
        assertThat(cost.mostWritten).isLessThanOrEqualTo(4);
        assertThat(cost.mostRead).isLessThanOrEqualTo(4);
    }

    private byte[] firstKeyOfLeaf(byte[] key) {
        return Place.of(root, new NodeReader(BoundaryRule.of(parameters), chunks))
                .floor(key, 0)
                .key();
    }

    @Test
    void hundredChangesReadAndWriteLittleMoreThanHundredNodes() {
        List<TreeEdit> edits = changes(100);
        chunks.forgetCounts();
        TreeRoot changed = apply(root, edits);
        assertThat(chunks.reads()).isBetween(90, 130);
        assertThat(chunks.writes()).isBetween(90, 130);

        chunks.forgetCounts();
        assertThat(differences(root, changed)).isEqualTo(100);
        assertThat(chunks.reads()).isBetween(180, 260);
        assertThat(chunks.allReads()).isLessThanOrEqualTo(4 * 100 * root.height());
    }

    /** As many updates as inserts as removals. */
    private List<TreeEdit> changes(int count) {
        SplittableRandom random = new SplittableRandom(5);
        TreeMap<byte[], TreeEdit> edits = new TreeMap<>(Arrays::compareUnsigned);
        while (edits.size() < count) {
            long row = random.nextInt(ROWS);
            TreeEdit edit = switch (edits.size() % 3) {
                case 0 -> TreeEdit.put(Rows.key(row * Rows.GAP), Rows.value(~row));
                case 1 -> TreeEdit.put(Rows.key(row * Rows.GAP + 1), Rows.value(row));
                default -> TreeEdit.remove(Rows.key(row * Rows.GAP));
            };
            edits.putIfAbsent(edit.key(), edit);
        }
        return new ArrayList<>(edits.values());
    }

    private int differences(TreeRoot before, TreeRoot after) {
        TreeDiff diff = new TreeDiff(parameters, chunks, before, after);
        int count = 0;
        while (diff.next()) {
            count++;
        }
        return count;
    }

    @Test
    void equalTreesAreComparedUnread() {
        chunks.forgetCounts();
        assertThat(differences(root, root)).isZero();
        assertThat(chunks.allReads()).isZero();
    }

    @Test
    void noEditsReadAndWriteNothing() {
        chunks.forgetCounts();
        assertThat(apply(root, List.of())).isEqualTo(root);
        assertThat(chunks.allReads()).isZero();
        assertThat(chunks.writes()).isZero();
    }

    @Test
    void editThatChangesNothingWritesNothing() {
        chunks.forgetCounts();
        assertThat(apply(root, List.of(TreeEdit.put(Rows.key(4711 * Rows.GAP), Rows.value(4711)))))
                .isEqualTo(root);
        assertThat(apply(root, List.of(TreeEdit.remove(Rows.key(1))))).isEqualTo(root);
        assertThat(chunks.writes()).isZero();
    }

    @Test
    void nodeThatStaysTheSameIsNotPutIntoItsParent() {
        List<ChunkType> writes = new ArrayList<>();
        TreeEdit same = TreeEdit.put(Rows.key(4711 * Rows.GAP), Rows.value(4711));
        new TreeEditor(parameters, chunks, (type, plain, offset, length) -> {
                    writes.add(type);
                    return chunks.write(type, plain, offset, length);
                })
                .apply(root, List.of(same).iterator());
        assertThat(writes).containsExactly(ChunkType.LEAF);
    }

    @Test
    void undoneEditGivesTheOldRoot() {
        byte[] key = Rows.key(4711 * Rows.GAP);
        TreeRoot changed = apply(root, List.of(TreeEdit.put(key, new byte[100])));
        assertThat(changed).isNotEqualTo(root);
        assertThat(apply(changed, List.of(TreeEdit.put(key, Rows.value(4711))))).isEqualTo(root);
    }

    @Test
    void lookUpReadsOneNodePerLevel() {
        chunks.forgetCounts();
        RecordTree tree = new RecordTree(parameters, chunks);
        assertThat(tree.get(root, Rows.key(77 * Rows.GAP)))
                .hasValueSatisfying(v -> assertThat(v).isEqualTo(Rows.value(77)));
        assertThat(chunks.allReads()).isEqualTo(3);
        assertThat(tree.get(root, Rows.key(77 * Rows.GAP + 1))).isEmpty();
        assertThat(tree.get(root, new byte[0])).isEmpty();
    }

    @Test
    void joinReadsAndWritesAroundTheSeamOnly() {
        int middle = ROWS / 3;
        TreeRoot left = Rows.build(parameters, chunks, 0, middle);
        TreeRoot right = Rows.build(parameters, chunks, middle, ROWS);
        chunks.forgetCounts();
        assertThat(new TreeEditor(parameters, chunks, chunks).join(List.of(left, right)))
                .isEqualTo(root);
        assertThat(chunks.reads()).isLessThanOrEqualTo(4 * root.height());
        assertThat(chunks.reads(0)).isLessThanOrEqualTo(3);
    }

    /** While every row changes, leaves must leave the editor about as fast as they come in. */
    @Test
    void editorHoldsFewNodesWhileEveryRecordChanges() {
        int[] most = {0};
        long[] taken = {0};
        long[] written = {0};
        MemoryChunks fresh = new MemoryChunks();
        TreeRoot start = Rows.build(parameters, fresh, 0, ROWS / 10);
        fresh.forgetCounts();
        Iterator<TreeEdit> edits = IntStream.range(0, ROWS / 10)
                .mapToObj(i -> {
                    byte[] value = Rows.value(~(long) i);
                    taken[0] += Long.BYTES + value.length;
                    return TreeEdit.put(Rows.key(i * Rows.GAP), value);
                })
                .iterator();
        TreeRoot end = new TreeEditor(parameters, fresh, (type, plain, offset, length) -> {
                    most[0] = Math.max(most[0], fresh.reads(0) - fresh.writes(0));
                    written[0] += type == ChunkType.LEAF ? length : 0;
                    assertThat(taken[0] - written[0]).as("bytes that wait").isLessThan(512 << 10);
                    return fresh.write(type, plain, offset, length);
                })
                .apply(start, edits);
        assertThat(end.records()).isEqualTo(ROWS / 10);
        assertThat(fresh.writes(0)).isGreaterThan(300);
        assertThat(most[0]).isLessThanOrEqualTo(20);
    }
}
