package io.crmbackup.internal.engine;

import io.crmbackup.error.SourceException;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.manifest.CollectionManifest;
import io.crmbackup.internal.manifest.SchemaDocuments;
import io.crmbackup.internal.manifest.SourceManifest;
import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.Problem;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One capture of one source, open while it is read into trees. Not thread-safe. */
final class SourceCapture implements AutoCloseable {
    private final String name;
    private final Source source;
    private final RunContext context;
    private final Consumer<Problem> problems;
    private final Capture capture;

    private SourceCapture(String name, Source source, RunContext context, Consumer<Problem> problems, Capture capture) {
        this.name = name;
        this.source = source;
        this.context = context;
        this.problems = problems;
        this.capture = capture;
    }

    static SourceCapture open(
            String name, Source source, RunContext context, Path workDirectory, Consumer<Problem> problems) {
        try {
            Capture capture = source.capture(new CaptureContext() {
                @Override
                public void problem(Problem problem) {
                    problems.accept(problem);
                }

                @Override
                public Path workDirectory() {
                    return workDirectory;
                }
            });
            return new SourceCapture(name, source, context, problems, capture);
        } catch (IOException e) {
            Interruption.check(e);
            throw new SourceException("source " + name + " can't be captured: " + e.getMessage(), e);
        }
    }

    Instant moment() {
        return capture.moment();
    }

    /** Reads all collections; unchanged records are taken from the base if there is one. */
    StoredSource read(@Nullable StoredSource base, ReadMeter meter, SchemaDocuments documents, InstantSource clock) {
        try {
            Map<String, String> attributes = capture.attributes();
            List<StoredCollection> stored = new ArrayList<>();
            List<CollectionManifest> manifests = new ArrayList<>();
            Set<String> names = new HashSet<>();
            for (CapturedCollection collection : capture.collections()) {
                if (!names.add(collection.name())) {
                    throw new SourceException("source " + name + " has two collections called " + collection.name());
                }
                StoredCollection one = readCollection(collection, base, meter, documents);
                stored.add(one);
                manifests.add(one.manifest());
            }
            SourceManifest manifest = new SourceManifest(
                    name,
                    source.consistency(),
                    capture.moment(),
                    source.consistency() == Source.Consistency.MOMENT ? capture.moment() : clock.instant(),
                    capture.position(),
                    documents.write(context.writer(), attributes),
                    manifests);
            return new StoredSource(manifest, attributes, List.copyOf(stored));
        } catch (IOException e) {
            Interruption.check(e);
            throw new SourceException("source " + name + " can't be read: " + e.getMessage(), e);
        }
    }

    private StoredCollection readCollection(
            CapturedCollection collection, @Nullable StoredSource base, ReadMeter meter, SchemaDocuments documents)
            throws IOException {
        ChunkId schema = documents.write(context.writer(), collection.schema());
        BaseRecords unchanged = base == null
                ? null
                : base.collection(collection.name())
                        .filter(before -> before.manifest().schema().equals(schema))
                        .map(BaseRecords::new)
                        .orElse(null);
        TreeBuilding trees = context.treeBuilding();
        CollectionCapture records =
                new CollectionCapture(collection, source.consistency(), unchanged, context, meter, problems);
        context.progress().during(name + ": " + collection.name(), () -> {
            try (RecordFeed feed = new RecordFeed(collection, context.sorters(), trees);
                    RecordCursor cursor = capture.read(collection.name())) {
                records.readInto(feed, cursor, context.progress());
            }
        });
        TreeBuilding.Trees built = trees.finish();
        return StoredCollection.of(
                new CollectionManifest(collection.name(), schema, built.content(), built.fingerprints()),
                collection.schema(),
                context.trees(),
                context.reader());
    }

    @Override
    public void close() {
        try {
            capture.close();
        } catch (IOException e) {
            throw new SourceException("source " + name + " can't be closed: " + e.getMessage(), e);
        }
    }
}
