package io.crmbackup.internal.reference;

import io.crmbackup.FileReferences;
import io.crmbackup.report.ReferenceReport;
import java.util.ArrayList;
import java.util.List;

/** Counts how the files that one collection refers to were found. Not thread-safe. */
final class ReferenceTally {
    private final FileReferences references;
    private final String collection;
    private final List<String> dangling = new ArrayList<>();
    private final List<String> mismatched = new ArrayList<>();
    private long referenced;
    private long danglingCount;
    private long mismatchedCount;
    private long rescuedCount;

    ReferenceTally(FileReferences references, String collection) {
        this.references = references;
        this.collection = collection;
    }

    void referenced() {
        referenced++;
    }

    void dangling(String path) {
        note(dangling, danglingCount++, path);
    }

    void mismatched(String path) {
        note(mismatched, mismatchedCount++, path);
    }

    void rescued() {
        rescuedCount++;
    }

    ReferenceReport report(long orphans) {
        return new ReferenceReport(
                references.source(),
                collection,
                references.files(),
                referenced,
                dangling,
                danglingCount,
                mismatched,
                mismatchedCount,
                orphans,
                rescuedCount);
    }

    private static void note(List<String> examples, long before, String path) {
        if (before < ReferenceReport.MOST_EXAMPLES) {
            examples.add(path);
        }
    }
}
