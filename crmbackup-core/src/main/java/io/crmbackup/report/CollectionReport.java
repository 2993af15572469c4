package io.crmbackup.report;

/**
 * What a backup found in one collection.
 *
 * @param source the source's name in the plan
 * @param collection the collection's name
 * @param records how many records it has
 * @param bytes how large they are, plain, without contents that lie apart
 * @param added records that the base did not have
 * @param changed records that the base had with other values
 * @param removed records that only the base had
 * @param reading how it was read, and why so
 */
public record CollectionReport(
        String source,
        String collection,
        long records,
        long bytes,
        long added,
        long changed,
        long removed,
        CollectionReading reading) {}
