package io.crmbackup.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.error.LimitExceededException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The places where editing goes wrong first, one by one; each result is compared with a fresh build. */
class TreeEditorTest {
    private static final int ROWS = 3000;

    private final TreeParameters parameters = new TreeParameters(400, 240, 12, 1, 2);
    private final BoundaryRule rule = BoundaryRule.of(parameters);
    private final MemoryChunks chunks = new MemoryChunks();
    private final TreeMap<byte[], byte[]> rows = rows(0, ROWS);
    private final TreeRoot root = build(rows);

    private static TreeMap<byte[], byte[]> rows(int from, int to) {
        TreeMap<byte[], byte[]> rows = new TreeMap<>(Arrays::compareUnsigned);
        IntStream.range(from, to).forEach(i -> rows.put(Rows.key(i * Rows.GAP), new byte[i * 7 % 60]));
        return rows;
    }

    private TreeRoot build(SortedMap<byte[], byte[]> records) {
        TreeBuilder builder = new TreeBuilder(parameters, chunks);
        records.forEach(builder::add);
        return builder.finish();
    }

    private TreeEditor editor() {
        return new TreeEditor(parameters, chunks, chunks);
    }

    private TreeRoot assertApplied(List<TreeEdit> edits) {
        TreeMap<byte[], byte[]> expected = new TreeMap<>(rows);
        for (TreeEdit edit : edits) {
            if (edit.value() == null) {
                expected.remove(edit.key());
            } else {
                expected.put(edit.key(), edit.value());
            }
        }
        TreeRoot result = editor().apply(root, edits.iterator());
        assertThat(result).isEqualTo(build(expected));
        return result;
    }

    private static List<TreeEdit> removals(Iterable<byte[]> keys) {
        List<TreeEdit> edits = new ArrayList<>();
        keys.forEach(key -> edits.add(TreeEdit.remove(key)));
        return edits;
    }

    /** The first keys of all nodes of a level. */
    private List<byte[]> firstKeys(int level) {
        List<byte[]> keys = new ArrayList<>();
        Place place = Place.of(root, new NodeReader(rule, chunks)).first(level);
        for (; place != null; place = place.next()) {
            keys.add(place.key());
        }
        return keys;
    }

    @Test
    void treeIsHighEnoughToTestOn() {
        assertThat(root.height()).isGreaterThanOrEqualTo(4);
        assertThat(firstKeys(0)).hasSizeGreaterThan(100);
    }

    @Test
    void firstRecordOfAnyNodeCanBeRemoved() {
        for (byte[] key : firstKeys(0)) {
            assertApplied(removals(List.of(key)));
        }
    }

    @Test
    void firstRecordsOfAllNodesCanBeRemoved() {
        assertApplied(removals(firstKeys(0)));
        assertApplied(removals(firstKeys(1)));
    }

    @Test
    void anyNodeCanBeEmptied() {
        List<byte[]> keys = firstKeys(0);
        for (int i = 0; i + 1 < keys.size(); i++) {
            assertApplied(removals(rows.subMap(keys.get(i), keys.get(i + 1)).keySet()));
        }
        assertApplied(removals(rows.tailMap(keys.get(keys.size() - 1)).keySet()));
    }

    @Test
    void threeNodesInARowCanBeEmptied() {
        List<byte[]> keys = firstKeys(0);
        for (int i = 0; i + 3 < keys.size(); i++) {
            assertApplied(removals(rows.subMap(keys.get(i), keys.get(i + 3)).keySet()));
        }
    }

    @Test
    void everythingCanBeRemoved() {
        assertThat(assertApplied(removals(rows.keySet()))).isEqualTo(TreeRoot.EMPTY);
    }

    @Test
    void everythingButOneRecordCanBeRemoved() {
        for (byte[] kept : List.of(rows.firstKey(), rows.lastKey(), Rows.key(ROWS / 2 * Rows.GAP))) {
            TreeMap<byte[], byte[]> others = new TreeMap<>(rows);
            others.remove(kept);
            assertThat(assertApplied(removals(others.keySet())).height()).isOne();
        }
    }

    @Test
    void rootSinksWhenOnlyAPartIsLeft() {
        for (int left = 1; left < ROWS; left *= 2) {
            TreeRoot result = assertApplied(
                    removals(rows.tailMap(Rows.key(left * Rows.GAP)).keySet()));
            assertThat(result.records()).isEqualTo(left);
            assertApplied(
                    removals(rows.headMap(Rows.key((ROWS - left) * Rows.GAP)).keySet()));
        }
        chunks.forgetCounts();
        editor().apply(
                        root,
                        removals(rows.tailMap(Rows.key(10 * Rows.GAP)).keySet()).iterator());
        assertThat(chunks.writes() - chunks.writes(0))
                .as("nodes written only to sink")
                .isZero();
    }

    @Test
    void recordCanBeInsertedBeforeTheSmallest() {
        for (int i = 0; i < 20; i++) {
            assertApplied(List.of(TreeEdit.put(new byte[i % 8], new byte[20 * i])));
        }
    }

    @Test
    void recordsCanBeAppendedAfterTheLargest() {
        List<TreeEdit> edits = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            edits.add(TreeEdit.put(Rows.key((ROWS + i) * Rows.GAP), new byte[30]));
            assertApplied(edits);
        }
    }

    @Test
    void lastNodeMayShrinkBelowTheRadius() {
        byte[] last = firstKeys(0).get(firstKeys(0).size() - 1);
        List<byte[]> keys = new ArrayList<>(rows.tailMap(last).keySet());
        for (int from = 1; from < keys.size(); from++) {
            assertApplied(removals(keys.subList(from, keys.size())));
        }
    }

    @Test
    void neighbouringNodesCanBeEditedTogether() {
        List<byte[]> keys = firstKeys(0);
        for (int i = 0; i + 2 < keys.size(); i++) {
            assertApplied(List.of(
                    TreeEdit.put(rows.lowerKey(keys.get(i + 1)), new byte[100]),
                    TreeEdit.remove(keys.get(i + 1)),
                    TreeEdit.put(keys.get(i + 2), new byte[3])));
        }
    }

    @Test
    void emptyTreeCanBeFilled() {
        List<TreeEdit> edits = new ArrayList<>();
        rows.forEach((key, value) -> edits.add(TreeEdit.put(key, value)));
        assertThat(editor().apply(TreeRoot.EMPTY, edits.iterator())).isEqualTo(root);
        assertThat(editor().apply(TreeRoot.EMPTY, removals(rows.keySet()).iterator()))
                .isEqualTo(TreeRoot.EMPTY);
    }

    @Test
    void smallTreeCanBecomeLarge() {
        TreeRoot small = build(rows(ROWS / 2, ROWS / 2 + 1));
        List<TreeEdit> edits = new ArrayList<>();
        rows.forEach((key, value) -> edits.add(TreeEdit.put(key, value)));
        assertThat(editor().apply(small, edits.iterator())).isEqualTo(root);
    }

    @Test
    void partsOfAnySizeJoin() {
        for (int small : new int[] {0, 1, 2, 5, 10, 20, 40}) {
            for (int at : new int[] {0, 1, 3, 100, ROWS / 2, ROWS - 50}) {
                TreeRoot middle = build(rows(at, at + small));
                assertThat(editor().join(List.of(build(rows(0, at)), middle, build(rows(at + small, ROWS)))))
                        .as("%d rows at %d", small, at)
                        .isEqualTo(root);
            }
        }
    }

    @Test
    void manySmallPartsJoin() {
        for (int size : new int[] {1, 3, 30, 200}) {
            List<TreeRoot> parts = new ArrayList<>();
            for (int from = 0; from < ROWS; from += size) {
                parts.add(build(rows(from, Math.min(ROWS, from + size))));
                parts.add(TreeRoot.EMPTY);
            }
            assertThat(editor().join(parts)).as("parts of %d", size).isEqualTo(root);
        }
    }

    @Test
    void joinOfPartsAtABoundaryLeavesTheLeavesAsTheyAre() {
        byte[] boundary = firstKeys(1).get(firstKeys(1).size() / 2);
        TreeRoot left = build(rows.headMap(boundary));
        TreeRoot right = build(rows.tailMap(boundary));
        chunks.forgetCounts();
        assertThat(editor().join(List.of(left, right))).isEqualTo(root);
        assertThat(chunks.writes(0)).isZero();
    }

    @Test
    void joinOfNothingIsEmpty() {
        assertThat(editor().join(List.of())).isEqualTo(TreeRoot.EMPTY);
        assertThat(editor().join(List.of(TreeRoot.EMPTY, root, TreeRoot.EMPTY))).isEqualTo(root);
    }

    @Test
    void overlappingPartsAreRefused() {
        TreeRoot left = build(rows(0, 200));
        for (int from : new int[] {0, 100, 199}) {
            TreeRoot right = build(rows(from, 400));
            assertThatThrownBy(() -> editor().join(List.of(left, right)))
                    .as("from %d", from)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void editsOutOfOrderAreRefused() {
        for (byte[][] keys : new byte[][][] {{{2}, {1}}, {{1}, {1}}, {{(byte) 0x80}, {1}}}) {
            List<TreeEdit> edits = List.of(TreeEdit.put(keys[0], keys[0]), TreeEdit.remove(keys[1]));
            assertThatThrownBy(() -> editor().apply(root, edits.iterator()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("ascend");
        }
    }

    @Test
    void editBeyondTheLimitsIsRefused() {
        assertThatThrownBy(() -> assertApplied(List.of(TreeEdit.put(new byte[13], new byte[0]))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("12")
                .hasMessageContaining("13");
        assertThatThrownBy(() -> assertApplied(List.of(TreeEdit.put(new byte[1], new byte[64 * 400]))))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("25600");
    }
}
