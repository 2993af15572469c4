package io.crmbackup.internal.engine;

import io.crmbackup.SnapshotDiff;
import io.crmbackup.internal.tree.TreeDiff;
import io.crmbackup.internal.tree.TreeParameters;
import io.crmbackup.internal.tree.TreeRoot;
import io.crmbackup.report.FieldChange;
import io.crmbackup.report.RecordChange;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Compares two snapshots, collection by collection, while it is iterated. Not thread-safe. */
final class DiffRun implements SnapshotDiff {
    private final List<Pair> pairs;
    private final TreeParameters parameters;
    private boolean used;
    private boolean closed;

    /** A collection in both snapshots, or in one of them. */
    private record Pair(
            String source,
            @Nullable StoredCollection before,
            @Nullable StoredCollection after) {}

    DiffRun(List<StoredSource> older, List<StoredSource> newer, TreeParameters parameters) {
        this.pairs = pairs(older, newer);
        this.parameters = parameters;
    }

    private static List<Pair> pairs(List<StoredSource> older, List<StoredSource> newer) {
        List<Pair> pairs = new ArrayList<>();
        for (StoredSource source : newer) {
            StoredSource before = find(older, source.name());
            for (StoredCollection collection : source.collections()) {
                StoredCollection then = before == null
                        ? null
                        : before.collection(collection.name()).orElse(null);
                pairs.add(new Pair(source.name(), then, collection));
            }
        }
        for (StoredSource source : older) {
            StoredSource after = find(newer, source.name());
            for (StoredCollection collection : source.collections()) {
                if (after == null || after.collection(collection.name()).isEmpty()) {
                    pairs.add(new Pair(source.name(), collection, null));
                }
            }
        }
        return pairs;
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
                    if (next != null) {
                        return next;
                    }
                    if (!collections.hasNext()) {
                        return endOfData();
                    }
                    changes = changes(collections.next());
                }
            }
        };
    }

    private Supplier<@Nullable RecordChange> changes(Pair pair) {
        StoredCollection reference = Objects.requireNonNull(pair.after == null ? pair.before : pair.after);
        TreeDiff diff = new TreeDiff(parameters, reference.reader(), content(pair.before), content(pair.after));
        return () -> diff.next() ? change(pair, diff.key(), diff.before(), diff.after()) : null;
    }

    private static TreeRoot content(@Nullable StoredCollection collection) {
        return collection == null ? TreeRoot.EMPTY : collection.manifest().content();
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
        List<FieldChange> changes = new ArrayList<>();
        Map<String, @Nullable String> before = old == null ? Map.of() : old.fields();
        Map<String, @Nullable String> after = now == null ? Map.of() : now.fields();
        if (now != null) {
            for (String field : after.keySet()) {
                if (old == null || !Arrays.equals(old.mark(field), now.mark(field))) {
                    changes.add(new FieldChange(field, before.get(field), after.get(field)));
                }
            }
        }
        if (old != null) {
            for (String field : before.keySet()) {
                if (!after.containsKey(field)) {
                    changes.add(new FieldChange(field, before.get(field), null));
                }
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
