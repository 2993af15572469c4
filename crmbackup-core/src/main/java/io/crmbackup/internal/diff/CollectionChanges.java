package io.crmbackup.internal.diff;

import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.internal.tree.TreeCursor;
import io.crmbackup.internal.tree.TreeDiff;
import io.crmbackup.internal.tree.TreeParameters;
import io.crmbackup.internal.tree.TreeRoot;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.RecordSchema;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the records whose stored bytes differ between two states of a collection, in tree order. Reads what differs only, unless the fields have other
 * names or types: then equal bytes no longer mean equal records, and both states are read. Not thread-safe.
 */
public final class CollectionChanges {
    private final Steps steps;

    /** Where and what the current record is. */
    private interface Steps {
        boolean next();

        byte[] place();

        byte @Nullable [] before();

        byte @Nullable [] after();
    }

    private CollectionChanges(Steps steps) {
        this.steps = steps;
    }

    /** From one state to another, at least one of which is there. */
    public static CollectionChanges between(
            TreeParameters parameters, @Nullable StoredCollection before, @Nullable StoredCollection after) {
        if (before != null && after != null && !sameFields(before.schema(), after.schema())) {
            return new CollectionChanges(new Merged(before.records(), after.records()));
        }
        StoredCollection either = Objects.requireNonNull(after == null ? before : after);
        return new CollectionChanges(
                new Differing(new TreeDiff(parameters, either.reader(), content(before), content(after))));
    }

    private static TreeRoot content(@Nullable StoredCollection collection) {
        return collection == null ? TreeRoot.EMPTY : collection.manifest().content();
    }

    /** Whether equal keys mean the same record, and have equal bytes. */
    public static boolean sameIdentity(RecordSchema one, RecordSchema other) {
        return one.keyForm() == other.keyForm()
                && one.key().equals(other.key())
                && keyForms(one).equals(keyForms(other));
    }

    /** By field of the key, the type whose values have a form of their own in keys; all others have the same. */
    private static List<FieldType> keyForms(RecordSchema schema) {
        return schema.key().stream()
                .map(name -> schema.fields().get(schema.indexOf(name)).type())
                .map(type -> type == FieldType.INTEGER || type == FieldType.DYNAMIC ? type : FieldType.OTHER)
                .toList();
    }

    /** Whether equal bytes mean equal records. */
    public static boolean sameFields(RecordSchema one, RecordSchema other) {
        return fields(one).equals(fields(other));
    }

    private static List<Map.Entry<String, FieldType>> fields(RecordSchema schema) {
        return schema.fields().stream()
                .map(field -> Map.entry(field.name(), field.type()))
                .toList();
    }

    /** Goes to the next record and tells whether there is one. */
    public boolean next() {
        return steps.next();
    }

    /** Its place in the trees. */
    public byte[] place() {
        return steps.place();
    }

    /** What it was; null if it was not there. */
    public byte @Nullable [] before() {
        return steps.before();
    }

    /** What it is; null if it is gone. */
    public byte @Nullable [] after() {
        return steps.after();
    }

    private record Differing(TreeDiff diff) implements Steps {
        @Override
        public boolean next() {
            return diff.next();
        }

        @Override
        public byte[] place() {
            return diff.key();
        }

        @Override
        public byte @Nullable [] before() {
            return diff.before();
        }

        @Override
        public byte @Nullable [] after() {
            return diff.after();
        }
    }

    /** All records of both. */
    private static final class Merged implements Steps {
        private final TreeCursor older;
        private final TreeCursor newer;
        private boolean moreOlder;
        private boolean moreNewer;
        private boolean started;
        private int order;

        Merged(TreeCursor older, TreeCursor newer) {
            this.older = older;
            this.newer = newer;
        }

        @Override
        public boolean next() {
            if (!started || order <= 0) {
                moreOlder = older.next();
            }
            if (!started || order >= 0) {
                moreNewer = newer.next();
            }
            started = true;
            if (!moreOlder && !moreNewer) {
                return false;
            }
            order = !moreOlder ? 1 : !moreNewer ? -1 : older.compareKey(newer.key());
            return true;
        }

        @Override
        public byte[] place() {
            return order <= 0 ? older.key() : newer.key();
        }

        @Override
        public byte @Nullable [] before() {
            return order <= 0 ? older.value() : null;
        }

        @Override
        public byte @Nullable [] after() {
            return order >= 0 ? newer.value() : null;
        }
    }
}
