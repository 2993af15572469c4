package io.crmbackup.internal.changes;

import com.google.common.collect.Iterators;
import io.crmbackup.internal.capture.OrderedRecords;
import io.crmbackup.internal.capture.RecordFeed;
import io.crmbackup.internal.capture.RunContext;
import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.record.TreeKeys;
import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.internal.sort.ExternalSorter;
import io.crmbackup.internal.tree.RecordTree;
import io.crmbackup.internal.tree.TreeCursor;
import io.crmbackup.internal.tree.TreeRoot;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.KeyCursor;
import io.crmbackup.spi.RecordChanges;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the records of the base that are gone, where counts tell that some are missing: first among some parts of the whole
 * collection, then among the leaves of those parts that differ, and in those by their keys. Where records come in no order, by all keys.
 * Not thread-safe.
 */
final class RemovedRecords {
    private final CapturedCollection collection;
    private final StoredCollection base;
    private final TreeRoot content;
    private final RecordChanges changes;
    private final RunContext context;
    private final ExternalSorter inserted;
    private final ExternalSorter removed;
    private final Tally tally;
    private final Fineness fineness;
    /** What is to be compared next; neighbours are one. */
    private final List<Part> suspects = new ArrayList<>();

    RemovedRecords(
            CapturedCollection collection,
            StoredCollection base,
            RecordChanges changes,
            RunContext context,
            ExternalSorter inserted,
            ExternalSorter removed,
            Tally tally,
            Fineness fineness) {
        this.collection = collection;
        this.base = base;
        this.content = base.manifest().content();
        this.changes = changes;
        this.context = context;
        this.inserted = inserted;
        this.removed = removed;
        this.tally = tally;
        this.fineness = fineness;
    }

    /**
     * Adds the places of all records that are gone to {@code removed}.
     *
     * @param now how many records there are
     * @param gone how many are gone
     */
    void find(PartCounts now, long gone) throws IOException {
        if (now.sum() == 0 || collection.order() == CapturedCollection.Order.UNSORTED) {
            suspect(new Part(null, null, content.records()));
        } else {
            divide(now, gone);
        }
        compareSuspects();
        if (tally.removed() != gone) {
            throw new ImplausibleChangesException(
                    "by the source's counts " + gone + " records are gone, by its keys " + tally.removed());
        }
    }

    private void divide(PartCounts known, long gone) throws IOException {
        List<Part> parts = known.isDivided() ? known.parts() : PartCounts.divided(base, fineness);
        long[] missing = {gone};
        if (parts.size() > 1) {
            PartCounts counts = known.isDivided() ? known : PartCounts.of(changes, parts);
            missing = counts.missing(new PlaceCounter(inserted.sorted()));
        }
        requireSum(gone, Arrays.stream(missing).sum());
        PlaceCounter again = new PlaceCounter(inserted.sorted());
        for (int i = 0; i < missing.length; i++) {
            Part part = parts.get(i);
            if (missing[i] == 0) {
                continue;
            }
            if (part.records() <= fineness.few() || missing[i] > part.records() / fineness.sparse()) {
                suspect(part);
            } else {
                divide(part, missing[i], again);
            }
        }
    }

    /** Looks for the leaves of a part from which records are missing. */
    private void divide(Part part, long gone, PlaceCounter insertions) throws IOException {
        byte[] from = from(part);
        insertions.below(from);
        Division leaves = new Division(part, base.trees().leaves(content, from));
        long sum = 0;
        while (leaves.hasNext()) {
            List<Part> parts = new ArrayList<>();
            while (leaves.hasNext() && parts.size() < fineness.parts()) {
                parts.add(leaves.next());
            }
            long[] missing = PartCounts.of(changes, parts).missing(insertions);
            for (int i = 0; i < missing.length; i++) {
                sum += missing[i];
                if (missing[i] > 0) {
                    suspect(parts.get(i));
                }
            }
        }
        requireSum(gone, sum);
    }

    private static byte[] from(Part part) {
        byte[] from = part.from();
        return from == null ? ChangedCollection.NOTHING : from;
    }

    private static void requireSum(long gone, long sum) {
        if (sum != gone) {
            throw new ImplausibleChangesException("the source's counts of parts don't add up: " + sum
                    + " records are gone from the parts, " + gone + " from the whole");
        }
    }

    private void suspect(Part part) throws IOException {
        int last = suspects.size() - 1;
        Part before = last < 0 ? null : suspects.get(last);
        if (before != null && Arrays.equals(before.to(), part.from())) {
            suspects.set(last, new Part(before.from(), part.to(), before.records() + part.records()));
            return;
        }
        if (suspects.size() == fineness.ranges()) {
            compareSuspects();
        }
        suspects.add(part);
    }

    /** Compares the keys of the parts that are to be compared with those that are there; all are asked for at once. */
    private void compareSuspects() throws IOException {
        if (suspects.isEmpty()) {
            return;
        }
        List<Part> parts = List.copyOf(suspects);
        suspects.clear();
        LeavesAhead leaves = new LeavesAhead(
                base.reader(),
                context.spare(),
                Iterators.concat(Iterators.transform(
                        parts.iterator(), part -> base.trees().covering(content, from(part), part.to()))));
        RecordTree trees = new RecordTree(context.trees(), leaves);
        try (KeyCursor keys = changes.keys(parts.stream().map(Part::keys).toList())) {
            boolean onKey = keys.next();
            for (Part part : parts) {
                onKey = compare(part, keys, onKey, trees);
            }
            if (onKey) {
                throw new ImplausibleChangesException("the source gave a key that was not asked for");
            }
        }
    }

    /** Compares the keys of a part as long as they are in it; returns whether there is one left. */
    private boolean compare(Part part, KeyCursor keys, boolean onFirst, RecordTree trees) throws IOException {
        Comparison comparison = new Comparison(trees.scan(content, from(part), part.to()));
        var range = part.keys();
        boolean onKey = onFirst;
        try (RecordFeed feed = new RecordFeed(collection, context.sorters(), comparison)) {
            while (onKey && range.contains(keys.key())) {
                Interruption.check();
                RecordKey key = keys.key();
                feed.add(key, TreeKeys.place(key), ChangedCollection.NOTHING, ChangedCollection.NOTHING);
                onKey = keys.next();
            }
            feed.finish();
        }
        comparison.finish();
        return onKey;
    }

    /** Takes the places that are there, in order, and notes those of the base that are skipped. */
    private final class Comparison implements OrderedRecords {
        private final TreeCursor known;
        private boolean onRecord;
        private byte @Nullable [] last;

        Comparison(TreeCursor known) {
            this.known = known;
            this.onRecord = known.next();
        }

        @Override
        public void add(byte[] place, byte[] value, byte[] fingerprint) {
            if (last != null && Arrays.compareUnsigned(last, place) >= 0) {
                throw new ImplausibleChangesException("the source gave a key twice, or keys out of order");
            }
            last = place;
            while (onRecord && known.compareKey(place) < 0) {
                remove();
            }
            if (onRecord && known.compareKey(place) == 0) {
                onRecord = known.next();
            }
        }

        void finish() {
            while (onRecord) {
                remove();
            }
        }

        private void remove() {
            Interruption.check();
            removed.add(known.key(), ChangedCollection.NOTHING);
            tally.removed(known.value());
            onRecord = known.next();
        }
    }
}
