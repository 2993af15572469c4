package io.crmbackup.internal.backup;

import io.crmbackup.FileReferences;
import io.crmbackup.RecordReferences;
import io.crmbackup.error.SourceException;
import io.crmbackup.internal.manifest.SourceManifest;
import io.crmbackup.internal.reference.ReferenceCheck;
import io.crmbackup.internal.snapshot.Names;
import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.internal.snapshot.StoredSource;
import io.crmbackup.internal.store.Likeness;
import io.crmbackup.internal.store.TolerantWriter;
import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.Problem;
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
    private final CaptureProblems problems;
    private final Capture capture;
    private SourceCompression compression = SourceCompression.STANDARD;

    private SourceCapture(String name, Source source, CaptureRun run, CaptureProblems problems, Capture capture) {
        this.name = name;
        this.source = source;
        this.run = run;
        this.problems = problems;
        this.capture = capture;
    }

    /** Opens a capture; fails if a collection that the plan names is not there. */
    static SourceCapture open(String name, Source source, CaptureRun run, Consumer<Problem> problems) {
        CaptureProblems noted = new CaptureProblems(problems);
        SourceCapture opened = run.faults(name, "captured", () -> {
            Capture capture = source.capture(new CaptureContext() {
                @Override
                public void problem(Problem problem) {
                    noted.accept(problem);
                }

                @Override
                public Path workDirectory() {
                    return run.workDirectory();
                }
            });
            return new SourceCapture(name, source, run, noted, capture);
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
                RecordSchema schema = find(references.collection(), collections);
                Names.field(references.collection(), schema, references.pathField());
                references.sizeField().ifPresent(size -> Names.field(references.collection(), schema, size));
            }
            if (references.files().equals(name)
                    && collections.stream().noneMatch(one -> ReferenceCheck.areFiles(one.schema()))) {
                throw new IllegalArgumentException(
                        "source " + name + " has no files that records could refer to, as " + references + " says");
            }
        }
        run.plan().recordReferences().stream()
                .filter(references -> references.source().equals(name))
                .forEach(references -> resolve(references, collections));
    }

    private void resolve(RecordReferences references, List<CapturedCollection> collections) {
        RecordSchema from = find(references.collection(), collections);
        references.fields().forEach(field -> Names.field(references.collection(), from, field));
        references.conditions().keySet().forEach(field -> Names.field(references.collection(), from, field));
        RecordSchema to = find(references.target(), collections);
        references.targetFields().forEach(field -> Names.field(references.target(), to, field));
    }

    private RecordSchema find(String collection, List<CapturedCollection> collections) {
        return Names.find("source " + name, "collection", collection, collections, CapturedCollection::name)
                .schema();
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
                stored.add(new CollectionRun(
                                name,
                                source,
                                capture,
                                collection,
                                run,
                                problems,
                                compression.of(collection.name()),
                                base)
                        .read());
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
