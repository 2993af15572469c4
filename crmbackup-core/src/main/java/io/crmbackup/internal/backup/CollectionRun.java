package io.crmbackup.internal.backup;

import io.crmbackup.Compression;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.capture.BaseRecords;
import io.crmbackup.internal.capture.CollectionCapture;
import io.crmbackup.internal.capture.FormerCollection;
import io.crmbackup.internal.capture.RecordFeed;
import io.crmbackup.internal.capture.RunContext;
import io.crmbackup.internal.capture.TreeBuilding;
import io.crmbackup.internal.changes.ChangedCollection;
import io.crmbackup.internal.changes.ImplausibleChangesException;
import io.crmbackup.internal.changes.Marks;
import io.crmbackup.internal.changes.StoredCapture;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.manifest.CollectionManifest;
import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.internal.snapshot.StoredSource;
import io.crmbackup.internal.store.CollectionCompression;
import io.crmbackup.internal.store.CollectionWriter;
import io.crmbackup.internal.store.TolerantWriter;
import io.crmbackup.internal.tree.TreeRoot;
import io.crmbackup.report.CollectionReading;
import io.crmbackup.report.StrategyKind;
import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.ChangeDetection;
import io.crmbackup.spi.MarkCursor;
import io.crmbackup.spi.RecordChanges;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.Source;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one collection into the run's snapshot: what changed, if its source can tell, or else all. Not thread-safe. */
final class CollectionRun {
    private static final Logger LOG = LoggerFactory.getLogger(CollectionRun.class);

    private final String sourceName;
    private final Source.Consistency consistency;
    private final Capture capture;
    private final CapturedCollection collection;
    private final CaptureRun run;
    private final CaptureProblems problems;
    private final Compression compression;
    private final @Nullable StoredSource baseSource;
    private final @Nullable StoredCollection base;
    private final FormerCollection former;
    private final CollectionWriter writer;
    private final RunContext context;
    private TreeRoot content = TreeRoot.EMPTY;
    private TreeRoot fingerprints = TreeRoot.EMPTY;

    CollectionRun(
            String sourceName,
            Source source,
            Capture capture,
            CapturedCollection collection,
            CaptureRun run,
            CaptureProblems problems,
            Compression compression,
            @Nullable StoredSource baseSource) {
        this.sourceName = sourceName;
        this.consistency = source.consistency();
        this.capture = capture;
        this.collection = collection;
        this.run = run;
        this.problems = problems;
        this.compression = compression;
        this.baseSource = baseSource;
        this.base = baseSource == null
                ? null
                : baseSource.collection(collection.name()).orElse(null);
        boolean isIsolated = compression.isIsolated();
        this.former = isIsolated ? FormerCollection.NONE : run.former().collection(sourceName, collection.name());
        this.writer = run.session()
                .writerFor(
                        isIsolated
                                ? CollectionCompression.isolated()
                                : CollectionCompression.deltasAndDictionary(former.dictionary(base)));
        this.context = run.context().with(new TolerantWriter(writer));
    }

    StoredCollection read() throws IOException {
        ChunkId schema = run.documents().write(context.writer(), collection.schema(), former.schema());
        StoredCollection comparable = base == null || !base.manifest().schema().equals(schema) ? null : base;
        CollectionCapture all = records(comparable == null ? null : new BaseRecords(comparable));
        context.progress().during(sourceName + ": " + collection.name(), () -> read(comparable, all));
        CollectionManifest manifest = new CollectionManifest(
                collection.name(), schema, content, fingerprints, kept(writer.finish()), compression);
        if (comparable == null) {
            run.plainBytes().put(manifest, all.plainBytes());
        }
        return StoredCollection.of(manifest, collection.schema(), context.trees(), context.reader());
    }

    private CollectionCapture records(@Nullable BaseRecords unchanged) {
        return new CollectionCapture(collection, consistency, unchanged, former, context, run.meter(), problems);
    }

    private void read(@Nullable StoredCollection comparable, CollectionCapture all) throws IOException {
        boolean byChanges = comparable == null || baseSource == null
                ? readsAll(whyNotCompared())
                : readChanges(new StoredCapture(baseSource, comparable));
        if (!byChanges) {
            readAll(all);
        }
        if (fingerprints.isEmpty()) {
            fingerprints = marks();
        }
    }

    private void readAll(CollectionCapture all) throws IOException {
        TreeBuilding trees = context.treeBuilding(former);
        try (RecordFeed feed = new RecordFeed(collection, context.sorters(), trees);
                RecordCursor cursor = capture.read(collection.name())) {
            all.readInto(feed, cursor, context.progress());
        }
        TreeBuilding.Trees built = trees.finish();
        content = built.content();
        fingerprints = built.fingerprints();
    }

    private String whyNotCompared() {
        if (run.kind() == StrategyKind.FULL) {
            return "a full backup";
        }
        return base == null ? "the base does not have it" : "its schema changed";
    }

    /** Notes why all is read. */
    private boolean readsAll(String why) {
        run.readings().put(sourceName, collection.name(), CollectionReading.all(why));
        return false;
    }

    /** Makes the content by what the source says changed; false if all must be read. */
    private boolean readChanges(StoredCapture before) throws IOException {
        if (consistency != Source.Consistency.MOMENT) {
            return readsAll("the source shows a window of time, each record as it is when it is visited");
        }
        if (!before.hasMarks()) {
            return readsAll("the base has nothing to recognise changes by");
        }
        ChangeDetection detection = capture.changesSince(collection.name(), before);
        if (detection instanceof ChangeDetection.ReadAll all) {
            return readsAll(all.reason());
        }
        String doubt = apply(((ChangeDetection.Found) detection).changes(), before.collection());
        // First, as numbers don't add up either where something was left out.
        if (problems.concern(collection.name())) {
            return readsAll("something of what changed could not be read");
        }
        return doubt == null || readsAll(doubt);
    }

    /** Makes the content by what the source says changed; tells why that can't be, if it can't. */
    private @Nullable String apply(RecordChanges told, StoredCollection before) throws IOException {
        try (RecordChanges changes = told) {
            problems.beginAttempt(collection.name());
            ChangedCollection.Result result =
                    new ChangedCollection(collection, before, context).apply(changes, records(null));
            content = result.content();
            run.counted().put(before.manifest().content(), content, result.count());
            run.readings().put(sourceName, collection.name(), CollectionReading.changes(changes.method()));
            return null;
        } catch (ImplausibleChangesException e) {
            LOG.warn(
                    "collection {} of source {} is read in full, as what it says of changes can't be: {}",
                    collection.name(),
                    sourceName,
                    e.getMessage());
            return e.getMessage();
        } finally {
            problems.endAttempt();
        }
    }

    /** The marks that the source leaves, where what it delivered is all that there is. */
    private TreeRoot marks() throws IOException {
        if (consistency != Source.Consistency.MOMENT || problems.concern(collection.name())) {
            return TreeRoot.EMPTY;
        }
        try (MarkCursor marks = capture.marks(collection.name())) {
            return Marks.store(collection.name(), marks, context.fingerprints(former));
        }
    }

    /** The dictionary, relied on as all that the snapshot names, whether it was needed this time or not; null if it is lost. */
    private @Nullable ChunkId kept(@Nullable ChunkId dictionary) {
        if (dictionary != null) {
            try {
                run.session().keep(dictionary, ChunkType.DICTIONARY);
            } catch (DamagedObjectException e) {
                LOG.warn("source {} goes on without a dictionary that is lost: {}", sourceName, e.getMessage());
                return null;
            }
        }
        return dictionary;
    }
}
