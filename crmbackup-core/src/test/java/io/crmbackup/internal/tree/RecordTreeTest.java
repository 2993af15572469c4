package io.crmbackup.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.internal.hash.ChunkId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RecordTreeTest {
    private static final int ROWS = 2000;

    private final TreeParameters parameters = new TreeParameters(3000, 240, 12, 1, 2);
    private final MemoryChunks chunks = new MemoryChunks();
    private final TreeRoot root = Rows.build(parameters, chunks, 0, ROWS);
    private final RecordTree tree = new RecordTree(parameters, chunks);

    @Test
    void everyRecordIsFoundByItsKey() {
        for (int i = 0; i < ROWS; i++) {
            byte[] value = Rows.value(i);
            assertThat(tree.get(root, Rows.key(i * Rows.GAP)))
                    .as("row %d", i)
                    .hasValueSatisfying(found -> assertThat(found).isEqualTo(value));
            assertThat(tree.get(root, Rows.key(i * Rows.GAP + 1))).isEmpty();
        }
    }

    @Test
    void rangeGivesItsRecordsOnly() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 300; i++) {
            long from = random.nextLong(-10, ROWS * Rows.GAP + 10);
            long to = random.nextLong(Math.max(0, from), ROWS * Rows.GAP + 1000);
            TreeCursor cursor = tree.scan(root, Rows.key(Math.max(0, from)), Rows.key(to));
            long row = Math.max(0, -Math.floorDiv(-from, Rows.GAP));
            for (; row < ROWS && row * Rows.GAP < to; row++) {
                assertThat(cursor.next()).as("%d to %d: row %d", from, to, row).isTrue();
                assertThat(cursor.key()).isEqualTo(Rows.key(row * Rows.GAP));
            }
            assertThat(cursor.next()).as("%d to %d: end", from, to).isFalse();
            assertThat(cursor.next()).isFalse();
        }
    }

    @Test
    void cursorSeeksForwardsAndBack() {
        SplittableRandom random = new SplittableRandom(2);
        TreeCursor cursor = tree.scan(root);
        for (int i = 0; i < 500; i++) {
            long key = random.nextLong(ROWS * Rows.GAP + 300);
            long row = (key + Rows.GAP - 1) / Rows.GAP;
            cursor.seek(Rows.key(key));
            assertThat(cursor.next()).isEqualTo(row < ROWS);
            if (row < ROWS) {
                assertThat(cursor.key()).isEqualTo(Rows.key(row * Rows.GAP));
                assertThat(cursor.value()).isEqualTo(Rows.value(row));
                assertThat(cursor.compareKey(Rows.key(row * Rows.GAP))).isZero();
                assertThat(cursor.next()).isEqualTo(row + 1 < ROWS);
            }
        }
        cursor.seek(new byte[0]);
        assertThat(cursor.next()).isTrue();
        assertThat(cursor.key()).isEqualTo(Rows.key(0));
    }

    @Test
    void cursorOnNoRecordHasNoKey() {
        TreeCursor cursor = tree.scan(root);
        assertThatThrownBy(cursor::key).isInstanceOf(IllegalStateException.class);
        cursor.seek(Rows.key(5));
        assertThatThrownBy(cursor::value).isInstanceOf(IllegalStateException.class);
        cursor.seek(Rows.key(ROWS * Rows.GAP));
        assertThat(cursor.next()).isFalse();
        assertThatThrownBy(cursor::key).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void emptyTreeHasNoRecords() {
        TreeCursor cursor = tree.scan(TreeRoot.EMPTY);
        assertThat(cursor.next()).isFalse();
        cursor.seek(new byte[0]);
        assertThat(cursor.next()).isFalse();
        assertThat(tree.get(TreeRoot.EMPTY, new byte[0])).isEmpty();
    }

    @Test
    void scanReadsEachNodeOnce() {
        chunks.forgetCounts();
        TreeCursor cursor = tree.scan(root);
        while (cursor.next()) {
            assertThat(cursor.key()).hasSize(Long.BYTES);
        }
        assertThat(chunks.allReads()).isEqualTo(chunks.reads()).isEqualTo(chunks.size());
    }

    @Test
    void walkVisitsParentsFirstAndHandsOutAllRecords() {
        Map<ChunkId, Integer> entered = new TreeMap<>();
        List<byte[]> keys = new ArrayList<>();
        chunks.forgetCounts();
        new TreeWalk(parameters, chunks).walk(root, new TreeVisitor() {
            @Override
            public boolean enter(ChunkId id, int level) {
                assertThat(level).isEqualTo(entered.isEmpty() ? root.height() - 1 : Math.min(level, root.height() - 2));
                assertThat(entered.put(id, level)).isNull();
                return true;
            }

            @Override
            public void record(byte[] key, byte[] value) {
                assertThat(value).isEqualTo(Rows.value(keys.size()));
                keys.add(key);
            }
        });
        assertThat(keys).hasSize(ROWS).isSortedAccordingTo(Arrays::compareUnsigned);
        assertThat(entered).hasSize(chunks.size()).containsEntry(root.id(), root.height() - 1);
        assertThat(chunks.allReads()).isEqualTo(chunks.size());
    }

    @Test
    void walkOverASecondTreeVisitsWhatIsNewOnly() {
        TreeRoot changed = new TreeEditor(parameters, chunks, chunks)
                .apply(root, List.of(TreeEdit.remove(Rows.key(700 * Rows.GAP))).iterator());
        Set<ChunkId> seen = new HashSet<>();
        TreeWalk walk = new TreeWalk(parameters, chunks);
        walk.walk(root, (id, level) -> seen.add(id));
        chunks.forgetCounts();
        walk.walk(changed, (id, level) -> seen.add(id));
        assertThat(chunks.reads()).isBetween(1, 4 * root.height());
        walk.walk(TreeRoot.EMPTY, (id, level) -> {
            throw new AssertionError("an empty tree has no node");
        });
    }

    @Test
    void walkReadsNoLeafThatIsNotEntered() {
        chunks.forgetCounts();
        new TreeWalk(parameters, chunks).walk(root, (id, level) -> level > 0);
        assertThat(chunks.reads(0)).isZero();
        assertThat(chunks.reads(1)).isPositive();
    }

    @Test
    void diffTellsWhatChanged() {
        TreeRoot changed = new TreeEditor(parameters, chunks, chunks)
                .apply(
                        root,
                        List.of(
                                        TreeEdit.put(Rows.key(1), new byte[] {1}),
                                        TreeEdit.put(Rows.key(Rows.GAP), new byte[] {2}),
                                        TreeEdit.remove(Rows.key(2 * Rows.GAP)))
                                .iterator());
        TreeDiff diff = new TreeDiff(parameters, chunks, root, changed);
        assertThatThrownBy(diff::key).isInstanceOf(IllegalStateException.class);
        assertThat(diff.next()).isTrue();
        assertThat(diff.key()).isEqualTo(Rows.key(1));
        assertThat(diff.before()).isNull();
        assertThat(diff.after()).containsExactly(1);
        assertThat(diff.next()).isTrue();
        assertThat(diff.key()).isEqualTo(Rows.key(Rows.GAP));
        assertThat(diff.before()).isEqualTo(Rows.value(1));
        assertThat(diff.after()).containsExactly(2);
        assertThat(diff.next()).isTrue();
        assertThat(diff.key()).isEqualTo(Rows.key(2 * Rows.GAP));
        assertThat(diff.before()).isEqualTo(Rows.value(2));
        assertThat(diff.after()).isNull();
        assertThat(diff.next()).isFalse();
        assertThatThrownBy(diff::before).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void diffFromAndToNothingGivesEverything() {
        for (TreeDiff diff : List.of(
                new TreeDiff(parameters, chunks, TreeRoot.EMPTY, root),
                new TreeDiff(parameters, chunks, root, TreeRoot.EMPTY))) {
            int count = 0;
            while (diff.next()) {
                assertThat(diff.key()).isEqualTo(Rows.key(count++ * Rows.GAP));
            }
            assertThat(count).isEqualTo(ROWS);
        }
    }
}
