package io.crmbackup.internal.engine;

import io.crmbackup.FileReferences;
import io.crmbackup.internal.record.TreeKeys;
import io.crmbackup.internal.sort.ExternalSorter;
import io.crmbackup.internal.sort.SortedRecords;
import io.crmbackup.internal.tree.TreeCursor;
import io.crmbackup.internal.tree.TreeEdit;
import io.crmbackup.report.ReferenceReport;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds the records of one collection against the files that they refer to. Files were walked twice, before and after the moment that the
 * records show. A file that the second walk no longer found, or found with another size than the record says, is taken from the first walk
 * if it was there as it should be. Not thread-safe.
 */
final class ReferenceCheck {
    private static final long ANY_SIZE = -1;

    private final FileReferences references;
    private final StoredCollection records;
    private final StoredCollection files;
    private final @Nullable StoredCollection firstWalk;
    private final int contentField;
    private final List<String> dangling = new ArrayList<>();
    private final List<String> mismatched = new ArrayList<>();
    private long referenced;
    private long danglingCount;
    private long mismatchedCount;
    private long orphans;

    /** What the first walk's tree lends to the second's, in tree order. Small: it is what changed within the seconds between the walks. */
    private final TreeMap<byte[], byte[]> rescued = new TreeMap<>(Arrays::compareUnsigned);

    private long rescuedCount;

    ReferenceCheck(
            FileReferences references,
            StoredCollection records,
            StoredCollection files,
            @Nullable StoredCollection firstWalk) {
        this.references = references;
        this.records = records;
        this.files = files;
        this.firstWalk = firstWalk;
        this.contentField = contentField(files.schema());
    }

    /** Runs the check; the sorter is for the references. */
    ReferenceReport run(ExternalSorter sorter) {
        collect(sorter);
        compare(sorter.sorted());
        return new ReferenceReport(
                references.source(),
                records.name(),
                references.files(),
                referenced,
                dangling,
                danglingCount,
                mismatched,
                mismatchedCount,
                orphans,
                rescuedCount);
    }

    /** The files of the first walk that belong into the second's tree, with the directories that they lie in. */
    List<TreeEdit> rescued() {
        return rescued.entrySet().stream()
                .map(file -> TreeEdit.put(file.getKey(), file.getValue()))
                .toList();
    }

    private void collect(ExternalSorter sorter) {
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
            referenced++;
            RecordKey key = FilePaths.key(text);
            if (key == null) {
                note(dangling, danglingCount++, text);
                continue;
            }
            long expected = size < 0 ? ANY_SIZE : size(schema, size, values);
            sorter.add(
                    TreeKeys.place(key),
                    ByteBuffer.allocate(8).putLong(expected).array());
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

    private void compare(SortedRecords wanted) {
        TreeCursor present = files.records();
        boolean file = present.next();
        byte[] lastFile = null;
        while (wanted.next()) {
            Interruption.check();
            byte[] place = wanted.key();
            int order = 1;
            while (file && (order = present.compareKey(place)) < 0) {
                countOrphan(present, lastFile);
                file = present.next();
            }
            long expected = ByteBuffer.wrap(wanted.value()).getLong();
            byte[] value = file && order == 0 ? present.value() : null;
            lastFile = value == null ? lastFile : place;
            if (value == null || !fits(value, expected)) {
                rescue(place, expected, value);
            }
        }
        while (file) {
            countOrphan(present, lastFile);
            file = present.next();
        }
    }

    private void countOrphan(TreeCursor present, byte @Nullable [] lastReferenced) {
        boolean referred = lastReferenced != null && present.compareKey(lastReferenced) == 0;
        if (!referred && size(present.value()) >= 0) {
            orphans++;
        }
    }

    private boolean fits(byte[] value, long expected) {
        return expected == ANY_SIZE || size(value) == expected;
    }

    /** The size of a file, or -1 if the record is not that of a file. */
    private long size(byte[] value) {
        FieldValue content = files.decoder().values(value).get(contentField);
        return content.isNull() ? -1 : content.length();
    }

    private void rescue(byte[] place, long expected, byte @Nullable [] found) {
        if (rescued.containsKey(place)) {
            return;
        }
        byte[] before = firstWalk == null
                ? null
                : firstWalk.trees().get(firstWalk.manifest().content(), place).orElse(null);
        if (before != null && fits(before, expected)) {
            rescuedCount++;
            rescued.put(place, before);
            rescueParents(place);
        } else if (found == null && before == null) {
            note(dangling, danglingCount++, FilePaths.display(place));
        } else {
            note(mismatched, mismatchedCount++, FilePaths.display(place));
            if (found == null && before != null) {
                rescued.put(place, before);
                rescueParents(place);
            }
        }
    }

    private void rescueParents(byte[] place) {
        StoredCollection walk = firstWalk;
        if (walk == null) {
            return;
        }
        for (int i = place.length - 1; i > 0; i--) {
            if (place[i] == 0) {
                byte[] parent = Arrays.copyOf(place, i);
                if (files.trees().get(files.manifest().content(), parent).isEmpty()) {
                    walk.trees()
                            .get(walk.manifest().content(), parent)
                            .ifPresent(directory -> rescued.putIfAbsent(parent, directory));
                }
            }
        }
    }

    private static void note(List<String> examples, long count, String path) {
        if (count < ReferenceReport.MOST_EXAMPLES) {
            examples.add(path);
        }
    }

    private static int contentField(RecordSchema schema) {
        for (int i = 0; i < schema.fields().size(); i++) {
            if (schema.fields().get(i).type() == FieldType.CONTENT) {
                return i;
            }
        }
        throw new IllegalArgumentException("references name a source whose records have no content");
    }

    /** The collection of a source that holds files. */
    static StoredCollection fileTree(StoredSource source) {
        return source.collections().stream()
                .filter(collection -> collection.schema().keyForm() == RecordSchema.KeyForm.PATH)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "source " + source.name() + " has no files that records could refer to"));
    }
}
