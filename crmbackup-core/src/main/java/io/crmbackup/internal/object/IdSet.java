package io.crmbackup.internal.object;

import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A set of ids in ascending order, 16 bytes each, so that a million fit into 16 MB. Immutable. */
public final class IdSet implements Iterable<ObjectId> {
    private static final IdSet EMPTY = new IdSet(new long[0]);

    /** Two numbers an id, its high and its low half. */
    private final long[] halves;

    private IdSet(long[] halves) {
        this.halves = halves;
    }

    /** The set without elements. */
    public static IdSet empty() {
        return EMPTY;
    }

    /** The set of these ids. */
    public static IdSet of(ObjectId... ids) {
        return of(List.of(ids));
    }

    /** The set of these ids. */
    public static IdSet of(Collection<ObjectId> ids) {
        ObjectId[] sorted = ids.toArray(new ObjectId[0]);
        Arrays.sort(sorted);
        Builder set = new Builder(sorted.length);
        for (int i = 0; i < sorted.length; i++) {
            if (i == 0 || !sorted[i].equals(sorted[i - 1])) {
                set.add(sorted[i].high(), sorted[i].low());
            }
        }
        return set.build();
    }

    /** Number of elements. */
    public int size() {
        return halves.length / 2;
    }

    /** Whether there are no elements. */
    public boolean isEmpty() {
        return halves.length == 0;
    }

    /** Whether the id is an element. */
    public boolean contains(ObjectId id) {
        int from = 0;
        int to = size();
        while (from < to) {
            int middle = (from + to) >>> 1;
            int order = compare(middle, id.high(), id.low());
            if (order == 0) {
                return true;
            } else if (order < 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return false;
    }

    /** Whether every element of the other set is in this one. */
    public boolean containsAll(IdSet other) {
        return other.minus(this).isEmpty();
    }

    /** The elements that are in both. */
    public IdSet intersect(IdSet other) {
        return size() <= other.size() ? filtered(other::contains) : other.filtered(this::contains);
    }

    /** The elements that are not in the other set. */
    public IdSet minus(IdSet other) {
        return isEmpty() || other.isEmpty() ? this : filtered(id -> !other.contains(id));
    }

    /** The elements of both. */
    public IdSet union(IdSet other) {
        if (isEmpty() || other.isEmpty()) {
            return isEmpty() ? other : this;
        }
        Builder set = new Builder(size() + other.size());
        int i = 0;
        int j = 0;
        while (i < size() || j < other.size()) {
            int order =
                    i == size() ? 1 : j == other.size() ? -1 : compare(i, other.halves[2 * j], other.halves[2 * j + 1]);
            if (order <= 0) {
                set.add(halves[2 * i], halves[2 * i + 1]);
            } else {
                set.add(other.halves[2 * j], other.halves[2 * j + 1]);
            }
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        return set.build();
    }

    /** The elements in ascending order. */
    public Stream<ObjectId> stream() {
        return StreamSupport.stream(spliterator(), false);
    }

    @Override
    public Iterator<ObjectId> iterator() {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < size();
            }

            @Override
            public ObjectId next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return id(next++);
            }
        };
    }

    private IdSet filtered(Predicate<ObjectId> wanted) {
        Builder set = new Builder(size());
        for (ObjectId id : this) {
            if (wanted.test(id)) {
                set.add(id.high(), id.low());
            }
        }
        return set.build();
    }

    private ObjectId id(int i) {
        return new ObjectId(halves[2 * i], halves[2 * i + 1]);
    }

    private int compare(int i, long high, long low) {
        int byHigh = Long.compareUnsigned(halves[2 * i], high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(halves[2 * i + 1], low);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof IdSet that && Arrays.equals(halves, that.halves);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(halves);
    }

    /** The first few ids and how many there are. */
    @Override
    public String toString() {
        List<String> first = stream().limit(3).map(ObjectId::toString).toList();
        return size() <= 3 ? first.toString() : first + " and " + (size() - 3) + " more";
    }

    /** Takes ids in ascending order. */
    private static final class Builder {
        private final long[] halves;
        private int used;

        Builder(int most) {
            halves = new long[2 * most];
        }

        void add(long high, long low) {
            halves[used++] = high;
            halves[used++] = low;
        }

        IdSet build() {
            return used == 0 ? EMPTY : new IdSet(used == halves.length ? halves : Arrays.copyOf(halves, used));
        }
    }
}
