package io.crmbackup.internal.record;

import io.crmbackup.internal.tree.BlobRef;
import java.util.Map;

/**
 * What of a record lies apart, and where.
 *
 * @param row its row; empty if that stands in the leaf
 * @param fields those of its values that lie apart, by the names of their fields
 */
public record ApartValues(BlobRef row, Map<String, BlobRef> fields) {
    /** Nothing lies apart, or there is no record. */
    public static final ApartValues NONE = new ApartValues(BlobRef.EMPTY, Map.of());

    /** Where a field's value lies; empty if it doesn't lie apart. */
    BlobRef field(String name) {
        return fields.getOrDefault(name, BlobRef.EMPTY);
    }
}
