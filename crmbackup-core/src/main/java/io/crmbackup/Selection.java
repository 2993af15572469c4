package io.crmbackup;

import io.crmbackup.spi.PathGlob;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a source is restored: a collection, some of its records, or some paths. Several selections of one source add up. Immutable:
 * each method returns a narrower or wider selection.
 */
public final class Selection {
    private final String collection;
    private final List<List<String>> keys;
    private final Map<String, String> where;
    private final Set<String> empty;
    private final List<PathGlob> paths;
    private final boolean parents;
    private final boolean children;
    private final boolean files;

    private Selection(
            String collection,
            List<List<String>> keys,
            Map<String, String> where,
            Set<String> empty,
            List<PathGlob> paths,
            boolean parents,
            boolean children,
            boolean files) {
        this.collection = collection;
        this.keys = keys;
        this.where = where;
        this.empty = empty;
        this.paths = paths;
        this.parents = parents;
        this.children = children;
        this.files = files;
    }

    /** All records of a collection, by its exact name or, if that is unambiguous, in any case and without its schema. */
    public static Selection of(String collection) {
        if (collection.isEmpty()) {
            throw new IllegalArgumentException("name a collection, as a table: its name can't be empty");
        }
        return new Selection(collection, List.of(), Map.of(), Set.of(), List.of(), false, false, false);
    }

    /** The files and directories of a source whose paths match one of the patterns; what lies in a matching directory included. */
    public static Selection paths(String... globs) {
        if (globs.length == 0) {
            throw new IllegalArgumentException("name at least one path or pattern");
        }
        List<PathGlob> patterns = new ArrayList<>();
        for (String glob : globs) {
            patterns.add(PathGlob.of(glob));
        }
        return new Selection("", List.of(), Map.of(), Set.of(), List.copyOf(patterns), false, false, false);
    }

    /** Also the record with this key: one value for each field of the key, in key order. */
    public Selection key(Object... values) {
        requireRecords("key");
        if (values.length == 0) {
            throw new IllegalArgumentException("a key has one value for each field of the key, so at least one");
        }
        List<String> key = new ArrayList<>();
        for (Object value : values) {
            key.add(String.valueOf(Objects.requireNonNull(value, "a key's value")));
        }
        List<List<String>> all = new ArrayList<>(keys);
        all.add(List.copyOf(key));
        return new Selection(collection, List.copyOf(all), where, empty, paths, parents, children, files);
    }

    /**
     * Only records in which a field has this value; several conditions must all hold.
     *
     * @param field its exact name or, if that is unambiguous, in any case
     * @param value as text: numbers with any scale, dates with time as ISO 8601 or SQL write them, bytes in hexadecimal digits
     */
    public Selection where(String field, Object value) {
        requireRecords("where");
        Map<String, String> all = new LinkedHashMap<>(where);
        String text = String.valueOf(Objects.requireNonNull(value, "value"));
        if (all.putIfAbsent(Objects.requireNonNull(field, "field"), text) != null) {
            throw new IllegalArgumentException("field " + field + " has a condition already");
        }
        return new Selection(
                collection, keys, Collections.unmodifiableMap(all), empty, paths, parents, children, files);
    }

    /** Only records in which a field has no value. */
    public Selection whereNull(String field) {
        requireRecords("whereNull");
        Set<String> all = new LinkedHashSet<>(empty);
        all.add(Objects.requireNonNull(field, "field"));
        return new Selection(
                collection, keys, where, Collections.unmodifiableSet(all), paths, parents, children, files);
    }

    /** Also the records that the selected ones refer to, and those that these refer to, and so on. */
    public Selection withParents() {
        requireRecords("withParents");
        return new Selection(collection, keys, where, empty, paths, true, children, files);
    }

    /** Also the records that refer to the selected ones, and those that refer to these, and so on. */
    public Selection withChildren() {
        requireRecords("withChildren");
        return new Selection(collection, keys, where, empty, paths, parents, true, files);
    }

    /** Also the files that the records refer to, as the plan's {@link FileReferences} say. */
    public Selection withFiles() {
        requireRecords("withFiles");
        return new Selection(collection, keys, where, empty, paths, parents, children, true);
    }

    private void requireRecords(String method) {
        if (collection.isEmpty()) {
            throw new IllegalStateException(method + " is for records of a collection, not for paths");
        }
    }

    /** The collection, or empty for paths. */
    public Optional<String> collection() {
        return collection.isEmpty() ? Optional.empty() : Optional.of(collection);
    }

    /** The keys asked for; empty for any. */
    public List<List<String>> keys() {
        return keys;
    }

    /** The values asked for by field; empty for any. */
    public Map<String, String> conditions() {
        return where;
    }

    /** The fields that must have no value; empty for any. */
    public Set<String> emptyFields() {
        return empty;
    }

    /** The patterns of paths; empty for records. */
    public List<PathGlob> patterns() {
        return paths;
    }

    /** Whether records referred to belong to it. */
    public boolean includesParents() {
        return parents;
    }

    /** Whether referring records belong to it. */
    public boolean includesChildren() {
        return children;
    }

    /** Whether files referred to belong to it. */
    public boolean includesFiles() {
        return files;
    }

    /** Whether it is a whole collection without anything else. */
    public boolean isWholeCollection() {
        return !collection.isEmpty()
                && keys.isEmpty()
                && where.isEmpty()
                && empty.isEmpty()
                && !parents
                && !children
                && !files;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Selection that
                && collection.equals(that.collection)
                && keys.equals(that.keys)
                && where.equals(that.where)
                && empty.equals(that.empty)
                && paths.equals(that.paths)
                && parents == that.parents
                && children == that.children
                && files == that.files;
    }

    @Override
    public int hashCode() {
        return Objects.hash(collection, keys, where, empty, paths, parents, children, files);
    }

    /** Tells what is selected by which fields, but no values: they may be personal. */
    @Override
    public String toString() {
        return collection.isEmpty()
                ? "paths " + paths
                : collection
                        + (keys.isEmpty() ? "" : " by " + keys.size() + (keys.size() == 1 ? " key" : " keys"))
                        + (where.isEmpty() ? "" : " where " + where.keySet() + " are as given")
                        + (empty.isEmpty() ? "" : " where " + empty + " are null")
                        + (parents ? " with parents" : "")
                        + (children ? " with children" : "")
                        + (files ? " with files" : "");
    }
}
