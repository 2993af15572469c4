package io.crmbackup.internal.diff;

import io.crmbackup.SnapshotDiff;
import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.record.RecordText;
import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.internal.snapshot.StoredSource;
import io.crmbackup.internal.tree.TreeParameters;
import io.crmbackup.report.FieldChange;
import io.crmbackup.report.RecordChange;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Compares two snapshots, collection by collection, while it is iterated. Not thread-safe. */
public final class DiffRun implements SnapshotDiff {
    private final List<Pair> pairs;
    private final TreeParameters parameters;
    private boolean used;
    private boolean closed;

    /** A collection in both snapshots, or in one of them. */
    private record Pair(
            String source,
            @Nullable StoredCollection before,
            @Nullable StoredCollection after) {}

    public DiffRun(List<StoredSource> older, List<StoredSource> newer, TreeParameters parameters) {
        this.pairs = pairs(older, newer);
        this.parameters = parameters;
    }

    private static List<Pair> pairs(List<StoredSource> older, List<StoredSource> newer) {
        List<Pair> pairs = new ArrayList<>();
        for (StoredSource source : newer) {
            StoredSource before = find(older, source.name());
            for (StoredCollection now : source.collections()) {
                StoredCollection then =
                        before == null ? null : before.collection(now.name()).orElse(null);
                if (then != null && !CollectionChanges.sameIdentity(then.schema(), now.schema())) {
                    pairs.add(new Pair(source.name(), then, null));
                    then = null;
                }
                pairs.add(new Pair(source.name(), then, now));
            }
            if (before != null) {
                addGone(before, source, pairs);
            }
        }
        for (StoredSource source : older) {
            if (find(newer, source.name()) == null) {
                addGone(source, null, pairs);
            }
        }
        return pairs;
    }

    /** Adds the collections that only the older of two sources has. */
    private static void addGone(StoredSource before, @Nullable StoredSource after, List<Pair> pairs) {
        for (StoredCollection collection : before.collections()) {
            if (after == null || after.collection(collection.name()).isEmpty()) {
                pairs.add(new Pair(before.name(), collection, null));
            }
        }
    }

    private static @Nullable StoredSource find(List<StoredSource> sources, String name) {
        return sources.stream()
                .filter(source -> source.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    @Override
    public Iterator<RecordChange> iterator() {
        if (used) {
            throw new IllegalStateException("a diff can be iterated once; ask the repository for another");
        }
        used = true;
        Iterator<Pair> collections = pairs.iterator();
        return new com.google.common.collect.AbstractIterator<RecordChange>() {
            private @Nullable Supplier<@Nullable RecordChange> changes;

            @Override
            protected @Nullable RecordChange computeNext() {
                if (closed) {
                    throw new IllegalStateException("the diff is closed");
                }
                while (true) {
                    Interruption.check();
                    RecordChange next = changes == null ? null : changes.get();
                    if (next != null && isVisible(next)) {
                        return next;
                    } else if (next == null && !collections.hasNext()) {
                        return endOfData();
                    } else if (next == null) {
                        changes = changes(collections.next());
                    }
                }
            }
        };
    }

    private Supplier<@Nullable RecordChange> changes(Pair pair) {
        CollectionChanges some = CollectionChanges.between(parameters, pair.before, pair.after);
        return () -> some.next() ? change(pair, some.place(), some.before(), some.after()) : null;
    }

    /** Where fields were added or dropped, records are stored anew; but those that have no value there have not changed. */
    private static boolean isVisible(RecordChange change) {
        return change.kind() != RecordChange.Kind.CHANGED || !change.fields().isEmpty();
    }

    private static RecordChange change(Pair pair, byte[] place, byte @Nullable [] before, byte @Nullable [] after) {
        Side old = Side.of(pair.before, place, before);
        Side now = Side.of(pair.after, place, after);
        Side either = Objects.requireNonNull(now == null ? old : now);
        RecordChange.Kind kind = old == null
                ? RecordChange.Kind.ADDED
                : now == null ? RecordChange.Kind.REMOVED : RecordChange.Kind.CHANGED;
        return new RecordChange(
                pair.source,
                either.collection.name(),
                either.keyText(),
                kind,
                old == null ? null : old.fields(),
                now == null ? null : now.fields(),
                fields(old, now));
    }

    private static List<FieldChange> fields(@Nullable Side old, @Nullable Side now) {
        Set<String> names = new LinkedHashSet<>();
        for (Side side : new Side[] {now, old}) {
            if (side != null) {
                names.addAll(side.fields().keySet());
            }
        }
        List<FieldChange> changes = new ArrayList<>();
        for (String field : names) {
            byte[] before = old == null ? null : old.mark(field);
            byte[] after = now == null ? null : now.mark(field);
            if (!Arrays.equals(before, after)) {
                changes.add(new FieldChange(
                        field,
                        old == null ? null : old.fields().get(field),
                        now == null ? null : now.fields().get(field)));
            }
        }
        return changes;
    }

    /** One version of a record. */
    private static final class Side {
        private final StoredCollection collection;
        private final RecordKey key;
        private final List<FieldValue> values;
        private final List<byte @Nullable []> marks;
        private final Map<String, @Nullable String> fields;

        private Side(StoredCollection collection, byte[] place, byte[] value) {
            this.collection = collection;
            this.key = collection.decoder().key(place, value);
            this.values = collection.decoder().values(value);
            this.marks = collection.decoder().marks(value);
            this.fields = RecordText.fields(collection.schema(), values);
        }

        static @Nullable Side of(@Nullable StoredCollection collection, byte[] place, byte @Nullable [] value) {
            return collection == null || value == null ? null : new Side(collection, place, value);
        }

        String keyText() {
            return RecordText.key(collection.schema(), key, values);
        }

        Map<String, @Nullable String> fields() {
            return fields;
        }

        byte @Nullable [] mark(String field) {
            RecordSchema schema = collection.schema();
            int index = schema.indexOf(field);
            return index < 0 ? null : marks.get(index);
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
