package io.crmbackup.internal.restore;

import io.crmbackup.Limits;
import io.crmbackup.error.TargetException;
import io.crmbackup.error.VerificationFailedException;
import io.crmbackup.internal.capture.CollectionCapture;
import io.crmbackup.internal.capture.FormerCollection;
import io.crmbackup.internal.capture.OrderedRecords;
import io.crmbackup.internal.capture.RecordFeed;
import io.crmbackup.internal.capture.RunContext;
import io.crmbackup.internal.hash.ChunkHasher;
import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.operation.Progress;
import io.crmbackup.internal.operation.ReadMeter;
import io.crmbackup.internal.record.RecordText;
import io.crmbackup.internal.record.TreeKeys;
import io.crmbackup.internal.snapshot.Storage;
import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.internal.store.ChunkWriter;
import io.crmbackup.internal.tree.TreeBuilder;
import io.crmbackup.report.RestoreReport;
import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.Problem;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.Source;
import io.crmbackup.spi.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Proves a restore: captures the target as a source, in the same form as a backup but without storing anything, and compares. A whole
 * collection must have the root that the snapshot has, and is only compared record by record to tell where it differs; selected records, or those of a target that keeps others, must each be there with equal
 * values, unless the target kept its own. Not thread-safe.
 */
final class ReadBack {
    private static final int MOST_DIFFERENCES = 20;

    private final Storage storage;
    private final String source;
    private final List<SelectedRecords> collections;
    private final Progress progress;
    private final List<RestoreReport.Part> written;
    private final List<String> differences = new ArrayList<>();

    ReadBack(
            Storage storage,
            String source,
            List<SelectedRecords> collections,
            Progress progress,
            List<RestoreReport.Part> written) {
        this.storage = storage;
        this.source = source;
        this.collections = collections;
        this.progress = progress;
        this.written = written;
    }

    /** Compares what a source shows of the target. */
    void compare(Source restored, Target target) {
        try (Capture capture = restored.capture(new Context(target.keepsOtherRecords()))) {
            List<CapturedCollection> present = capture.collections();
            for (SelectedRecords expected : collections) {
                Optional<CapturedCollection> found = present.stream()
                        .filter(collection -> collection.name().equals(expected.name()))
                        .findFirst();
                if (found.isPresent()) {
                    compare(capture, found.get(), expected, restored.consistency(), target);
                } else {
                    differ(expected, "it is not there");
                }
            }
        } catch (IOException e) {
            Interruption.check(e);
            throw new TargetException("what was restored to " + target + " can't be read back: " + e.getMessage(), e);
        }
        if (!differences.isEmpty()) {
            throw new VerificationFailedException(
                    "what was restored is not what was backed up: " + String.join("; ", differences));
        }
    }

    private void compare(
            Capture capture,
            CapturedCollection found,
            SelectedRecords expected,
            Source.Consistency consistency,
            Target target)
            throws IOException {
        if (!sameForm(found.schema(), expected.schema())) {
            differ(expected, "its fields, keys or references are others");
            return;
        }
        ChunkHasher hasher = storage.chunks().newHasher();
        ChunkWriter idsOnly = hasher::id;
        RunContext context = new RunContext(
                storage.trees(),
                storage.chunker(),
                storage.rowKey(),
                storage::sorter,
                expected.stored().reader(),
                idsOnly,
                progress,
                task -> {},
                1);
        boolean alone = expected.extent() == RestoredCollection.Extent.WHOLE && !target.keepsOtherRecords();
        boolean kept = written.stream()
                .anyMatch(part -> part.source().equals(source)
                        && part.collection().equals(expected.name())
                        && part.skipped() > 0);
        Set<String> notRestored = target.fieldsNotRestored(expected.name());
        CollectionCapture records = new CollectionCapture(
                found,
                consistency,
                null,
                FormerCollection.NONE,
                context,
                new ReadMeter(Limits.none(), progress),
                problem -> differ(expected, problem.item() + ": " + problem.message()));
        progress.during("verify " + source + ": " + expected.name(), () -> {
            boolean mayBeEqual = alone && !kept && notRestored.isEmpty() && isOnlyRows(expected.schema(), consistency);
            if (mayBeEqual && hasRoot(capture, records, found, expected, new TreeBuilder(storage.trees(), idsOnly))) {
                return;
            }
            Comparison comparison = new Comparison(
                    expected, alone && !kept, kept, notRestored, new TreeBuilder(storage.trees(), idsOnly));
            try (RecordFeed feed = new RecordFeed(found, storage::sorter, comparison);
                    RecordCursor all = capture.read(found.name());
                    RecordCursor cursor = alone || !found.schema().isKeyed() ? all : new ExpectedOnly(all, expected)) {
                records.readInto(feed, cursor, progress);
            }
            comparison.finish();
        });
    }

    /** Where nothing else than the root is looked at first, as it is another only if something is wrong: reading twice is what costs then. */
    private static boolean isOnlyRows(RecordSchema schema, Source.Consistency consistency) {
        return consistency == Source.Consistency.MOMENT
                && schema.fields().stream().noneMatch(field -> field.type() == FieldType.PATH);
    }

    /** Whether what is there has the root that the snapshot has; what was stored need not be read for that. */
    private boolean hasRoot(
            Capture capture,
            CollectionCapture records,
            CapturedCollection found,
            SelectedRecords expected,
            TreeBuilder tree)
            throws IOException {
        int before = differences.size();
        try (RecordFeed feed = new RecordFeed(found, storage::sorter, (place, value, mark) -> tree.add(place, value));
                RecordCursor cursor = capture.read(found.name())) {
            records.readInto(feed, cursor, progress);
        }
        if (tree.finish().equals(expected.stored().manifest().content())) {
            return true;
        }
        // It is read once more, and all that is wrong is met again.
        differences.subList(before, differences.size()).clear();
        return false;
    }

    private static boolean sameForm(RecordSchema one, RecordSchema other) {
        return one.fields().equals(other.fields())
                && one.keyForm() == other.keyForm()
                && one.key().equals(other.key())
                && one.references().equals(other.references());
    }

    private void differ(SelectedRecords collection, String what) {
        if (differences.size() < MOST_DIFFERENCES) {
            differences.add(source + "/" + collection.name() + ": " + what);
        }
    }

    /** Merges what is there, in tree order, with what should be. */
    private final class Comparison implements OrderedRecords {
        private final SelectedRecords expected;
        private final boolean nothingElse;
        private final boolean mayDiffer;
        private final Set<String> notRestored;
        private final TreeBuilder tree;
        private final SelectedRecords.Places wanted;
        private boolean more;
        private boolean tolerated;

        Comparison(
                SelectedRecords expected,
                boolean nothingElse,
                boolean mayDiffer,
                Set<String> notRestored,
                TreeBuilder tree) {
            this.expected = expected;
            this.nothingElse = nothingElse;
            this.mayDiffer = mayDiffer;
            this.notRestored = notRestored;
            this.tree = tree;
            this.wanted = expected.places();
            this.more = wanted.next();
        }

        @Override
        public void add(byte[] place, byte[] value, byte[] fingerprint) {
            tree.add(place, value);
            int order = 1;
            while (more && (order = Arrays.compareUnsigned(wanted.place(), place)) < 0) {
                differ(expected, name(wanted.place(), wanted.value()) + " is missing");
                more = wanted.next();
            }
            if (more && order == 0) {
                if (!mayDiffer && !Arrays.equals(wanted.value(), value)) {
                    List<String> fields = differingFields(wanted.value(), value);
                    if (!fields.isEmpty()) {
                        differ(expected, name(place, wanted.value()) + " has another " + String.join(", ", fields));
                    }
                }
                more = wanted.next();
            } else if (nothingElse) {
                differ(expected, name(place, null) + " should not be there");
            }
        }

        void finish() {
            while (more) {
                differ(expected, name(wanted.place(), wanted.value()) + " is missing");
                more = wanted.next();
            }
            if (nothingElse
                    && !tolerated
                    && differences.isEmpty()
                    && !tree.finish().equals(expected.stored().manifest().content())) {
                differ(expected, "its root is another, though each record seems to be equal");
            }
        }

        private List<String> differingFields(byte[] before, byte[] after) {
            List<byte @Nullable []> was = expected.stored().decoder().marks(before);
            List<byte @Nullable []> is = expected.stored().decoder().marks(after);
            List<String> fields = new ArrayList<>();
            for (int i = 0; i < was.size(); i++) {
                String field = expected.schema().fields().get(i).name();
                if (Arrays.equals(was.get(i), is.get(i))) {
                    continue;
                }
                boolean belongs = expected.schema().fields().get(i).type() == FieldType.PATH;
                if (notRestored.contains(field) || (belongs && !isTogether(before, i))) {
                    tolerated = true;
                } else {
                    fields.add(field);
                }
            }
            return fields;
        }

        /** Whether all is there that records may belong together with, and that this one does. */
        private boolean isTogether(byte[] value, int field) {
            StoredCollection stored = expected.stored();
            FieldValue other = stored.decoder().values(value).get(field);
            if (!nothingElse || other.isContent()) {
                return false;
            }
            return other.isNull()
                    || stored.trees()
                            .get(stored.manifest().content(), TreeKeys.place(RecordKey.of(other.bytes())))
                            .isPresent();
        }

        private String name(byte[] place, byte @Nullable [] value) {
            StoredCollection stored = expected.stored();
            if (!stored.schema().isKeyed()) {
                return "a row";
            }
            return value == null
                    ? RecordText.key(stored.schema(), RecordKey.of(place))
                    : RecordText.key(stored.schema(), stored.decoder().key(place, value));
        }
    }

    /** What is met on the way. What can't be backed up was not restored either; and what was restored and can't be read will be missing. */
    private final class Context implements CaptureContext {
        private final boolean hasOthers;

        Context(boolean hasOthers) {
            this.hasOthers = hasOthers;
        }

        @Override
        public void problem(Problem problem) {
            if (!hasOthers && problem.kind() != Problem.Kind.UNSUPPORTED && differences.size() < MOST_DIFFERENCES) {
                differences.add(source + "/" + problem.collection() + ": " + problem.item() + ": " + problem.message());
            }
        }

        @Override
        public Path workDirectory() {
            return storage.workDirectory();
        }
    }
}
