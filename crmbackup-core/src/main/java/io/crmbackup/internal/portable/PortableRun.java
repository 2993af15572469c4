package io.crmbackup.internal.portable;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.error.SourceException;
import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.operation.Progress;
import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.internal.snapshot.StoredSource;
import io.crmbackup.internal.tree.TreeCursor;
import io.crmbackup.report.BackupListener;
import io.crmbackup.report.PortableDigest;
import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.Problem;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Works out portable digests of what is stored, or of a system as it is now. Not thread-safe. */
public final class PortableRun {
    private final Progress progress;

    public PortableRun(BackupListener listener) {
        this(new Progress(listener));
    }

    public PortableRun(Progress progress) {
        this.progress = progress;
    }

    /** The digest of each collection of a stored source. */
    public List<PortableDigest> stored(StoredSource source) {
        List<PortableDigest> digests = new ArrayList<>();
        for (StoredCollection collection : source.collections()) {
            digests.add(stored(source, collection));
        }
        return digests;
    }

    /** The digest of a stored collection. */
    public PortableDigest stored(StoredSource source, StoredCollection collection) {
        CollectionDigest digest = new CollectionDigest(collection.schema(), source.attributes());
        try {
            progress.during("digest " + source.name() + ": " + collection.name(), () -> {
                TreeCursor records = collection.records();
                while (records.next()) {
                    Interruption.check();
                    byte[] value = records.value();
                    digest.add(
                            digest.needsKeys() ? collection.decoder().key(records.key(), value) : null,
                            collection.decoder().values(value));
                    progress.record();
                }
            });
        } catch (IOException e) {
            Interruption.check(e);
            throw new DamagedObjectException("collection " + collection.name(), "a value can't be read", e);
        }
        return digest.report(source.name(), collection.name());
    }

    /**
     * The digest of a collection as it has to be in a target.
     *
     * @param attributes what the source says of itself
     */
    public PortableDigest restored(String source, RestoredCollection collection, Map<String, String> attributes)
            throws IOException {
        CollectionDigest digest = new CollectionDigest(collection.schema(), attributes);
        progress.during("digest " + source + ": " + collection.name(), () -> {
            try (RecordCursor records = collection.open()) {
                while (records.next()) {
                    Interruption.check();
                    digest.add(digest.needsKeys() ? records.key() : null, records.values());
                    progress.record();
                }
            }
        });
        return digest.report(source, collection.name());
    }

    /**
     * The digest of each collection of a system as it is now.
     *
     * @param name what the system is called in the report
     */
    public List<PortableDigest> live(String name, Source source, Path workDirectory) {
        Context context = new Context(name, workDirectory);
        List<PortableDigest> digests = new ArrayList<>();
        try (Capture capture = source.capture(context)) {
            Map<String, String> attributes = capture.attributes();
            for (CapturedCollection collection : capture.collections()) {
                CollectionDigest digest = new CollectionDigest(collection.schema(), attributes);
                progress.during("digest " + name + ": " + collection.name(), () -> {
                    try (RecordCursor records = capture.read(collection.name())) {
                        read(records, digest, context, collection.name());
                    }
                });
                digests.add(digest.report(name, collection.name()));
            }
        } catch (IOException e) {
            Interruption.check(e);
            throw new SourceException("source " + name + " can't be read: " + e.getMessage(), e);
        }
        return digests;
    }

    private void read(RecordCursor records, CollectionDigest digest, Context context, String collection)
            throws IOException {
        while (records.next()) {
            Interruption.check();
            digest.add(digest.needsKeys() ? records.key() : null, records.values());
            if (!records.isStable()) {
                throw context.failure(collection, "a record changed while it was read");
            }
            progress.record();
        }
    }

    /** What is met on the way: a digest of a part would be taken for that of the whole. */
    private record Context(String source, Path workDirectory) implements CaptureContext {
        @Override
        public void problem(Problem problem) {
            if (problem.kind() != Problem.Kind.UNSUPPORTED) {
                throw failure(problem.collection(), problem.item() + ": " + problem.message());
            }
        }

        private SourceException failure(String collection, String what) {
            return new SourceException("source " + source + " has no digest: " + collection + ": " + what);
        }
    }
}
