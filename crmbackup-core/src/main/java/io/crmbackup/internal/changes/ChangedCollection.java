package io.crmbackup.internal.changes;

import com.google.common.collect.AbstractIterator;
import io.crmbackup.internal.capture.CollectionCapture;
import io.crmbackup.internal.capture.RecordIntake;
import io.crmbackup.internal.capture.RecordLookUp;
import io.crmbackup.internal.capture.RunContext;
import io.crmbackup.internal.diff.ChangeCount;
import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.internal.sort.ExternalSorter;
import io.crmbackup.internal.sort.SortedRecords;
import io.crmbackup.internal.tree.RecordTree;
import io.crmbackup.internal.tree.TreeEditor;
import io.crmbackup.internal.tree.TreeRoot;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.RecordChanges;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns the base of a collection into what it is now, by what its source says changed. Reads the nodes that changes touch, and writes those that
 * differ. Memory: four sorters at most, however much changed. Not thread-safe.
 */
public final class ChangedCollection {
    static final byte[] NOTHING = new byte[0];

    private final CapturedCollection collection;
    private final StoredCollection base;
    private final RunContext context;
    private final Fineness fineness;

    /**
     * What became of the base.
     *
     * @param content its records now
     * @param count how they differ; counted on the way, so that nothing is read again to compare
     */
    public record Result(TreeRoot content, ChangeCount count) {}

    /**
     * Creates it.
     *
     * @param collection the collection as it is captured now
     * @param base the same as it was, with an equal schema
     */
    public ChangedCollection(CapturedCollection collection, StoredCollection base, RunContext context) {
        this(collection, base, context, Fineness.STANDARD);
    }

    ChangedCollection(CapturedCollection collection, StoredCollection base, RunContext context, Fineness fineness) {
        this.collection = collection;
        this.base = base;
        this.context = context;
        this.fineness = fineness;
    }

    /**
     * The content now, and how it differs from the base. The changes are not closed.
     *
     * @param capture reads the records that are new or changed
     * @throws ImplausibleChangesException if what the source says doesn't add up; then nothing may be taken from it
     */
    public Result apply(RecordChanges changes, CollectionCapture capture) throws IOException {
        try (ExternalSorter put = context.sorters().get();
                ExternalSorter inserted = context.sorters().get();
                ExternalSorter removed = context.sorters().get()) {
            try (RecordCursor cursor = changes.changed()) {
                capture.read(cursor, new Intake(put), context.progress());
            }
            long before = base.manifest().content().records();
            Tally tally = new Tally(base.decoder());
            PartCounts counted = count(changes, () -> findInserted(put, inserted, tally));
            long added = tally.added();
            long now = counted.sum();
            long gone = before + added - now;
            if (now < 0 || gone < 0 || gone > before) {
                throw new ImplausibleChangesException("the source counted " + now + " records now, where " + before
                        + " were and " + added + " were said to be new");
            }
            if (gone > 0) {
                requireKeys();
                new RemovedRecords(collection, base, changes, context, inserted, removed, tally, fineness)
                        .find(counted, gone);
            }
            TreeRoot content = new TreeEditor(context.trees(), context.reader(), context.writer())
                    .apply(base.manifest().content(), new ChangeEdits(put.sorted(), removed.sorted()));
            return new Result(content, tally.count());
        }
    }

    /** Has the source count while other work is done, or with one core afterwards. Where records were probably removed, by parts: it would have to count by these anyway. */
    private PartCounts count(RecordChanges changes, Runnable meanwhile) throws IOException {
        boolean byParts = changes.hasProbablyRemoved()
                && collection.order() == CapturedCollection.Order.BY_KEY
                && collection.schema().isKeyed();
        List<Part> parts = byParts ? PartCounts.divided(base, fineness) : PartCounts.whole(base);
        if (context.cores() == 1) {
            meanwhile.run();
            return PartCounts.ofAll(changes, parts);
        }
        try (Asked<PartCounts> counts = Asked.of(() -> PartCounts.ofAll(changes, parts))) {
            meanwhile.run();
            return counts.answer();
        }
    }

    private void requireKeys() {
        if (!collection.schema().isKeyed()) {
            throw new ImplausibleChangesException(
                    "its records have no key, so that changes can't be told by the record");
        }
    }

    private final class Intake implements RecordIntake {
        private final ExternalSorter put;

        Intake(ExternalSorter put) {
            this.put = put;
        }

        @Override
        public void add(RecordKey key, byte[] place, byte[] value, byte[] fingerprint) {
            put.add(place, value);
        }

        @Override
        public void addKeyless(byte[] rowHash, byte[] value) {
            requireKeys();
        }
    }

    private static Iterator<byte[]> places(SortedRecords records) {
        return new AbstractIterator<>() {
            @Override
            protected byte @Nullable [] computeNext() {
                return records.next() ? records.key() : endOfData();
            }
        };
    }

    /** Counts what is new and changed, and keeps the places that the base doesn't have. */
    private void findInserted(ExternalSorter changed, ExternalSorter inserted, Tally tally) {
        TreeRoot content = base.manifest().content();
        // Records on disk can't be gone through twice at once.
        Iterator<byte[]> places = changed.bytesSpilled() > 0 ? Collections.emptyIterator() : places(changed.sorted());
        LeavesAhead leaves =
                new LeavesAhead(base.reader(), context.spare(), base.trees().covering(content, places));
        RecordLookUp known = new RecordLookUp(new RecordTree(context.trees(), leaves).scan(content));
        SortedRecords put = changed.sorted();
        byte[] last = NOTHING;
        while (put.next()) {
            Interruption.check();
            byte[] place = put.key();
            if (Arrays.equals(last, place)) {
                throw new ImplausibleChangesException("the source named a changed record twice");
            }
            last = place;
            byte[] before = known.find(place);
            if (before == null) {
                inserted.add(place, NOTHING);
                tally.added(put.value());
            } else {
                tally.found(before, put.value());
            }
        }
    }
}
