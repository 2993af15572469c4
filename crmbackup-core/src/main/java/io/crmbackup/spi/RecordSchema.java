package io.crmbackup.spi;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What the records of a collection look like: their fields in order, which of them are the key, and what they refer to. It is stored with
 * each collection.
 *
 * @param fields the fields in the order of a record's values; names differ
 * @param keyForm what records are identified by
 * @param key names of the fields that identify a record, in key order; empty if they are not identified by fields
 * @param references what the records refer to
 * @param attributes what else the source wants to find again, for its own target: free text by name
 */
public record RecordSchema(
        List<Field> fields,
        KeyForm keyForm,
        List<String> key,
        List<Reference> references,
        Map<String, String> attributes) {
    /** What records are identified by. */
    public enum KeyForm {
        /** The values of some of their fields, see {@link RecordKey#of(RecordSchema, List)}. */
        FIELDS,
        /** A path that is not among their fields, see {@link RecordKey#path(List)}. */
        PATH,
        /** Nothing: they may repeat. */
        NONE
    }

    /** Checks and copies the values. */
    public RecordSchema {
        fields = List.copyOf(fields);
        key = List.copyOf(key);
        references = List.copyOf(references);
        attributes = Map.copyOf(attributes);
        if ((keyForm == KeyForm.FIELDS) == key.isEmpty()) {
            throw new IllegalArgumentException("key fields " + key + " don't fit to keys of form " + keyForm);
        }
        Set<String> names = new HashSet<>();
        for (Field field : fields) {
            if (!names.add(field.name())) {
                throw new IllegalArgumentException("two fields are called " + field.name());
            }
        }
        for (String name : key) {
            if (!names.contains(name)) {
                throw new IllegalArgumentException("the key names a field that is not there: " + name);
            }
        }
        for (Reference reference : references) {
            if (!names.containsAll(reference.fields())
                    || !names.containsAll(reference.conditions().keySet())) {
                throw new IllegalArgumentException("a reference names a field that is not there: " + reference);
            }
        }
    }

    /** Begins a schema. */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether records have a key. */
    public boolean isKeyed() {
        return keyForm != KeyForm.NONE;
    }

    /** The position of a field in a record's values, or -1 if there is no such field. */
    public int indexOf(String fieldName) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).name().equals(fieldName)) {
                return i;
            }
        }
        return -1;
    }

    /** The positions of the key's fields, in key order. */
    public int[] keyIndexes() {
        return key.stream().mapToInt(this::indexOf).toArray();
    }

    /** Collects a schema. Not thread-safe. */
    public static final class Builder {
        private final List<Field> fields = new ArrayList<>();
        private final List<Reference> references = new ArrayList<>();
        private final Map<String, String> attributes = new LinkedHashMap<>();
        private KeyForm keyForm = KeyForm.NONE;
        private List<String> key = List.of();

        private Builder() {}

        /** Adds a field. */
        public Builder field(Field field) {
            fields.add(Objects.requireNonNull(field, "field"));
            return this;
        }

        /** Adds a field that may be null. */
        public Builder field(String name, FieldType type) {
            return field(Field.of(name, type));
        }

        /** Names the key's fields, in key order; none if records are not identified by anything. */
        public Builder key(String... names) {
            key = List.of(names);
            keyForm = names.length == 0 ? KeyForm.NONE : KeyForm.FIELDS;
            return this;
        }

        /** Says that records are identified by a path that is not among their fields. */
        public Builder pathKey() {
            key = List.of();
            keyForm = KeyForm.PATH;
            return this;
        }

        /** Adds a reference. */
        public Builder reference(Reference reference) {
            references.add(Objects.requireNonNull(reference, "reference"));
            return this;
        }

        /** Keeps a text for the source's own target. */
        public Builder attribute(String name, String value) {
            attributes.put(name, value);
            return this;
        }

        /** The schema; throws {@link IllegalArgumentException} if its parts don't fit together. */
        public RecordSchema build() {
            return new RecordSchema(fields, keyForm, key, references, attributes);
        }
    }
}
