package io.crmbackup.internal.copy;

import io.crmbackup.Limits;
import io.crmbackup.internal.codec.ChunkEncoder;
import io.crmbackup.internal.hash.ChunkHasher;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.manifest.CollectionManifest;
import io.crmbackup.internal.manifest.Manifest;
import io.crmbackup.internal.manifest.Origin;
import io.crmbackup.internal.manifest.SchemaDocuments;
import io.crmbackup.internal.manifest.SourceManifest;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.operation.Progress;
import io.crmbackup.internal.operation.ReadMeter;
import io.crmbackup.internal.snapshot.Commit;
import io.crmbackup.internal.snapshot.Storage;
import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.internal.store.ChunkReader;
import io.crmbackup.internal.store.ChunkWriter;
import io.crmbackup.internal.store.SessionOptions;
import io.crmbackup.internal.store.StoreSession;
import io.crmbackup.internal.store.TolerantWriter;
import io.crmbackup.report.BackupSizes;
import io.crmbackup.report.CopyReport;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.FieldValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Copies one snapshot into another repository, as what it differs in from one that is there already, reads it back, and commits it. Not
 * thread-safe.
 */
final class SnapshotCopy {
    private final String fromId;
    private final Storage from;
    private final String toId;
    private final Storage to;
    private final Limits limits;
    private final Progress progress;
    private final ReadMeter meter;

    SnapshotCopy(CopyRun.Side from, CopyRun.Side to, Limits limits, Progress progress) {
        this.fromId = from.id();
        this.from = from.storage();
        this.toId = to.id();
        this.to = to.storage();
        this.limits = limits;
        this.progress = progress;
        this.meter = new ReadMeter(limits, progress);
    }

    /** A snapshot that both repositories have. */
    record Pair(Manifest original, LogState.Live copy) {}

    /** Copies and commits. */
    CopyReport.Copied copy(
            Manifest original,
            Origin origin,
            @Nullable Pair earlier,
            Function<SnapshotId, Optional<SnapshotId>> copies) {
        boolean selfContained = original.selfContained();
        Pair before = selfContained ? null : earlier;
        SessionOptions options = new SessionOptions(
                selfContained ? SessionOptions.Reuse.OWN_SESSION : SessionOptions.Reuse.REPOSITORY,
                ChunkEncoder.Check.DECODE_AND_COMPARE,
                limits.cores() - 1);
        try (StoreSession session = to.chunks().session(options)) {
            Run run = new Run(session, original, before);
            List<SourceManifest> sources = run.copySources();
            Commit commit = new Commit(to, session, before == null ? null : before.copy());
            run.check();
            SnapshotId base = original.base();
            Manifest copied = commit.run(stored -> new Manifest(
                    Storage.id(ObjectId.random(to.random())),
                    original.plan(),
                    original.moment(),
                    original.started(),
                    original.strategy(),
                    selfContained,
                    original.reason(),
                    base == null ? null : copies.apply(base).orElse(null),
                    original.state(),
                    new BackupSizes(
                            original.sizes().bytesRead(),
                            original.sizes().bytesChanged(),
                            original.sizes().bytesRemoved(),
                            stored.bytesStored()),
                    sources,
                    original.references(),
                    original.recordReferences(),
                    original.problems(),
                    original.problemCount(),
                    selfContained ? stored.ownPacks().stream().sorted().toList() : List.of(),
                    origin));
            return new CopyReport.Copied(
                    original.id(),
                    copied.id(),
                    original.plan(),
                    original.moment(),
                    run.records(),
                    commit.bytesStored());
        }
    }

    /** What was copied of one collection, to be checked. */
    private record Done(String name, CollectionCopy copy, CollectionVersion copiedBefore, CollectionVersion copied) {}

    /** The copy of one snapshot in one session. */
    private final class Run implements CopyCourse {
        private final StoreSession session;
        private final Manifest original;
        private final ChunkReader reader;
        private final @Nullable Manifest before;
        private final @Nullable Manifest copiedBefore;
        private final ChunkWriter idsOnly;
        private final SchemaDocuments documents = new SchemaDocuments();
        private final List<Done> done = new ArrayList<>();

        Run(StoreSession session, Manifest original, @Nullable Pair earlier) {
            this.session = session;
            this.original = original;
            this.reader = new NamingReader(from.reader(original), fromId);
            this.before = earlier == null ? null : earlier.original();
            this.copiedBefore = earlier == null
                    ? null
                    : to.manifest(earlier.copy().summary().id());
            ChunkHasher hasher = to.chunks().newHasher();
            this.idsOnly = hasher::id;
        }

        List<SourceManifest> copySources() {
            List<SourceManifest> sources = new ArrayList<>();
            for (SourceManifest source : original.sources()) {
                List<CollectionManifest> collections = new ArrayList<>();
                for (CollectionManifest collection : source.collections()) {
                    collections.add(copy(source.name(), collection));
                }
                sources.add(new SourceManifest(
                        source.name(),
                        source.consistency(),
                        source.from(),
                        source.to(),
                        source.position(),
                        documents.write(session, documents.readAttributes(reader, source.attributes())),
                        collections));
            }
            return sources;
        }

        /** Where a collection is copied to: an isolated one by a writer that takes no hints. */
        private Destination destination(CollectionManifest collection) {
            ChunkWriter writer = collection.compression().isIsolated()
                    ? ChunkWriter.withoutLikeness(session)
                    : new TolerantWriter(session);
            return new Destination(
                    to.trees(),
                    to.chunker(),
                    to.rowKey(),
                    new NamingReader(session, toId),
                    writer,
                    idsOnly,
                    to::sorter);
        }

        private static boolean hasSchema(@Nullable CollectionManifest collection, ChunkId schema) {
            return collection != null && collection.schema().equals(schema);
        }

        private CollectionManifest copy(String source, CollectionManifest collection) {
            StoredCollection stored = StoredCollection.of(
                    collection, documents.readSchema(reader, collection.schema()), from.trees(), reader);
            ChunkId schema = documents.write(session, stored.schema());
            CollectionManifest then = find(before, source, collection.name());
            CollectionManifest copiedThen = find(copiedBefore, source, collection.name());
            boolean goesOn = hasSchema(then, collection.schema()) && hasSchema(copiedThen, schema);
            CollectionVersion old = goesOn && then != null ? version(then) : CollectionVersion.EMPTY;
            CollectionVersion copiedOld = goesOn && copiedThen != null ? version(copiedThen) : CollectionVersion.EMPTY;
            String name = source + "/" + collection.name();
            CollectionCopy copy =
                    new CollectionCopy(name, stored.schema(), from.trees(), reader, destination(collection), this);
            CollectionVersion[] copied = {CollectionVersion.EMPTY};
            progress.during("copy " + name, () -> copied[0] = copy.copy(old, version(collection), copiedOld));
            done.add(new Done(name, copy, copiedOld, copied[0]));
            return new CollectionManifest(
                    collection.name(),
                    schema,
                    copied[0].content(),
                    copied[0].fingerprints(),
                    null,
                    collection.compression());
        }

        void check() {
            for (Done one : done) {
                progress.during("verify " + one.name(), () -> one.copy().check(one.copiedBefore(), one.copied()));
            }
        }

        long records() {
            return done.stream().mapToLong(one -> one.copy().records()).sum();
        }

        @Override
        public void record() {
            Interruption.check();
            progress.record();
        }

        @Override
        public List<FieldValue> metered(List<FieldValue> values) {
            return meter.metered(values);
        }
    }

    private static CollectionVersion version(CollectionManifest collection) {
        return new CollectionVersion(collection.content(), collection.fingerprints());
    }

    private static @Nullable CollectionManifest find(@Nullable Manifest manifest, String source, String collection) {
        return manifest == null
                ? null
                : manifest.source(source)
                        .flatMap(one -> one.collection(collection))
                        .orElse(null);
    }
}
