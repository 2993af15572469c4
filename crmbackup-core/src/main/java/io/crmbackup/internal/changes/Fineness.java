package io.crmbackup.internal.changes;

/**
 * How finely it is searched for removed records.
 *
 * @param parts into how many parts a collection is divided at most, and how many counts are asked for at once
 * @param ranges in how many ranges keys are asked for at once
 * @param few a part of so few records is not divided further
 * @param sparse a part of which more than one record in so many is gone is not divided further: nearly every leaf would differ
 */
record Fineness(int parts, int ranges, int few, int sparse) {
    static final Fineness STANDARD = new Fineness(8_000, 2_000, 2_000, 200);
}
