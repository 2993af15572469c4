package io.crmbackup.internal.backup;

import io.crmbackup.FileReferences;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.error.SourceException;
import io.crmbackup.internal.capture.BaseRecords;
import io.crmbackup.internal.capture.CollectionCapture;
import io.crmbackup.internal.capture.FormerCollection;
import io.crmbackup.internal.capture.RecordFeed;
import io.crmbackup.internal.capture.RunContext;
import io.crmbackup.internal.capture.TreeBuilding;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.manifest.CollectionManifest;
import io.crmbackup.internal.manifest.SourceManifest;
import io.crmbackup.internal.reference.ReferenceCheck;
import io.crmbackup.internal.snapshot.Names;
import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.internal.snapshot.StoredSource;
import io.crmbackup.internal.store.CollectionCompression;
import io.crmbackup.internal.store.CollectionWriter;
import io.crmbackup.internal.store.Likeness;
import io.crmbackup.internal.store.TolerantWriter;
import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.Problem;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One capture of one source, open while it is read into trees. Not thread-safe. */
final class SourceCapture implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SourceCapture.class);

    private final String name;
    private final Source source;
    private final CaptureRun run;
    private final Consumer<Problem> problems;
    private final Capture capture;
    private SourceCompression compression = SourceCompression.STANDARD;

    private SourceCapture(String name, Source source, CaptureRun run, Consumer<Problem> problems, Capture capture) {
        this.name = name;
        this.source = source;
        this.run = run;
        this.problems = problems;
        this.capture = capture;
    }

    /** Opens a capture; fails if a collection that the plan names is not there. */
    static SourceCapture open(String name, Source source, CaptureRun run, Consumer<Problem> problems) {
        SourceCapture opened = run.faults(name, "captured", () -> {
            Capture capture = source.capture(new CaptureContext() {
                @Override
                public void problem(Problem problem) {
                    problems.accept(problem);
                }

                @Override
                public Path workDirectory() {
                    return run.workDirectory();
                }
            });
            return new SourceCapture(name, source, run, problems, capture);
        });
        boolean fits = false;
        try {
            opened.resolveNames();
            fits = true;
        } finally {
            if (!fits) {
                opened.closeQuietly();
            }
        }
        return opened;
    }

    private void resolveNames() {
        List<CapturedCollection> collections = run.faults(name, "captured", capture::collections);
        compression = SourceCompression.of(
                run.plan(),
                name,
                collections.stream().map(CapturedCollection::name).toList());
        for (FileReferences references : run.plan().references()) {
            if (references.source().equals(name)) {
                RecordSchema schema = Names.find(
                                "source " + name,
                                "collection",
                                references.collection(),
                                collections,
                                CapturedCollection::name)
                        .schema();
                Names.field(references.collection(), schema, references.pathField());
                references.sizeField().ifPresent(size -> Names.field(references.collection(), schema, size));
            }
            if (references.files().equals(name)
                    && collections.stream().noneMatch(one -> ReferenceCheck.areFiles(one.schema()))) {
                throw new IllegalArgumentException(
                        "source " + name + " has no files that records could refer to, as " + references + " says");
            }
        }
    }

    /** Reads all collections; unchanged records are taken from the base if there is one. */
    StoredSource read(@Nullable StoredSource base) {
        return run.faults(name, "read", () -> {
            Map<String, String> attributes = capture.attributes();
            List<StoredCollection> stored = new ArrayList<>();
            Set<String> names = new HashSet<>();
            for (CapturedCollection collection : capture.collections()) {
                if (!names.add(collection.name())) {
                    throw new SourceException("source " + name + " has two collections called " + collection.name());
                }
                stored.add(readCollection(collection, base));
            }
            SourceManifest manifest = new SourceManifest(
                    name,
                    source.consistency(),
                    capture.moment(),
                    source.consistency() == Source.Consistency.MOMENT
                            ? capture.moment()
                            : run.clock().instant(),
                    capture.position(),
                    run.documents()
                            .write(
                                    new TolerantWriter(run.session()),
                                    attributes,
                                    compression.source().isIsolated()
                                            ? Likeness.NONE
                                            : run.former().attributes(name)),
                    stored.stream().map(StoredCollection::manifest).toList());
            return new StoredSource(manifest, attributes, List.copyOf(stored));
        });
    }

    private StoredCollection readCollection(CapturedCollection collection, @Nullable StoredSource base)
            throws IOException {
        boolean isIsolated = compression.of(collection.name()).isIsolated();
        FormerCollection former =
                isIsolated ? FormerCollection.NONE : run.former().collection(name, collection.name());
        StoredCollection before =
                base == null ? null : base.collection(collection.name()).orElse(null);
        CollectionWriter writer = run.session()
                .writerFor(
                        isIsolated
                                ? CollectionCompression.isolated()
                                : CollectionCompression.deltasAndDictionary(former.dictionary(before)));
        RunContext context = run.context().with(new TolerantWriter(writer));
        ChunkId schema = run.documents().write(context.writer(), collection.schema(), former.schema());
        BaseRecords unchanged =
                before == null || !before.manifest().schema().equals(schema) ? null : new BaseRecords(before);
        TreeBuilding trees = context.treeBuilding(former);
        CollectionCapture records = new CollectionCapture(
                collection, source.consistency(), unchanged, former, context, run.meter(), problems);
        context.progress().during(name + ": " + collection.name(), () -> {
            try (RecordFeed feed = new RecordFeed(collection, context.sorters(), trees);
                    RecordCursor cursor = capture.read(collection.name())) {
                records.readInto(feed, cursor, context.progress());
            }
        });
        TreeBuilding.Trees built = trees.finish();
        CollectionManifest manifest = new CollectionManifest(
                collection.name(),
                schema,
                built.content(),
                built.fingerprints(),
                kept(writer.finish()),
                compression.of(collection.name()));
        if (unchanged == null) {
            run.plainBytes().put(manifest, records.plainBytes());
        }
        return StoredCollection.of(manifest, collection.schema(), context.trees(), context.reader());
    }

    /** The dictionary, relied on as all that the snapshot names, whether it was needed this time or not; null if it is lost. */
    private @Nullable ChunkId kept(@Nullable ChunkId dictionary) {
        if (dictionary != null) {
            try {
                run.session().keep(dictionary, ChunkType.DICTIONARY);
            } catch (DamagedObjectException e) {
                LOG.warn("source {} goes on without a dictionary that is lost: {}", name, e.getMessage());
                return null;
            }
        }
        return dictionary;
    }

    @Override
    public void close() {
        run.faults(name, "closed", () -> {
            capture.close();
            return name;
        });
    }

    /** Closes after a failure, which is what counts then. */
    void closeQuietly() {
        try {
            capture.close();
        } catch (IOException e) {
            LOG.debug("source {} can't be closed after a failure", name, e);
        }
    }
}
