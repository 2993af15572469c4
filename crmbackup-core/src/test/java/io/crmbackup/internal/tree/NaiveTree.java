package io.crmbackup.internal.tree;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.store.ChunkWriter;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** The tree straight from the boundary rule, comparing all pairs: slow, and too simple to be wrong in the same way as the product. */
final class NaiveTree {
    private record Entry(byte[] key, byte[] rest, long size, long records, long bytes) {}

    private NaiveTree() {}

    static TreeRoot of(BoundaryRule rule, ChunkWriter writer, SortedMap<byte[], byte[]> records) {
        List<Entry> level = new ArrayList<>();
        records.forEach((key, value) -> {
            ByteArrayOutputStream rest = new ByteArrayOutputStream();
            number(rest, value.length);
            rest.writeBytes(value);
            long size = key.length + value.length + 8L;
            level.add(new Entry(key, rest.toByteArray(), size, 1, size));
        });
        if (level.isEmpty()) {
            return TreeRoot.EMPTY;
        }
        return root(rule, writer, level, 0);
    }

    private static TreeRoot root(BoundaryRule rule, ChunkWriter writer, List<Entry> entries, int level) {
        List<Entry> above = new ArrayList<>();
        int from = 0;
        for (int to = 1; to <= entries.size(); to++) {
            if (to == entries.size() || beginsNode(rule, entries, level, to)) {
                above.add(node(writer, entries.subList(from, to), level));
                from = to;
            }
        }
        if (above.size() > 1) {
            return root(rule, writer, above, level + 1);
        }
        Entry root = above.get(0);
        return new TreeRoot(level + 1, ChunkId.at(root.rest, 0), root.records, root.bytes);
    }

    private static boolean beginsNode(BoundaryRule rule, List<Entry> entries, int level, int i) {
        long radius = rule.radius(level);
        byte[] key = entries.get(i).key;
        long hash = rule.hash().hash(level, key, 0, key.length);
        long left = 0;
        for (int j = i - 1; j >= 0 && left <= radius; j--) {
            left += entries.get(j).size;
            if (left <= radius && !isBelow(hash, rule, level, entries.get(j).key)) {
                return false;
            }
        }
        long right = entries.get(i).size;
        for (int j = i + 1; j < entries.size() && right <= radius; j++) {
            if (!isBelow(hash, rule, level, entries.get(j).key)) {
                return false;
            }
            right += entries.get(j).size;
        }
        return left > radius && right > radius;
    }

    private static boolean isBelow(long hash, BoundaryRule rule, int level, byte[] other) {
        return Long.compareUnsigned(hash, rule.hash().hash(level, other, 0, other.length)) < 0;
    }

    private static Entry node(ChunkWriter writer, List<Entry> entries, int level) {
        ByteArrayOutputStream node = new ByteArrayOutputStream();
        node.write(level);
        number(node, entries.size());
        long records = 0;
        long bytes = 0;
        for (Entry entry : entries) {
            number(node, entry.key.length);
            node.writeBytes(entry.key);
            node.writeBytes(entry.rest);
            records += entry.records;
            bytes += entry.bytes;
        }
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        rest.writeBytes(writer.write(level == 0 ? ChunkType.LEAF : ChunkType.INNER, node.toByteArray())
                .toBytes());
        number(rest, records);
        number(rest, bytes);
        byte[] key = entries.get(0).key;
        return new Entry(key, rest.toByteArray(), key.length + 48L, records, bytes);
    }

    private static void number(ByteArrayOutputStream out, long number) {
        long rest = number;
        for (; rest > 127; rest /= 128) {
            out.write((int) (rest % 128 + 128));
        }
        out.write((int) rest);
    }
}
