package io.crmbackup.internal.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One random history of a tree, checked at every step against a fresh build, the naive rule and a sorted map. */
final class History {
    static final int STEPS = 8;

    private final long seed;
    private final SplittableRandom random;
    private final MemoryChunks chunks = new MemoryChunks();
    private final BoundaryRule rule;
    private final int shortestKey;
    private final int longestKey;
    private final int longestValue;
    private final boolean fixedValues;
    private final int keys;

    private long joins;
    private long emptied;
    private long naive;
    private int highest;
    private int mostWritten;

    private TreeMap<byte[], byte[]> records = newMap();
    private TreeRoot root = TreeRoot.EMPTY;

    History(long seed, long bytes) {
        this.seed = seed;
        random = new SplittableRandom(seed);
        int kind = (int) (seed % 8);
        longestKey = kind == 1 ? 80 : 12;
        shortestKey = 4;
        int leafRadius = 200 + random.nextInt(800);
        int innerRadius = 4 * (longestKey + 48) + random.nextInt(400);
        longestValue = kind == 2 ? 3 * leafRadius : kind == 3 ? 0 : 80;
        fixedValues = kind == 4;
        TreeParameters parameters = new TreeParameters(leafRadius, innerRadius, longestKey, seed, ~seed);
        BoundaryHash sip = new SipHash13(seed, ~seed);
        boolean monotone = kind == 7 && random.nextBoolean();
        long mask = kind == 5 ? 15 : kind == 6 ? 255 : -1L;
        BoundaryHash hash = monotone
                ? (level, source, offset, length) -> prefix(source, offset, length)
                : (level, source, offset, length) -> sip.hash(level, source, offset, length) & mask;
        rule = new BoundaryRule(parameters, hash, kind >= 5 ? 1 << 20 : TreeParameters.LARGEST_NODE_IN_RADII);
        long perStep = bytes / STEPS;
        keys = (int) Math.max(2, Math.min(1 << 20, perStep / (8 + (shortestKey + longestKey) / 2 + longestValue / 2)));
    }

    private static long prefix(byte[] source, int offset, int length) {
        long prefix = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            prefix = prefix << 8 | (i < length ? source[offset + i] & 0xff : 0);
        }
        return prefix;
    }

    /** A record that a step changes; no value stands for no record. */
    private record Difference(byte[] key, byte @Nullable [] was, byte @Nullable [] is) {}

    static TreeMap<byte[], byte[]> newMap() {
        return new TreeMap<>(Arrays::compareUnsigned);
    }

    /** How often histories did what is rare, and how far they came. */
    record Reached(long joins, long emptied, long naive, int highest, int mostWritten) {
        static final Reached NOTHING = new Reached(0, 0, 0, 0, 0);

        Reached and(Reached that) {
            return new Reached(
                    joins + that.joins,
                    emptied + that.emptied,
                    naive + that.naive,
                    Math.max(highest, that.highest),
                    Math.max(mostWritten, that.mostWritten));
        }
    }

    Reached run() {
        for (int step = 0; step < STEPS; step++) {
            String where = "seed " + seed + ", step " + step;
            TreeRoot old = root;
            try {
                List<Difference> differences = random.nextInt(4) == 0 && !records.isEmpty() ? join() : edit();
                check(where);
                checkDiff(where, differences, old);
                if (step == STEPS - 1) {
                    checkScan(where);
                }
            } catch (RuntimeException e) {
                throw new AssertionError(where, e);
            }
        }
        return new Reached(joins, emptied, naive, highest, mostWritten);
    }

    private List<Difference> join() {
        TreeSet<byte[]> cuts = new TreeSet<>(Arrays::compareUnsigned);
        for (int i = random.nextInt(4); i >= 0; i--) {
            byte[] cut = key(random.nextInt(keys));
            cuts.add(cut);
            if (random.nextInt(3) == 0) {
                // A part of few records, or none, in the middle.
                cuts.add(Arrays.copyOf(cut, cut.length + 1));
            }
        }
        List<TreeRoot> parts = new ArrayList<>();
        byte[] from = new byte[0];
        for (byte[] cut : cuts) {
            parts.add(build(records.subMap(from, cut)));
            from = cut;
        }
        parts.add(build(records.tailMap(from)));
        TreeMap<byte[], TreeEdit> edits = random.nextInt(3) == 0 ? edits() : new TreeMap<>(Arrays::compareUnsigned);
        root = new TreeEditor(rule, chunks, chunks)
                .rewrite(parts, edits.values().iterator());
        joins++;
        return remember(edits);
    }

    private List<Difference> edit() {
        TreeMap<byte[], TreeEdit> edits = edits();
        chunks.forgetCounts();
        root = new TreeEditor(rule, chunks, chunks).apply(root, edits.values().iterator());
        if (edits.size() == 1 && longestValue <= rule.radius(0) - 20) {
            for (int level = 0; level < root.height(); level++) {
                mostWritten = Math.max(mostWritten, chunks.writes(level));
            }
        }
        return remember(edits);
    }

    private TreeMap<byte[], TreeEdit> edits() {
        TreeMap<byte[], TreeEdit> edits = new TreeMap<>(Arrays::compareUnsigned);
        if (random.nextInt(10) == 0 && !records.isEmpty()) {
            SortedMap<byte[], byte[]> gone =
                    random.nextInt(3) == 0 ? records : records.tailMap(key(random.nextInt(keys)));
            gone.keySet().forEach(key -> edits.put(key, TreeEdit.remove(key)));
            if (random.nextInt(3) == 0) {
                edits.remove(records.firstKey());
            }
            return edits;
        }
        int count = 1 + (random.nextInt(3) == 0 ? random.nextInt(keys) : random.nextInt(6));
        int base = random.nextInt(keys);
        int span = random.nextInt(3) == 0 ? 1 + random.nextInt(20) : keys;
        for (int i = 0; i < count; i++) {
            byte[] key = key((base + random.nextInt(span)) % keys);
            edits.put(key, random.nextInt(3) == 0 ? TreeEdit.remove(key) : TreeEdit.put(key, value()));
        }
        return edits;
    }

    /** Applies edits to the sorted map as well, and tells what that changes. */
    private List<Difference> remember(Map<byte[], TreeEdit> edits) {
        List<Difference> differences = new ArrayList<>();
        edits.forEach((key, edit) -> {
            byte[] was = edit.value() == null ? records.remove(key) : records.put(key, edit.value());
            if (!Arrays.equals(was, edit.value())) {
                differences.add(new Difference(key, was, edit.value()));
            }
        });
        return differences;
    }

    private byte[] value() {
        byte[] value = new byte[fixedValues ? longestValue / 2 : random.nextInt(longestValue + 1)];
        random.nextBytes(value);
        return value;
    }

    /** The key with a number: ascending, of a length and ending that depend on the number. */
    private byte[] key(int number) {
        SplittableRandom own = new SplittableRandom(number * 31L + 7);
        byte[] key = new byte[shortestKey + own.nextInt(longestKey - shortestKey + 1)];
        own.nextBytes(key);
        key[0] = (byte) (number >> 16);
        key[1] = (byte) (number >> 8);
        key[2] = (byte) number;
        return key;
    }

    private TreeRoot build(SortedMap<byte[], byte[]> part) {
        TreeBuilder builder = new TreeBuilder(rule, chunks);
        part.forEach(builder::add);
        return builder.finish();
    }

    private void check(String where) {
        TreeBuilder fresh = new TreeBuilder(rule, chunks.unstored());
        records.forEach(fresh::add);
        require(fresh.finish().equals(root), where, "differs from a fresh build");
        if (records.size() <= 500) {
            require(NaiveTree.of(rule, chunks.unstored(), records).equals(root), where, "differs from the naive rule");
            naive++;
        }
        require(root.records() == records.size(), where, "has a wrong count");
        highest = Math.max(highest, root.height());
        emptied += root.isEmpty() ? 1 : 0;
    }

    /** The diff must tell what has changed, no more and no less; it reads both trees through the checking reader. */
    private void checkDiff(String where, List<Difference> differences, TreeRoot old) {
        TreeDiff diff = new TreeDiff(rule, chunks, old, root);
        for (Difference each : differences) {
            require(diff.next() && Arrays.equals(each.key, diff.key()), where, "the diff misses a change");
            require(Arrays.equals(each.was, diff.before()), where, "the diff has a wrong value before");
            require(Arrays.equals(each.is, diff.after()), where, "the diff has a wrong value after");
        }
        require(!diff.next(), where, "the diff has a record that is the same");
    }

    private void checkScan(String where) {
        TreeCursor cursor = new RecordTree(rule, chunks).scan(root);
        records.forEach((key, value) -> {
            require(cursor.next() && Arrays.equals(key, cursor.key()), where, "the scan has a wrong key");
            require(Arrays.equals(value, cursor.value()), where, "the scan has a wrong value");
        });
        require(!cursor.next(), where, "the scan has too many records");
    }

    private static void require(boolean right, String where, String what) {
        if (!right) {
            throw new AssertionError(where + ": " + what);
        }
    }
}
