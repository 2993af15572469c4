package io.crmbackup.internal.reference;

import io.crmbackup.FileReferences;
import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.record.RecordText;
import io.crmbackup.internal.record.TreeKeys;
import io.crmbackup.internal.snapshot.Names;
import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.internal.sort.ExternalSorter;
import io.crmbackup.internal.sort.SortedRecords;
import io.crmbackup.internal.tree.TreeCursor;
import io.crmbackup.report.ReferenceReport;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds all records that refer to files of one source against its files. These were walked twice, before and after the moment that the
 * records show. A file stays as the second walk found it if it fits to one of the records; if it doesn't, or wasn't found, it is taken from
 * the first walk if it fits there. References that fit to what is kept in the end are well; of others the path is reported, once for
 * each collection. Not thread-safe.
 */
public final class ReferenceCheck {
    private static final long ANY_SIZE = -1;
    private static final long NO_CONTENT = -1;

    private final StoredCollection files;
    private final @Nullable StoredCollection firstWalk;
    private final @Nullable Rescue rescue;
    private final Consumer<RecordKey> rescued;
    private final ExternalSorter wanted;
    private final int contentField;
    private final List<ReferenceTally> tallies = new ArrayList<>();

    /**
     * Begins a check.
     *
     * @param firstWalk the same files as they were before, or null if they were walked once
     * @param rescue takes what is to be taken from the first walk, or null if there was none
     * @param rescued is told which files are taken from there
     * @param sorter for the references
     */
    public ReferenceCheck(
            StoredCollection files,
            @Nullable StoredCollection firstWalk,
            @Nullable Rescue rescue,
            Consumer<RecordKey> rescued,
            ExternalSorter sorter) {
        this.files = files;
        this.firstWalk = firstWalk;
        this.rescue = rescue;
        this.rescued = rescued;
        this.wanted = sorter;
        this.contentField = contentField(files.schema());
    }

    /** Adds the references of a collection's records. */
    public void collect(FileReferences references, StoredCollection records) {
        ReferenceTally tally = new ReferenceTally(references, records.name());
        int number = tallies.size();
        tallies.add(tally);
        RecordSchema schema = records.schema();
        int path = Names.field(records.name(), schema, references.pathField());
        int size = references
                .sizeField()
                .map(field -> Names.field(records.name(), schema, field))
                .orElse(-1);
        TreeCursor cursor = records.records();
        while (cursor.next()) {
            Interruption.check();
            List<FieldValue> values = records.decoder().values(cursor.value());
            String text = RecordText.text(schema.fields().get(path), values.get(path));
            if (text == null || text.isEmpty()) {
                continue;
            }
            tally.referenced();
            RecordKey key = FilePaths.key(text);
            if (key == null) {
                tally.dangling(text);
                continue;
            }
            long expected = size < 0 ? ANY_SIZE : size(schema, size, values);
            wanted.add(
                    TreeKeys.place(key),
                    ByteBuffer.allocate(Integer.BYTES + Long.BYTES + key.bytes().length)
                            .putInt(number)
                            .putLong(expected)
                            .put(key.bytes())
                            .array());
        }
    }

    private static long size(RecordSchema schema, int field, List<FieldValue> values) {
        String text = RecordText.text(schema.fields().get(field), values.get(field));
        try {
            return text == null ? ANY_SIZE : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return ANY_SIZE;
        }
    }

    /** Compares; call it once, when all references were added. */
    public List<ReferenceReport> run() {
        SortedRecords references = wanted.sorted();
        TreeCursor present = files.records();
        boolean file = present.next();
        boolean more = references.next();
        long orphans = 0;
        while (more || file) {
            Interruption.check();
            int order = !file ? 1 : !more ? -1 : present.compareKey(references.key());
            byte[] value = order <= 0 ? present.value() : null;
            if (order < 0) {
                orphans += size(value) == NO_CONTENT ? 0 : 1;
            } else {
                more = comparePath(references, value);
            }
            if (order <= 0) {
                file = present.next();
            }
        }
        long unreferenced = orphans;
        return tallies.stream().map(tally -> tally.report(unreferenced)).toList();
    }

    /** Compares all references to one path; returns whether there are more. */
    private boolean comparePath(SortedRecords references, byte @Nullable [] found) {
        byte[] place = references.key();
        byte[] reference = references.value();
        RecordKey key = RecordKey.of(Arrays.copyOfRange(reference, Integer.BYTES + Long.BYTES, reference.length));
        byte[] before = null;
        boolean lookedBack = false;
        Fits now = new Fits();
        Fits then = new Fits();
        boolean more = true;
        while (more && Arrays.equals(place, references.key())) {
            ByteBuffer in = ByteBuffer.wrap(references.value());
            int number = in.getInt();
            long expected = in.getLong();
            boolean fits = fits(found, expected);
            now.add(number, fits);
            if (!fits && !lookedBack) {
                before = firstWalk == null
                        ? null
                        : firstWalk
                                .trees()
                                .get(firstWalk.manifest().content(), place)
                                .orElse(null);
                lookedBack = true;
            }
            then.add(number, fits(before, expected));
            more = references.next();
        }
        judge(key, found, before, now, then);
        return more;
    }

    private void judge(RecordKey key, byte @Nullable [] found, byte @Nullable [] before, Fits now, Fits then) {
        boolean replaceable = found == null || size(found) != NO_CONTENT;
        boolean missing = found == null;
        Fits kept = now;
        if (now.none() && before != null && size(before) != NO_CONTENT && replaceable && (missing || !then.none())) {
            if (rescue != null && rescue.add(key, before)) {
                rescued.accept(key);
                then.fitting.stream().forEach(number -> tallies.get(number).rescued());
                kept = then;
                missing = false;
            }
        }
        String path = key.pathText();
        for (int number : kept.misfits.stream().toArray()) {
            if (missing) {
                tallies.get(number).dangling(path);
            } else {
                tallies.get(number).mismatched(path);
            }
        }
    }

    /** Which collections have references that fit to a version of a file, and which have others. */
    private static final class Fits {
        final BitSet fitting = new BitSet();
        final BitSet misfits = new BitSet();

        void add(int number, boolean fits) {
            (fits ? fitting : misfits).set(number);
        }

        boolean none() {
            return fitting.isEmpty();
        }
    }

    private boolean fits(byte @Nullable [] value, long expected) {
        return value != null && (expected == ANY_SIZE || size(value) == expected);
    }

    /** The size of a file, or {@link #NO_CONTENT} of a directory or link. */
    private long size(byte @Nullable [] value) {
        if (value == null) {
            return NO_CONTENT;
        }
        FieldValue content = files.decoder().values(value).get(contentField);
        return content.isNull() ? NO_CONTENT : content.length();
    }

    private static int contentField(RecordSchema schema) {
        for (int i = 0; i < schema.fields().size(); i++) {
            if (schema.fields().get(i).type() == FieldType.CONTENT) {
                return i;
            }
        }
        return -1;
    }

    /** Whether records are files, which others can refer to. */
    public static boolean areFiles(RecordSchema schema) {
        return schema.keyForm() == RecordSchema.KeyForm.PATH && contentField(schema) >= 0;
    }
}
