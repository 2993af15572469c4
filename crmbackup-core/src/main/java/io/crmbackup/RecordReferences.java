package io.crmbackup;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Says that records of a collection refer to records of another, where only the application knows it: no foreign key in the database does. With
 * it a restore of records finds their parents and children there too. Where a field tells which collection is meant, as in {@code note.entity_type}, each
 * collection gets references of its own, with {@link Builder#when}. Immutable.
 */
public final class RecordReferences {
    private final String source;
    private final String collection;
    private final List<String> fields;
    private final Map<String, String> conditions;
    private final String target;
    private final List<String> targetFields;

    private RecordReferences(Builder builder, String target, List<String> targetFields) {
        this.source = builder.source;
        this.collection = builder.collection;
        this.fields = builder.fields;
        this.conditions = Collections.unmodifiableMap(new LinkedHashMap<>(builder.conditions));
        this.target = target;
        this.targetFields = targetFields;
    }

    /** Begins with the records that refer: a source's name in the plan and one of its collections. */
    public static Builder from(String source, String collection) {
        return new Builder(BackupPlan.checkName("source", source), checkNotEmpty("collection", collection));
    }

    /** The source of the records. */
    public String source() {
        return source;
    }

    /** The collection of the records that refer. */
    public String collection() {
        return collection;
    }

    /** The fields that refer. */
    public List<String> fields() {
        return fields;
    }

    /** The values that other fields must have, as text, for a record to refer so; empty if every record does. */
    public Map<String, String> conditions() {
        return conditions;
    }

    /** The collection of the records referred to. */
    public String target() {
        return target;
    }

    /** The fields that {@link #fields()} equal there, in the same order. */
    public List<String> targetFields() {
        return targetFields;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RecordReferences that
                && source.equals(that.source)
                && collection.equals(that.collection)
                && fields.equals(that.fields)
                && conditions.equals(that.conditions)
                && target.equals(that.target)
                && targetFields.equals(that.targetFields);
    }

    @Override
    public int hashCode() {
        return Objects.hash(source, collection, fields, conditions, target, targetFields);
    }

    @Override
    public String toString() {
        return source + "/" + collection + "." + fields + (conditions.isEmpty() ? "" : " when " + conditions) + " -> "
                + target + "." + targetFields;
    }

    /** Collects what is needed. Not thread-safe. */
    public static final class Builder {
        private final String source;
        private final String collection;
        private final Map<String, String> conditions = new LinkedHashMap<>();
        private List<String> fields = List.of();

        private Builder(String source, String collection) {
            this.source = source;
            this.collection = collection;
        }

        /** Names the fields that refer, at least one. Records of which one of them has no value refer to nothing. */
        public Builder fields(String... names) {
            fields = checkFields(names);
            return this;
        }

        /**
         * Only records in which another field has this value refer so; several conditions must all hold.
         *
         * @param value as text, exactly as the source has it; bytes in hexadecimal digits
         */
        public Builder when(String field, Object value) {
            String text = String.valueOf(Objects.requireNonNull(value, "value"));
            if (conditions.putIfAbsent(checkNotEmpty("field of the condition", field), text) != null) {
                throw new IllegalArgumentException("field " + field + " has a condition already");
            }
            return this;
        }

        /** Ends with the collection referred to, of the same source, and its fields that are equal to those that refer: as many, in the same order. */
        public RecordReferences to(String target, String... targetFields) {
            if (fields.isEmpty()) {
                throw new IllegalStateException("say which fields of " + source + "/" + collection + " refer to "
                        + target + ": .fields(\"...\")");
            }
            List<String> targets = checkFields(targetFields);
            if (targets.size() != fields.size()) {
                throw new IllegalArgumentException(
                        "fields " + fields + " can't equal " + targets + " of " + target + ": name as many");
            }
            return new RecordReferences(this, checkNotEmpty("collection", target), targets);
        }
    }

    private static List<String> checkFields(String... names) {
        if (names.length == 0) {
            throw new IllegalArgumentException("name at least one field");
        }
        List<String> fields = new ArrayList<>();
        for (String name : names) {
            fields.add(checkNotEmpty("field", name));
        }
        return List.copyOf(fields);
    }

    private static String checkNotEmpty(String what, String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the name of the " + what + " can't be empty");
        }
        return name;
    }
}
