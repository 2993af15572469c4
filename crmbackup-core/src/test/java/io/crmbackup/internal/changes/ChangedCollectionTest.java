package io.crmbackup.internal.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.internal.tree.TreeRoot;
import io.crmbackup.spi.CapturedCollection.Order;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.KeyCursor;
import io.crmbackup.spi.KeyRange;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChangedCollectionTest {
    private static final Fineness COARSE = new Fineness(5, 5, 40, 20);

    @TempDir
    private Path work;

    @ParameterizedTest
    @EnumSource(Order.class)
    void treeIsThatOfReadingEverything(Order order) throws IOException {
        for (long seed = 0; seed < 12; seed++) {
            Random random = new Random(seed);
            // What is read ahead is read at once, or when it is asked for.
            Executor spare = random.nextBoolean() ? Runnable::run : task -> {};
            Shelf shelf = new Shelf(300 + random.nextInt(600), work, spare, 1 + random.nextInt(2));
            Fineness fineness = random.nextInt(3) == 0 ? Fineness.STANDARD : COARSE;
            TestTable table = new TestTable(order);
            TreeRoot root = TreeRoot.EMPTY;
            for (int round = 0; round < 12; round++) {
                table.hint = random.nextBoolean();
                change(table, round == 0 ? 0 : random.nextInt(9), random);
                TreeRoot before = root;
                root = shelf.readChanges(table, before, fineness);
                assertThat(shelf.changes).as("seed %d, round %d", seed, round).isEqualTo(shelf.compare(before, root));
                assertThat(root).as("seed %d, round %d", seed, round).isEqualTo(shelf.readAll(table));
                table.settle();
            }
        }
    }

    private static void change(TestTable table, int kind, Random random) {
        List<RecordKey> keys = new ArrayList<>(table.rows.keySet());
        switch (kind) {
            case 0 -> {
                for (int i = random.nextInt(500); i >= 0; i--) {
                    put(table, random);
                }
            }
            case 1 -> some(keys, random, 30).forEach(table::remove);
            case 2 -> some(keys, random, 1 + keys.size() / 2).forEach(table::remove);
            case 3 -> {
                int from = random.nextInt(keys.size() + 1);
                keys.subList(from, from + random.nextInt(keys.size() - from + 1))
                        .forEach(table::remove);
            }
            case 4 -> {
                keys.forEach(table::remove);
                for (int i = random.nextInt(700); i > 0; i--) {
                    put(table, random);
                }
            }
            case 5 ->
                some(keys, random, 20).forEach(key -> {
                    List<FieldValue> values = table.rows.get(key);
                    table.remove(key);
                    table.put(
                            text(values.get(1)),
                            random.nextInt(3_000),
                            random.nextBoolean() ? text(values.get(0)) : "moved");
                });
            case 6 ->
                some(keys, random, 20).forEach(key -> {
                    List<FieldValue> values = table.rows.get(key);
                    table.remove(key);
                    table.put(text(values.get(1)), Long.parseLong(text(values.get(2))), text(values.get(0)));
                });
            case 7 -> {
                some(keys, random, 10).forEach(table::remove);
                for (int i = 0; i < 10; i++) {
                    put(table, random);
                }
            }
            default -> {
                // nothing changes
            }
        }
    }

    private static String text(FieldValue value) {
        return String.valueOf(value.text());
    }

    private static List<RecordKey> some(List<RecordKey> keys, Random random, int most) {
        TreeSet<RecordKey> some = new TreeSet<>();
        for (int i = random.nextInt(most); i >= 0 && !keys.isEmpty(); i--) {
            some.add(keys.get(random.nextInt(keys.size())));
        }
        return List.copyOf(some);
    }

    /** Now and then with a key whose place is a hash, or a note that lies apart. */
    private static void put(TestTable table, Random random) {
        int kind = random.nextInt(40);
        String list = kind < 5 ? "x".repeat(985 + random.nextInt(45)) + random.nextInt(3) : "list " + random.nextInt(8);
        String note = kind == 7 ? "long ".repeat(1_000 + random.nextInt(9)) : "note " + random.nextInt(1_000);
        table.put(list, random.nextInt(3_000), note);
    }

    @Test
    void costIsThatOfTheChange() throws IOException {
        Shelf shelf = new Shelf(8 << 10, work);
        TestTable table = new TestTable(Order.BY_KEY);
        for (int i = 0; i < 100_000; i++) {
            table.put("list " + i % 3, i, "note of " + i + " that says something or other");
        }
        TreeRoot before = shelf.readAll(table);
        table.settle();
        for (int i = 0; i < 10; i++) {
            table.put("list " + (i * 9_001) % 3, i * 9_001, "changed");
        }
        for (int i = 0; i < 5; i++) {
            int id = 7 + i * 17_003;
            table.remove(TestTable.key("list " + id % 3, id));
        }
        shelf.read = 0;
        shelf.written = 0;
        TreeRoot after = shelf.readChanges(table, before, Fineness.STANDARD);
        assertThat(shelf.written).as("chunks written").isBetween(10L, 40L);
        assertThat(shelf.read).as("chunks read").isLessThan(120);
        assertThat(table.keysAsked).as("keys asked").isBetween(5L, 5 * 1_000L);
        assertThat(table.countsAsked).as("counts asked").isBetween(1L, 2_000L);
        assertThat(after).isEqualTo(shelf.readAll(table));
    }

    @Test
    void withOneCoreSourceCountsInTheSameThread() throws IOException {
        for (int cores = 1; cores <= 2; cores++) {
            Shelf shelf = new Shelf(800, work, task -> {}, cores);
            TestTable table = filled(new TestTable(Order.BY_KEY));
            TreeRoot before = shelf.readAll(table);
            table.put("list", 7, "changed");
            shelf.readChanges(table, before, COARSE);
            assertThat(table.counter)
                    .isEqualTo(cores == 1 ? Thread.currentThread().getName() : "crmbackup-source");
        }
    }

    @Test
    void nothingIsAskedButTheCountWhereNothingWasRemoved() throws IOException {
        Shelf shelf = new Shelf(800, work);
        TestTable table = filled(new TestTable(Order.BY_KEY));
        TreeRoot before = shelf.readAll(table);
        table.settle();
        table.put("list", 70_000, "new");
        table.put("list", 7, "changed");
        TreeRoot after = shelf.readChanges(table, before, COARSE);
        assertThat(after).isEqualTo(shelf.readAll(table));
        assertThat(table.keysAsked + table.countsAsked).isZero();
    }

    @Test
    void scatteredRemovalsAreFoundInAFewLeaves() throws IOException {
        Shelf shelf = new Shelf(400, work);
        TestTable table = new TestTable(Order.BY_KEY);
        for (int i = 0; i < 20_000; i++) {
            table.put("list", 2 * i, "note " + i);
        }
        TreeRoot before = shelf.readAll(table);
        table.settle();
        for (int id : new int[] {4, 4_000, 4_002, 39_998}) {
            table.remove(TestTable.key("list", id));
        }
        // In parts from which nothing is missing, and in one from which something is.
        for (int id : new int[] {-5, 3_001, 12_001, 20_001, 20_003, 28_001, 8_000_000}) {
            table.put("list", id, "new");
        }
        table.put("lisa", 10, "new");
        table.put("list", 14_000, "changed");
        for (int id : new int[] {18_000, 18_002}) {
            table.remove(TestTable.key("list", id));
            table.put("list", id, "new again");
        }
        // Larger parts first, then their leaves, which are more than are asked about at once.
        TreeRoot after = shelf.readChanges(table, before, new Fineness(20, 20, 50, 100));
        assertThat(after).isEqualTo(shelf.readAll(table));
        assertThat(table.keysAsked).isBetween(1L, 400L);
        assertThat(table.countsAsked).isBetween(20L, 10_000L);
    }

    private static TestTable filled(TestTable table) {
        for (int i = 0; i < 2_000; i++) {
            table.put("list", i, "note " + i);
        }
        return table;
    }

    /** Has a table with a lie read by its changes after some of its records were removed. */
    private void expectRefused(String message, TestTable liar) throws IOException {
        Shelf shelf = new Shelf(600, work);
        filled(liar);
        TreeRoot before = shelf.readAll(liar);
        liar.settle();
        liar.put("list", 12, "changed");
        liar.put("list", 5_000, "new");
        liar.remove(TestTable.key("list", 600));
        liar.remove(TestTable.key("list", 1_601));
        assertThatThrownBy(() -> shelf.readChanges(liar, before, COARSE))
                .isInstanceOf(ImplausibleChangesException.class)
                .hasMessageContaining(message);
    }

    @Test
    void hintOfRemovedRecordsSavesCountingAll() throws IOException {
        for (boolean hint : new boolean[] {true, false}) {
            Shelf shelf = new Shelf(1_000, work);
            List<String> asked = Collections.synchronizedList(new ArrayList<>());
            TestTable table = new TestTable(Order.BY_KEY) {
                @Override
                public long count() {
                    asked.add("count");
                    return super.count();
                }

                @Override
                public long[] counts(KeyRange range, List<RecordKey> bounds) {
                    asked.add("counts");
                    return super.counts(range, bounds);
                }
            };
            for (int i = 0; i < 2_000; i++) {
                table.put("1", i, "note " + i);
            }
            TreeRoot before = shelf.readAll(table);
            table.settle();
            table.hint = hint;
            table.remove(TestTable.key("1", 700));
            TreeRoot after = shelf.readChanges(table, before, new Fineness(8_000, 20, 50, 2));
            assertThat(after).isEqualTo(shelf.readAll(table));
            assertThat(asked).as("%s", hint).startsWith(hint ? "counts" : "count");
            if (hint) {
                assertThat(asked).doesNotContain("count");
            }
        }
    }

    @Test
    void tooHighACountIsNoticed() throws IOException {
        expectRefused(
                "counted 2002 records now, where 2000 were and 1 were said to be new", new TestTable(Order.BY_KEY) {
                    @Override
                    public long count() {
                        return super.count() + 3;
                    }
                });
    }

    @ParameterizedTest
    @EnumSource(Order.class)
    void countThatDoesNotFitToTheKeysIsNoticed(Order order) throws IOException {
        for (long lie : new long[] {-1, 1}) {
            expectRefused(order == Order.BY_KEY ? "don't add up" : "by its keys 2", new TestTable(order) {
                @Override
                public long count() {
                    return super.count() + lie;
                }
            });
        }
        expectRefused("counted -1 records", new TestTable(order) {
            @Override
            public long count() {
                return -1;
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Order.class)
    void insertedRecordThatIsNotAmongTheChangesIsNoticed(Order order) throws IOException {
        expectRefused(order == Order.BY_KEY ? "not possible" : "by its keys 2", new TestTable(order) {
            @Override
            public RecordCursor changed() {
                return new Rows(List.of(TestTable.key("list", 12)), rows);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Order.class)
    void changedRecordThatComesTwiceIsNoticed(Order order) throws IOException {
        RecordKey key = TestTable.key("list", 12);
        expectRefused("twice", new TestTable(order) {
            @Override
            public RecordCursor changed() {
                return new Rows(List.of(key, TestTable.key("list", 5_000), key), rows);
            }
        });
    }

    @Test
    void countsThatAreNotPossibleAreNoticed() throws IOException {
        expectRefused("counts where", lyingCounts(counts -> new long[counts.length + 1]));
        expectRefused("not possible", lyingCounts(counts -> {
            long[] moved = counts.clone();
            moved[0] += 3;
            moved[counts.length - 1] -= 3;
            return moved;
        }));
        expectRefused("not possible", lyingCounts(counts -> {
            long[] negative = new long[counts.length];
            negative[0] = -1;
            return negative;
        }));
        expectRefused("don't add up", lyingCounts(counts -> {
            long[] less = counts.clone();
            less[counts.length - 1]--;
            return less;
        }));
    }

    private static TestTable lyingCounts(Function<long[], long[]> lie) {
        return new TestTable(Order.BY_KEY) {
            @Override
            public long[] counts(KeyRange range, List<RecordKey> bounds) {
                return lie.apply(super.counts(range, bounds));
            }
        };
    }

    @ParameterizedTest
    @EnumSource(Order.class)
    void keysThatDoNotFitAreNoticed(Order order) throws IOException {
        expectRefused("by its keys", lyingKeys(order, keys -> keys.subList(1, keys.size())));
        expectRefused("twice", lyingKeys(order, keys -> {
            List<RecordKey> twice = new ArrayList<>(keys);
            twice.add(1, keys.get(0));
            return twice;
        }));
    }

    @Test
    void keysOutOfOrderOrRangeAreNoticed() throws IOException {
        expectRefused("out of order", lyingKeys(Order.BY_KEY, keys -> {
            List<RecordKey> swapped = new ArrayList<>(keys);
            swapped.set(0, keys.get(1));
            swapped.set(1, keys.get(0));
            return swapped;
        }));
        expectRefused("not asked for", lyingKeys(Order.BY_KEY, keys -> {
            List<RecordKey> more = new ArrayList<>(keys);
            more.add(TestTable.key("zzz", 1));
            return more;
        }));
    }

    private static TestTable lyingKeys(Order order, Function<List<RecordKey>, List<RecordKey>> lie) {
        return new TestTable(order) {
            @Override
            KeyCursor keys(Collection<RecordKey> keys) {
                return super.keys(lie.apply(new ArrayList<>(keys)));
            }
        };
    }

    @Test
    void recordThatIsSaidToHaveChangedButIsNotThereIsNoticed() throws IOException {
        TestTable liar = new TestTable(Order.BY_KEY) {
            @Override
            public RecordCursor changed() {
                RecordKey gone = TestTable.key("list", 600);
                rows.put(gone, Arrays.asList(FieldValue.NULL, FieldValue.text("list"), FieldValue.number(600)));
                Rows changed = new Rows(List.of(TestTable.key("list", 12), TestTable.key("list", 5_000), gone), rows);
                return new RecordCursor() {
                    @Override
                    public boolean next() {
                        boolean next = changed.next();
                        if (!next) {
                            rows.remove(gone);
                        }
                        return next;
                    }

                    @Override
                    public RecordKey key() {
                        return changed.key();
                    }

                    @Override
                    public List<FieldValue> values() {
                        return changed.values();
                    }

                    @Override
                    public void close() {
                        changed.close();
                    }
                };
            }
        };
        expectRefused("not among those there", liar);
    }
}
