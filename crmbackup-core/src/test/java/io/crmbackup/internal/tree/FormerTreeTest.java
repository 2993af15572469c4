package io.crmbackup.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.internal.hash.ChunkId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FormerTreeTest {
    private static final TreeParameters PARAMETERS = new TreeParameters(400, 400, 16, 1, 2);

    private final MemoryChunks chunks = new MemoryChunks();
    private final RecordTree trees = new RecordTree(PARAMETERS, chunks);

    private static byte[] key(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    private static byte[] value(SplittableRandom random) {
        byte[] value = new byte[10 + random.nextInt(50)];
        random.nextBytes(value);
        return value;
    }

    private static TreeMap<Long, byte[]> table(SplittableRandom random, int rows) {
        TreeMap<Long, byte[]> table = new TreeMap<>();
        for (int i = 0; i < rows; i++) {
            table.put(i * 100L, value(random));
        }
        return table;
    }

    private TreeRoot build(TreeMap<Long, byte[]> table, Likenesses writer, TreeRoot former) {
        TreeBuilder builder = new TreeBuilder(PARAMETERS, writer, trees.former(former));
        table.forEach((number, value) -> builder.add(key(number), value));
        return builder.finish();
    }

    /** Updates, insertions and removals all over a table; returns them as edits. */
    private static List<TreeEdit> change(TreeMap<Long, byte[]> table, SplittableRandom random, int changes) {
        TreeMap<Long, TreeEdit> edits = new TreeMap<>();
        for (int i = 0; i < changes; i++) {
            long number = 100L * random.nextInt(table.size() + 1);
            switch (random.nextInt(3)) {
                case 0 -> {
                    table.remove(number);
                    edits.put(number, TreeEdit.remove(key(number)));
                }
                case 1 -> {
                    byte[] value = value(random);
                    table.put(number + 50, value);
                    edits.put(number + 50, TreeEdit.put(key(number + 50), value));
                }
                default -> {
                    byte[] value = value(random);
                    table.put(number, value);
                    edits.put(number, TreeEdit.put(key(number), value));
                }
            }
        }
        return new ArrayList<>(edits.values());
    }

    @Test
    void newNodesResembleTheOldOnesThatHoldTheirMiddle() {
        for (long seed = 0; seed < 40; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            TreeMap<Long, byte[]> table = table(random, 50 + random.nextInt(2000));
            TreeRoot before = build(table, new Likenesses(chunks), TreeRoot.EMPTY);
            change(table, random, 1 + random.nextInt(100));
            Likenesses writer = new Likenesses(chunks);
            build(table, writer, before);
            Map<ChunkId, Node> old = nodes(before);
            int height = before.height();
            long number = seed;
            writer.found().forEach((id, like) -> {
                Node node = node(id);
                String what = "seed " + number + ", node of level " + node.level();
                if (node.level() >= height) {
                    assertThat(like).as(what).isNull();
                    return;
                }
                assertThat(like).as(what).isNotNull();
                Node resembled = old.get(like);
                assertThat(resembled).as(what).isNotNull();
                assertThat(resembled.level()).as(what).isEqualTo(node.level());
                assertThat(resembled).as(what).isSameAs(holder(old, node));
            });
            assertThat(writer.found()).as("seed %d", seed).isNotEmpty();
        }
    }

    /** The old node that holds a new node's middle, found by looking at all. */
    private static Node holder(Map<ChunkId, Node> old, Node node) {
        long place = 0;
        int middle = 0;
        for (int i = 0; i < node.count() && place <= node.size() / 2; i++) {
            middle = i;
            place += node.entrySize(i);
        }
        Node holder = null;
        Node first = null;
        for (Node candidate : old.values()) {
            if (candidate.level() == node.level()) {
                if (first == null || candidate.compareKey(0, first, 0) < 0) {
                    first = candidate;
                }
                if (candidate.compareKey(0, node, middle) <= 0
                        && (holder == null || candidate.compareKey(0, holder, 0) > 0)) {
                    holder = candidate;
                }
            }
        }
        return holder == null ? first : holder;
    }

    @Test
    void nodeWhoseBeginMovedStillResemblesTheOneWithTheSameRecords() {
        SplittableRandom random = new SplittableRandom(3);
        TreeMap<Long, byte[]> table = table(random, 3000);
        TreeRoot before = build(table, new Likenesses(chunks), TreeRoot.EMPTY);
        int moved = 0;
        for (long number = 100; number < 3000 * 100; number += 100) {
            TreeMap<Long, byte[]> changed = new TreeMap<>(table);
            changed.put(number - 1, new byte[5]);
            Likenesses writer = new Likenesses(chunks);
            build(changed, writer, before);
            for (Map.Entry<ChunkId, @Nullable ChunkId> one : writer.found().entrySet()) {
                Node node = node(one.getKey());
                ChunkId like = one.getValue();
                if (node.level() == 0 && like != null && node.compareKey(0, node(like), 0) < 0) {
                    moved++;
                    Set<Long> shared = keys(node);
                    shared.retainAll(keys(node(like)));
                    assertThat(3 * shared.size()).as("insertion of %d", number).isGreaterThanOrEqualTo(node.count());
                }
            }
        }
        assertThat(moved).isGreaterThan(10);
    }

    private static Set<Long> keys(Node node) {
        Set<Long> keys = new HashSet<>();
        for (int i = 0; i < node.count(); i++) {
            keys.add(ByteBuffer.wrap(node.key(i)).getLong());
        }
        return keys;
    }

    @Test
    void editorAndBuilderSayTheSame() {
        for (long seed = 0; seed < 60; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            TreeMap<Long, byte[]> table = table(random, 1 + random.nextInt(1000));
            TreeRoot before = build(table, new Likenesses(chunks), TreeRoot.EMPTY);
            List<TreeEdit> edits = change(table, random, 1 + random.nextInt(30));
            MemoryChunks copy = chunks.copy();
            Likenesses edited = new Likenesses(chunks);
            TreeRoot after = new TreeEditor(PARAMETERS, chunks, edited).apply(before, edits.iterator());
            Likenesses built = new Likenesses(copy);
            assertThat(build(table, built, before)).as("seed %d", seed).isEqualTo(after);
            // The editor may also write what is part of the tree no more in the end.
            assertThat(edited.found()).as("seed %d", seed).containsAllEntriesOf(built.found());
        }
    }

    @Test
    void treeOfAnotherHeightIsMetOnTheLevelsThatBothHave() {
        SplittableRandom random = new SplittableRandom(5);
        TreeMap<Long, byte[]> small = table(random, 8);
        TreeMap<Long, byte[]> large = new TreeMap<>(table(random, 3000));
        large.putAll(small);
        TreeRoot low = build(small, new Likenesses(chunks), TreeRoot.EMPTY);
        Likenesses grown = new Likenesses(chunks);
        TreeRoot high = build(large, grown, low);
        assertThat(high.height()).isGreaterThan(low.height() + 1);
        assertThat(grown.found().get(high.id())).isNull();
        small.put(3L, new byte[9]);
        Likenesses shrunk = new Likenesses(chunks);
        TreeRoot again = build(small, shrunk, high);
        assertThat(node(shrunk.found().get(again.id())).level()).isEqualTo(again.height() - 1);
    }

    @Test
    void equalTreeReadsNothingAndFewChangesOnlyTheWayToThem() {
        SplittableRandom random = new SplittableRandom(6);
        TreeMap<Long, byte[]> table = table(random, 5000);
        TreeRoot before = build(table, new Likenesses(chunks), TreeRoot.EMPTY);
        chunks.forgetCounts();
        build(table, new Likenesses(chunks), before);
        assertThat(chunks.allReads()).isZero();
        table.put(250_000L, new byte[8]);
        build(table, new Likenesses(chunks), before);
        assertThat(chunks.allReads()).isLessThanOrEqualTo(before.height() - 1);
        assertThat(chunks.reads(0)).isZero();
    }

    @Test
    void changesEverywhereReadEachInnerNodeOnce() {
        SplittableRandom random = new SplittableRandom(7);
        TreeMap<Long, byte[]> table = table(random, 20_000);
        TreeRoot before = build(table, new Likenesses(chunks), TreeRoot.EMPTY);
        table.replaceAll((number, value) -> value(random));
        chunks.forgetCounts();
        build(table, new Likenesses(chunks), before);
        assertThat(chunks.reads(0)).isZero();
        assertThat(chunks.allReads()).isEqualTo(chunks.reads());
    }

    private Node node(@Nullable ChunkId id) {
        try {
            return Node.parse(chunks.either(Objects.requireNonNull(id)), PARAMETERS.largestKey());
        } catch (MalformedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<ChunkId, Node> nodes(TreeRoot root) {
        Map<ChunkId, Node> nodes = new HashMap<>();
        new TreeWalk(PARAMETERS, chunks).walk(root, (id, level) -> {
            nodes.put(id, node(id));
            return true;
        });
        return nodes;
    }
}
