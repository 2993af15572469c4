package io.crmbackup.internal.tree;

import io.crmbackup.internal.hash.ChunkId;
import java.util.Arrays;

/**
 * A parsed node: its plain bytes and where the entries lie in them. Immutable as long as nobody changes the bytes.
 *
 * <pre>
 * node      := level (1 byte)  count (number)  entry × count
 * entry     := key length (number)  key  value length (number)  value                      on level 0
 *            | key length (number)  key  id (32 bytes)  records (number)  bytes (number)   above
 * number    := unsigned, seven bits a byte, lowest first, highest bit set in all bytes but the last, no needless bytes
 * </pre>
 *
 * Keys ascend strictly by unsigned bytes. {@code records} and {@code bytes} are those of the whole subtree.
 */
final class Node {
    private static final int COLUMNS = 3;

    private final byte[] plain;
    private final int level;
    private final int count;
    /** Per entry: where it begins, where its key begins, where its key ends; then the end of the last entry. */
    private final int[] places;

    private long size;
    private long records;
    private long bytes;

    private Node(byte[] plain, int level, int count) {
        this.plain = plain;
        this.level = level;
        this.count = count;
        this.places = new int[count * COLUMNS + 1];
    }

    static Node parse(byte[] plain, int largestKey) throws MalformedException {
        ByteInput in = new ByteInput(plain);
        int level = in.octet();
        if (level > BoundaryRule.HIGHEST_LEVEL) {
            throw new MalformedException("is of level " + level);
        }
        long count = in.number();
        int least = level == 0 ? 2 : 3 + ChunkId.LENGTH;
        if (count < 1 || count > in.left() / least) {
            throw new MalformedException("has " + in.left() + " bytes for " + count + " entries");
        }
        Node node = new Node(plain, level, (int) count);
        for (int i = 0; i < count; i++) {
            node.parseEntry(in, i, largestKey);
        }
        if (in.left() > 0) {
            throw new MalformedException("has " + in.left() + " bytes after its last entry");
        }
        node.places[node.count * COLUMNS] = in.position();
        return node;
    }

    private void parseEntry(ByteInput in, int i, int largestKey) throws MalformedException {
        places[i * COLUMNS] = in.position();
        int keyLength = in.length();
        if (keyLength > largestKey) {
            throw new MalformedException("has a key of " + keyLength + " bytes");
        }
        places[i * COLUMNS + 1] = in.skip(keyLength);
        places[i * COLUMNS + 2] = in.position();
        if (i > 0 && compareKey(i - 1, this, i) >= 0) {
            throw new MalformedException("has keys that don't ascend");
        }
        if (level == 0) {
            int valueLength = in.length();
            in.skip(valueLength);
            long entry = BoundaryRule.recordSize(keyLength, valueLength);
            size += entry;
            records++;
            bytes += entry;
        } else {
            in.skip(ChunkId.LENGTH);
            size += BoundaryRule.referenceSize(keyLength);
            records = sum(records, in.number());
            bytes = sum(bytes, in.number());
        }
    }

    private static long sum(long a, long b) throws MalformedException {
        if (a + b < 0) {
            throw new MalformedException("has sums beyond 63 bits");
        }
        return a + b;
    }

    int level() {
        return level;
    }

    int count() {
        return count;
    }

    /** The sum of the entries' sizes, as the boundary rule counts them. */
    long size() {
        return size;
    }

    long records() {
        return records;
    }

    long bytes() {
        return bytes;
    }

    byte[] plain() {
        return plain;
    }

    /** Where an entry's bytes begin; for {@code i == count()} where the last one ends. */
    int entryAt(int i) {
        return places[i * COLUMNS];
    }

    int keyAt(int i) {
        return places[i * COLUMNS + 1];
    }

    int keyLength(int i) {
        return places[i * COLUMNS + 2] - keyAt(i);
    }

    byte[] key(int i) {
        return Arrays.copyOfRange(plain, keyAt(i), places[i * COLUMNS + 2]);
    }

    /** Compares an entry's key with another key. */
    int compareKey(int i, byte[] key) {
        return Arrays.compareUnsigned(plain, keyAt(i), places[i * COLUMNS + 2], key, 0, key.length);
    }

    /** Compares an entry's key with one of another node. */
    int compareKey(int i, Node other, int j) {
        return Arrays.compareUnsigned(
                plain, keyAt(i), places[i * COLUMNS + 2], other.plain, other.keyAt(j), other.places[j * COLUMNS + 2]);
    }

    /** The last entry whose key isn't above the given one; -1 if all are. */
    int floor(byte[] key) {
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (compareKey(middle, key) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    /** The size of an entry, as the boundary rule counts it. */
    long entrySize(int i) {
        return level == 0
                ? BoundaryRule.recordSize(keyLength(i), valueLength(i))
                : BoundaryRule.referenceSize(keyLength(i));
    }

    /** The value of a leaf's entry. */
    byte[] value(int i) {
        return Arrays.copyOfRange(plain, valueAt(i), entryAt(i + 1));
    }

    /** Where the value of a leaf's entry begins; it ends where the next entry begins. */
    int valueAt(int i) {
        return entryAt(i + 1) - valueLength(i);
    }

    /** Whether an entry of this leaf has the same value as one of another leaf. */
    boolean sameValue(int i, Node other, int j) {
        int from = entryAt(i + 1) - valueLength(i);
        int otherFrom = other.entryAt(j + 1) - other.valueLength(j);
        return Arrays.equals(plain, from, entryAt(i + 1), other.plain, otherFrom, other.entryAt(j + 1));
    }

    private int valueLength(int i) {
        return (int) number(places[i * COLUMNS + 2]);
    }

    /** The child that an inner node's entry refers to. */
    NodeRef child(int i) {
        return new NodeRef(level - 1, key(i), childId(i), childRecords(i), childBytes(i));
    }

    ChunkId childId(int i) {
        return ChunkId.at(plain, places[i * COLUMNS + 2]);
    }

    long childRecords(int i) {
        return number(places[i * COLUMNS + 2] + ChunkId.LENGTH);
    }

    long childBytes(int i) {
        int at = places[i * COLUMNS + 2] + ChunkId.LENGTH;
        return number(at + ByteInput.width(number(at)));
    }

    /** A number that was checked when the node was parsed. */
    private long number(int at) {
        long value = 0;
        int from = at;
        int shift = 0;
        for (; plain[from] < 0; from++, shift += 7) {
            value |= (plain[from] & 0x7fL) << shift;
        }
        return value | (long) plain[from] << shift;
    }
}
