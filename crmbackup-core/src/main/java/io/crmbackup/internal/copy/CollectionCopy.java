package io.crmbackup.internal.copy;

import com.google.common.collect.AbstractIterator;
import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import io.crmbackup.error.VerificationFailedException;
import io.crmbackup.internal.record.RecordDecoder;
import io.crmbackup.internal.sort.ExternalSorter;
import io.crmbackup.internal.sort.SortedRecords;
import io.crmbackup.internal.store.ChunkReader;
import io.crmbackup.internal.tree.TreeDiff;
import io.crmbackup.internal.tree.TreeEdit;
import io.crmbackup.internal.tree.TreeEditor;
import io.crmbackup.internal.tree.TreeParameters;
import io.crmbackup.internal.tree.TreeRoot;
import io.crmbackup.spi.RecordSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Copies what changed in one collection between two snapshots, and proves it: {@link #copy}, put what the session holds, {@link #check}. Memory is
 * bounded, however much changed. Not thread-safe; good for one copy.
 */
final class CollectionCopy {
    private static final byte[] REMOVED = {};

    private final String name;
    private final RecordSchema schema;
    private final TreeParameters trees;
    private final ChunkReader reader;
    private final Destination destination;
    private final CopyCourse course;
    private final ContentSum contentSum = new ContentSum();
    private final ContentSum fingerprintSum = new ContentSum();

    /**
     * Prepares a copy.
     *
     * @param name what the collection is called in messages
     * @param trees how the trees that are copied are cut
     * @param reader reads what is copied
     */
    CollectionCopy(
            String name,
            RecordSchema schema,
            TreeParameters trees,
            ChunkReader reader,
            Destination destination,
            CopyCourse course) {
        this.name = name;
        this.schema = schema;
        this.trees = trees;
        this.reader = reader;
        this.destination = destination;
        this.course = course;
    }

    /**
     * Copies.
     *
     * @param before a version that the destination has already
     * @param now the version to copy
     * @param copiedBefore the destination's version of {@code before}
     * @return the destination's version of {@code now}
     * @throws io.crmbackup.error.DamagedObjectException if something that is needed can't be read
     */
    CollectionVersion copy(CollectionVersion before, CollectionVersion now, CollectionVersion copiedBefore) {
        TreeRoot content = copyContent(before.content(), now.content(), copiedBefore.content());
        TreeRoot fingerprints =
                copyFingerprints(before.fingerprints(), now.fingerprints(), copiedBefore.fingerprints());
        return new CollectionVersion(content, fingerprints);
    }

    /** How many records were read, those that are as before not counted. */
    long records() {
        return contentSum.put();
    }

    private TreeRoot copyContent(TreeRoot before, TreeRoot now, TreeRoot copiedBefore) {
        RecordCopier copier = new RecordCopier(name, schema, reader, destination, course, contentSum, copiedBefore);
        TreeDiff diff = new TreeDiff(trees, reader, before, now);
        if (schema.isKeyed()) {
            return edit(copiedBefore, edits(diff, copier));
        }
        try (ExternalSorter sorter = destination.sorters().get()) {
            edits(diff, copier)
                    .forEachRemaining(edit -> sorter.add(edit.key(), edit.value() == null ? REMOVED : edit.value()));
            SortedRecords sorted = sorter.sorted();
            return edit(copiedBefore, new AbstractIterator<>() {
                @Override
                protected @Nullable TreeEdit computeNext() {
                    return sorted.next() ? sortedEdit(sorted) : endOfData();
                }
            });
        }
    }

    private static TreeEdit sortedEdit(SortedRecords sorted) {
        byte[] value = sorted.value();
        return value.length == 0 ? TreeEdit.remove(sorted.key()) : TreeEdit.put(sorted.key(), value);
    }

    private Iterator<TreeEdit> edits(TreeDiff diff, RecordCopier copier) {
        return new AbstractIterator<>() {
            @Override
            protected @Nullable TreeEdit computeNext() {
                if (!diff.next()) {
                    return endOfData();
                }
                course.record();
                byte[] after = diff.after();
                byte[] before = diff.before();
                return after != null
                        ? copier.put(diff.key(), after)
                        : copier.remove(diff.key(), before == null ? REMOVED : before);
            }
        };
    }

    private TreeRoot copyFingerprints(TreeRoot before, TreeRoot now, TreeRoot copiedBefore) {
        TreeDiff diff = new TreeDiff(trees, reader, before, now);
        return edit(copiedBefore, new AbstractIterator<>() {
            @Override
            protected @Nullable TreeEdit computeNext() {
                return diff.next() ? fingerprint(diff, fingerprintSum) : endOfData();
            }
        });
    }

    private TreeEdit fingerprint(TreeDiff diff, ContentSum sum) {
        course.record();
        byte[] after = diff.after();
        if (after == null) {
            sum.remove(diff.key(), List.of());
            return TreeEdit.remove(diff.key());
        }
        sum.put(diff.key(), List.<@Nullable HashCode>of(Hashing.sha256().hashBytes(after)));
        return TreeEdit.put(diff.key(), after);
    }

    private TreeRoot edit(TreeRoot root, Iterator<TreeEdit> edits) {
        return new TreeEditor(destination.trees(), destination.reader(), destination.writer()).apply(root, edits);
    }

    /**
     * Reads back what was copied, and compares its plain values with those that were read.
     *
     * @param copiedBefore as in {@link #copy}
     * @param copied what {@link #copy} returned
     * @throws VerificationFailedException if it is something else
     */
    void check(CollectionVersion copiedBefore, CollectionVersion copied) {
        ContentSum content = new ContentSum();
        RecordDecoder decoder = new RecordDecoder(name, schema, destination.reader());
        TreeDiff records =
                new TreeDiff(destination.trees(), destination.reader(), copiedBefore.content(), copied.content());
        while (records.next()) {
            course.record();
            byte[] after = records.after();
            byte[] before = records.before();
            if (after != null) {
                content.put(nameOf(decoder, records.key(), after), digests(decoder, after));
            } else if (schema.isKeyed() || before == null) {
                content.remove(records.key(), List.of());
            } else {
                content.remove(nameOf(decoder, records.key(), before), digests(decoder, before));
            }
        }
        ContentSum fingerprints = new ContentSum();
        TreeDiff tokens = new TreeDiff(
                destination.trees(), destination.reader(), copiedBefore.fingerprints(), copied.fingerprints());
        while (tokens.next()) {
            fingerprint(tokens, fingerprints);
        }
        requireEqual("records", contentSum, content);
        requireEqual("fingerprints", fingerprintSum, fingerprints);
    }

    private byte[] nameOf(RecordDecoder decoder, byte[] place, byte[] value) {
        return schema.isKeyed() ? decoder.key(place, value).bytes() : number(place);
    }

    /** The number among equal rows, which ends a place without a key. */
    static byte[] number(byte[] place) {
        return Arrays.copyOfRange(place, place.length - Long.BYTES, place.length);
    }

    private List<@Nullable HashCode> digests(RecordDecoder decoder, byte[] value) {
        try {
            return new ValueDigests(course.metered(decoder.values(value)))
                    .readAll()
                    .digests();
        } catch (IOException e) {
            throw new UncheckedIOException("reading from a repository throws other failures", e);
        }
    }

    private void requireEqual(String what, ContentSum read, ContentSum copied) {
        if (!read.equals(copied)) {
            throw new VerificationFailedException("the copy of collection " + name + " is not what was read: its "
                    + what + " amount to " + copied + ", not to " + read + "; it was not committed");
        }
    }
}
