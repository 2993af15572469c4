package io.crmbackup.internal.tree;

import io.crmbackup.error.LimitExceededException;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.store.ChunkWriter;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts one level into nodes, in one pass. Entries go in in ascending order; finished nodes are written and their references come out in
 * the same order. Holds the open node and one radius of look-ahead, already encoded; the cost per entry is constant on average.
 *
 * <p>A pass begins at a wall: either the start of the level ({@link Start#FIRM}) or an old boundary ({@link Start#TENTATIVE}). What is
 * fed after an old boundary may fell it: then {@link #hasFallen()}, nothing has come out yet, and the pass must be done again from one
 * node further left. It ends at a wall as well: the end of the level, or an old boundary that {@link #holds}.
 *
 * <p>The <i>candidate</i> is the entry that begins the next node unless a smaller or equal hash turns up within a radius on its right.
 * The <i>window</i> holds the entries of the last radius that no later entry has beaten, hashes ascending, so its front is the smallest.
 */
final class Splitter {
    /** Where a pass begins. */
    enum Start {
        /** The start of the level. */
        FIRM,
        /** A boundary of the old level that changes on its right may fell. */
        TENTATIVE
    }

    private static final int HEADER = 1 + ByteInput.WIDEST;
    private static final int NONE = -1;

    private final BoundaryRule rule;
    private final int level;
    private final int radius;
    private final int limit;
    private final ChunkWriter writer;
    private final Predecessors predecessors;
    private final Consumer<NodeRef> output;

    /** The encoded entries from {@link #HEADER} on; a node's header is put right before them. */
    private byte[] encoded = new byte[1024];

    private int used = HEADER;
    private Entries entries = new Entries();
    private int count;
    /** Size of the entries held: the place of the next one, counted from the open node's begin. */
    private int end;

    private long records;
    private long bytes;
    private int candidate = NONE;
    private int[] window = new int[64];
    private int front;
    private int back;
    private boolean tentative;
    private final boolean firm;
    private boolean fallen;
    /** The reference that came first, for the case that it stays alone. */
    private @Nullable NodeRef first;

    /** The columns of the entries held; sums are those before the entry. */
    private static final class Entries {
        int[] at = new int[64];
        int[] keyAt = new int[64];
        int[] keyLength = new int[64];
        int[] place = new int[64];
        long[] hash = new long[64];
        long[] records = new long[64];
        long[] bytes = new long[64];

        void grow() {
            int capacity = 2 * at.length;
            at = Arrays.copyOf(at, capacity);
            keyAt = Arrays.copyOf(keyAt, capacity);
            keyLength = Arrays.copyOf(keyLength, capacity);
            place = Arrays.copyOf(place, capacity);
            hash = Arrays.copyOf(hash, capacity);
            records = Arrays.copyOf(records, capacity);
            bytes = Arrays.copyOf(bytes, capacity);
        }

        /** Moves {@code count} entries from index {@code from} to the front, counting from there. */
        void shift(int from, int count, int encodedShift) {
            int placeShift = place[from];
            long recordShift = records[from];
            long byteShift = bytes[from];
            for (int i = 0; i < count; i++) {
                at[i] = at[from + i] - encodedShift;
                keyAt[i] = keyAt[from + i] - encodedShift;
                keyLength[i] = keyLength[from + i];
                place[i] = place[from + i] - placeShift;
                hash[i] = hash[from + i];
                records[i] = records[from + i] - recordShift;
                bytes[i] = bytes[from + i] - byteShift;
            }
        }
    }

    Splitter(
            BoundaryRule rule,
            int level,
            Start start,
            ChunkWriter writer,
            Predecessors predecessors,
            Consumer<NodeRef> output) {
        if (level > BoundaryRule.HIGHEST_LEVEL) {
            throw new IllegalStateException("a record tree has at most " + BoundaryRule.HIGHEST_LEVEL + " levels");
        }
        this.rule = rule;
        this.level = level;
        this.radius = rule.radius(level);
        this.limit = rule.limit(level);
        this.firm = start == Start.FIRM;
        this.tentative = !firm;
        this.writer = writer;
        this.predecessors = predecessors;
        this.output = output;
    }

    /** Adds a record to level 0. */
    void add(byte[] key, byte[] value) {
        requireLevel(level == 0);
        int largest = rule.parameters().largestKey();
        if (key.length > largest) {
            throw new IllegalArgumentException("a key has at most " + largest + " bytes, not " + key.length);
        }
        long size = BoundaryRule.recordSize(key.length, value.length);
        if (size > limit) {
            throw new LimitExceededException("a record has at most " + limit + " bytes, not " + size);
        }
        confirm();
        int keyAt = putKey(key, value.length + ByteInput.WIDEST);
        int valueAt = ByteInput.put(encoded, keyAt + key.length, value.length);
        System.arraycopy(value, 0, encoded, valueAt, value.length);
        append(keyAt, key.length, valueAt + value.length, (int) size, 1, size);
    }

    /** Adds a reference to a node of the level below. */
    void add(NodeRef ref) {
        requireLevel(level > 0);
        confirm();
        if (count == 0) {
            first = ref;
        }
        byte[] key = ref.key();
        int keyAt = putKey(key, ChunkId.LENGTH + 2 * ByteInput.WIDEST);
        ref.id().copyTo(encoded, keyAt + key.length);
        int to = ByteInput.put(encoded, keyAt + key.length + ChunkId.LENGTH, ref.records());
        to = ByteInput.put(encoded, to, ref.bytes());
        append(keyAt, key.length, to, BoundaryRule.referenceSize(key.length), ref.records(), ref.bytes());
    }

    /** Adds an entry of an old node of this level, as it is. */
    void add(Node node, int i) {
        requireLevel(level == node.level());
        confirm();
        int from = node.entryAt(i);
        int length = node.entryAt(i + 1) - from;
        room(length);
        System.arraycopy(node.plain(), from, encoded, used, length);
        int keyAt = used + node.keyAt(i) - from;
        int size = (int) node.entrySize(i);
        if (level == 0) {
            append(keyAt, node.keyLength(i), used + length, size, 1, size);
        } else {
            if (count == 0) {
                first = node.child(i);
            }
            append(keyAt, node.keyLength(i), used + length, size, node.childRecords(i), node.childBytes(i));
        }
    }

    /** Adds all entries of a pass that has fallen. */
    void addAll(Splitter that) {
        for (int i = 0; i < that.count; i++) {
            confirm();
            if (count == 0) {
                first = that.first;
            }
            boolean last = i + 1 == that.count;
            int from = that.entries.at[i];
            int length = (last ? that.used : that.entries.at[i + 1]) - from;
            room(length);
            System.arraycopy(that.encoded, from, encoded, used, length);
            append(
                    used + that.entries.keyAt[i] - from,
                    that.entries.keyLength[i],
                    used + length,
                    (last ? that.end : that.entries.place[i + 1]) - that.entries.place[i],
                    (last ? that.records : that.entries.records[i + 1]) - that.entries.records[i],
                    (last ? that.bytes : that.entries.bytes[i + 1]) - that.entries.bytes[i]);
        }
    }

    private void requireLevel(boolean right) {
        if (!right) {
            throw new IllegalStateException("an entry of another level than " + level);
        }
    }

    /** Cuts at the candidate once a whole radius has passed it. Called before anything is added. */
    private void confirm() {
        if (candidate != NONE && end - entries.place[candidate] > radius) {
            cut(candidate);
        } else if (end > limit && (candidate == NONE || entries.place[candidate] > limit)) {
            throw tooLarge(end);
        }
    }

    private int putKey(byte[] key, int more) {
        room(ByteInput.WIDEST + key.length + more);
        int keyAt = ByteInput.put(encoded, used, key.length);
        System.arraycopy(key, 0, encoded, keyAt, key.length);
        return keyAt;
    }

    private void room(int more) {
        if (encoded.length - used < more) {
            encoded = Arrays.copyOf(encoded, Math.max(used + more, 2 * encoded.length));
        }
    }

    private void append(int keyAt, int keyLength, int to, int size, long moreRecords, long moreBytes) {
        if (count > 0 && compareToLast(encoded, keyAt, keyLength) >= 0) {
            throw new IllegalArgumentException("keys must ascend by unsigned bytes, without repetition");
        }
        long hash = rule.hash().hash(level, encoded, keyAt, keyLength);
        boolean smallest = isSmallestOnItsLeft(hash);
        while (back > front && Long.compareUnsigned(entries.hash[window[back - 1]], hash) > 0) {
            back--;
        }
        pushToWindow();
        if (count == entries.at.length) {
            entries.grow();
        }
        entries.at[count] = used;
        entries.keyAt[count] = keyAt;
        entries.keyLength[count] = keyLength;
        entries.place[count] = end;
        entries.hash[count] = hash;
        entries.records[count] = records;
        entries.bytes[count] = bytes;
        if (smallest && end > radius) {
            candidate = count;
        } else if (candidate != NONE && hash == entries.hash[candidate]) {
            candidate = NONE;
        }
        count++;
        used = to;
        end += size;
        records = Math.addExact(records, moreRecords);
        bytes = Math.addExact(bytes, moreBytes);
    }

    private int compareToLast(byte[] key, int keyAt, int keyLength) {
        int lastAt = entries.keyAt[count - 1];
        return Arrays.compareUnsigned(
                encoded, lastAt, lastAt + entries.keyLength[count - 1], key, keyAt, keyAt + keyLength);
    }

    private void pushToWindow() {
        if (back == window.length) {
            if (front > window.length / 2) {
                System.arraycopy(window, front, window, 0, back - front);
                back -= front;
                front = 0;
            } else {
                window = Arrays.copyOf(window, 2 * window.length);
            }
        }
        window[back++] = count;
    }

    /** Whether an entry with this hash that begins here beats all on its left within a radius. Notes if it fells the pass's start. */
    private boolean isSmallestOnItsLeft(long hash) {
        while (front < back && end - entries.place[window[front]] > radius) {
            front++;
        }
        if (tentative && count > 0 && end <= radius && Long.compareUnsigned(hash, entries.hash[0]) <= 0) {
            fallen = true;
        }
        return front == back || Long.compareUnsigned(entries.hash[window[front]], hash) > 0;
    }

    /** Whether nothing has been added. */
    boolean isEmpty() {
        return count == 0;
    }

    /** Whether the last key added is at or above a key. */
    boolean hasReached(byte[] key) {
        return count > 0 && compareToLast(key, 0, key.length) >= 0;
    }

    /** Whether the pass began at the start of the level. */
    boolean isFirm() {
        return firm;
    }

    /** Whether the old boundary at which the pass began is none any more. */
    boolean hasFallen() {
        return fallen;
    }

    /** Whether the old boundary at which the pass began is none any more if the level ends here. */
    boolean fallsIfTheLevelEndsHere() {
        return tentative && end <= radius;
    }

    /** Whether an old boundary with this key, which would begin here and right of which nothing changes, still is one. */
    boolean holds(byte[] key) {
        if (count == 0) {
            return firm;
        }
        confirm();
        return isSmallestOnItsLeft(rule.hash().hash(level, key, 0, key.length)) && !fallen && end > radius;
    }

    /** Ends the pass at a wall: the end of the level, or a boundary that holds. */
    void finish() {
        if (candidate != NONE && end - entries.place[candidate] > radius) {
            cut(candidate);
        }
        if (count == 1 && first != null) {
            output.accept(first);
        } else if (count > 0) {
            output.accept(write(count, used, end, records, bytes));
        }
    }

    private void cut(int at) {
        NodeRef ref = write(at, entries.at[at], entries.place[at], entries.records[at], entries.bytes[at]);
        int shift = entries.at[at] - HEADER;
        System.arraycopy(encoded, entries.at[at], encoded, HEADER, used - entries.at[at]);
        used -= shift;
        end -= entries.place[at];
        records -= entries.records[at];
        bytes -= entries.bytes[at];
        count -= at;
        entries.shift(at, count, shift);
        while (front < back && window[front] < at) {
            front++;
        }
        for (int i = front; i < back; i++) {
            window[i] -= at;
        }
        candidate = NONE;
        tentative = false;
        first = null;
        output.accept(ref);
    }

    private NodeRef write(int entryCount, int to, int size, long nodeRecords, long nodeBytes) {
        if (size > limit) {
            throw tooLarge(size);
        }
        byte[] key = Arrays.copyOfRange(encoded, entries.keyAt[0], entries.keyAt[0] + entries.keyLength[0]);
        int from = HEADER - 1 - ByteInput.width(entryCount);
        encoded[from] = (byte) level;
        ByteInput.put(encoded, from + 1, entryCount);
        ChunkId id = writer.write(
                level == 0 ? ChunkType.LEAF : ChunkType.INNER,
                encoded,
                from,
                to - from,
                () -> predecessors.find(level, middle(entryCount, size)));
        return new NodeRef(level, key, id, nodeRecords, nodeBytes);
    }

    /** The key of the entry in the middle of the node that the first entries make. */
    private byte[] middle(int entryCount, int size) {
        int found = Arrays.binarySearch(entries.place, 0, entryCount, size / 2);
        int i = found >= 0 ? found : -found - 2;
        return Arrays.copyOfRange(encoded, entries.keyAt[i], entries.keyAt[i] + entries.keyLength[i]);
    }

    private LimitExceededException tooLarge(int size) {
        return new LimitExceededException(
                "a tree node of level " + level + " would need " + size + " bytes or more; the limit is " + limit
                        + ". Only keys chosen with knowledge of the repository's secret do this");
    }
}
