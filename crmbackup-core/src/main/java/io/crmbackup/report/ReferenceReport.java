package io.crmbackup.report;

import java.util.List;

/**
 * How the files that records refer to were found.
 *
 * @param source the source of the records
 * @param collection the collection of the records
 * @param files the source of the files
 * @param referenced how many references there are
 * @param dangling paths that are referred to but were nowhere, the first {@value #MOST_EXAMPLES}
 * @param danglingCount how many there are
 * @param mismatched paths of which no version has the size that the record says, the first {@value #MOST_EXAMPLES}
 * @param mismatchedCount how many there are
 * @param orphanCount how many files of that source no record refers to, of whatever collection
 * @param rescuedCount how many files were taken from the first walk because the second no longer had that version
 */
public record ReferenceReport(
        String source,
        String collection,
        String files,
        long referenced,
        List<String> dangling,
        long danglingCount,
        List<String> mismatched,
        long mismatchedCount,
        long orphanCount,
        long rescuedCount) {
    /** How many examples are named. */
    public static final int MOST_EXAMPLES = 100;

    /** Copies the lists. */
    public ReferenceReport {
        dangling = List.copyOf(dangling);
        mismatched = List.copyOf(mismatched);
    }
}
