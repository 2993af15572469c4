package io.crmbackup.internal.backup;

import io.crmbackup.internal.diff.ChangeCount;
import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.internal.snapshot.StoredSource;
import io.crmbackup.internal.tree.TreeParameters;
import io.crmbackup.internal.tree.TreeRoot;
import io.crmbackup.report.CollectionReport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How all collections of a run differ from what they were in the base. Not thread-safe. */
final class RunChanges {
    private final TreeParameters trees;
    private final PlainBytes plainBytes;
    private final CountedChanges counted;
    private final FirstWalk firstWalk;
    private final Readings readings;
    private final List<CollectionReport> reports = new ArrayList<>();
    private long bytesChanged;
    private long bytesRemoved;

    RunChanges(
            TreeParameters trees,
            PlainBytes plainBytes,
            CountedChanges counted,
            FirstWalk firstWalk,
            Readings readings) {
        this.trees = trees;
        this.plainBytes = plainBytes;
        this.counted = counted;
        this.firstWalk = firstWalk;
        this.readings = readings;
    }

    List<CollectionReport> reports() {
        return reports;
    }

    long bytesChanged() {
        return bytesChanged;
    }

    long bytesRemoved() {
        return bytesRemoved;
    }

    void count(List<StoredSource> base, Collection<StoredSource> captured) {
        for (StoredSource source : captured) {
            StoredSource before = PlanCapture.find(base, source.name());
            for (StoredCollection collection : source.collections()) {
                count(source.name(), before, collection);
            }
        }
        for (StoredSource before : base) {
            StoredSource source = PlanCapture.find(List.copyOf(captured), before.name());
            for (StoredCollection gone : before.collections()) {
                if (source == null || source.collection(gone.name()).isEmpty()) {
                    bytesRemoved += ChangeCount.plainBytes(gone);
                }
            }
        }
    }

    private void count(String source, @Nullable StoredSource before, StoredCollection collection) {
        StoredCollection then =
                before == null ? null : before.collection(collection.name()).orElse(null);
        ChangeCount count = then == null
                ? ChangeCount.ofNew(collection, plainBytes(source, collection))
                : changes(then, collection);
        TreeRoot content = collection.manifest().content();
        reports.add(new CollectionReport(
                source,
                collection.name(),
                content.records(),
                content.bytes(),
                count.added(),
                count.changed(),
                count.removed(),
                readings.of(source, collection.name())));
        bytesChanged += count.bytesChanged();
        bytesRemoved += count.bytesRemoved();
    }

    private ChangeCount changes(StoredCollection then, StoredCollection now) {
        ChangeCount found =
                counted.find(then.manifest().content(), now.manifest().content());
        return found == null ? ChangeCount.between(trees, then, now) : found;
    }

    /** Counted when the collection was read; if it was read twice, at the first time, since when it grew. */
    private long plainBytes(String source, StoredCollection collection) {
        Long counted = plainBytes.find(collection.manifest());
        if (counted != null) {
            return counted;
        }
        StoredCollection walked = firstWalk.collection(source, collection.name());
        Long countedFirst = walked == null ? null : plainBytes.find(walked.manifest());
        return walked == null || countedFirst == null
                ? ChangeCount.plainBytes(collection)
                : countedFirst + ChangeCount.between(trees, walked, collection).growth();
    }
}
