package io.crmbackup.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record that differs between two snapshots.
 *
 * @param source the source's name in the plan
 * @param collection the collection's name
 * @param key what identifies the record, for a person to read: its key's values, or its path. Records without a key have an empty one and
 *     only ever appear as added or removed
 * @param kind how it differs
 * @param before its fields before, as text, or null if it was not there
 * @param after its fields after, as text, or null if it is not there
 * @param fields the fields that differ
 */
public record RecordChange(
        String source,
        String collection,
        String key,
        Kind kind,
        @Nullable Map<String, @Nullable String> before,
        @Nullable Map<String, @Nullable String> after,
        List<FieldChange> fields) {
    /** How a record differs. */
    public enum Kind {
        /** Only the newer snapshot has it. */
        ADDED,
        /** Both have it, with different values. */
        CHANGED,
        /** Only the older snapshot has it. */
        REMOVED
    }

    /** Copies the collections; a map may hold null for a field without value, and keeps its order. */
    public RecordChange {
        before = before == null ? null : new LinkedHashMap<>(before);
        after = after == null ? null : new LinkedHashMap<>(after);
        fields = List.copyOf(fields);
    }

    /** Tells which record changed in which fields, but no values: they may be personal. */
    @Override
    public String toString() {
        return kind + " " + source + "/" + collection + ": " + key
                + (kind == Kind.CHANGED
                        ? " " + fields.stream().map(FieldChange::field).toList()
                        : "");
    }
}
