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
 *
 * <p>Chosen records bring the records that they can't be without: those that they refer to by fields that always have a value, and those that these
 * refer to so. {@link #withParents()} brings all that they refer to, {@link #withoutParents()} none. A target that has such a record already keeps its own,
 * whatever it does with the chosen ones. A whole collection brings nothing unless it is told to.
 */
public final class Selection {
    private final String collection;
    private final List<PathGlob> paths;
    private final Criteria criteria;
    private final Family family;
    private final List<String> fields;

    /** Which records of the collection. */
    private record Criteria(List<List<String>> keys, Map<String, String> where, Set<String> empty) {
        static final Criteria ALL = new Criteria(List.of(), Map.of(), Set.of());
    }

    /** What comes with them; no children if the depth is 0. */
    private record Family(Parents parents, int depth, List<Children> only, boolean files) {
        static final Family REQUIRED = new Family(Parents.REQUIRED, 0, List.of(), false);
    }

    /** Which of the records come along that the chosen ones refer to. */
    public enum Parents {
        /** None. */
        NONE,
        /** Those that the records can't be without: the fields that refer always have a value. */
        REQUIRED,
        /** All. */
        ALL
    }

    /**
     * Which records that refer to others come with them.
     *
     * @param collection the collection of the records that refer
     * @param fields the fields by which they do; empty for any
     */
    public record Children(String collection, List<String> fields) {
        /** Checks and copies the values. */
        public Children {
            fields = List.copyOf(fields);
            requireName(collection);
        }
    }

    private Selection(String collection, List<PathGlob> paths, Criteria criteria, Family family, List<String> fields) {
        this.collection = collection;
        this.paths = paths;
        this.criteria = criteria;
        this.family = family;
        this.fields = fields;
    }

    private static void requireName(String collection) {
        if (collection.isEmpty()) {
            throw new IllegalArgumentException("name a collection, as a table: its name can't be empty");
        }
    }

    /** All records of a collection, by its exact name or, if that is unambiguous, in any case and without its schema. */
    public static Selection of(String collection) {
        requireName(collection);
        return new Selection(collection, List.of(), Criteria.ALL, Family.REQUIRED, List.of());
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
        return new Selection("", List.copyOf(patterns), Criteria.ALL, Family.REQUIRED, List.of());
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
        List<List<String>> all = new ArrayList<>(criteria.keys);
        all.add(List.copyOf(key));
        return with(new Criteria(List.copyOf(all), criteria.where, criteria.empty));
    }

    /**
     * Only records in which a field has this value; several conditions must all hold.
     *
     * @param field its exact name or, if that is unambiguous, in any case
     * @param value as text: numbers with any scale, dates with time as ISO 8601 or SQL write them, bytes in hexadecimal digits
     */
    public Selection where(String field, Object value) {
        requireRecords("where");
        Map<String, String> all = new LinkedHashMap<>(criteria.where);
        String text = String.valueOf(Objects.requireNonNull(value, "value"));
        if (all.putIfAbsent(Objects.requireNonNull(field, "field"), text) != null) {
            throw new IllegalArgumentException("field " + field + " has a condition already");
        }
        return with(new Criteria(criteria.keys, Collections.unmodifiableMap(all), criteria.empty));
    }

    /** Only records in which a field has no value. */
    public Selection whereNull(String field) {
        requireRecords("whereNull");
        Set<String> all = new LinkedHashSet<>(criteria.empty);
        all.add(Objects.requireNonNull(field, "field"));
        return with(new Criteria(criteria.keys, criteria.where, Collections.unmodifiableSet(all)));
    }

    /** Also all records that the selected ones refer to, and those that these refer to, and so on. */
    public Selection withParents() {
        return with(Parents.ALL);
    }

    /** Only the selected records: not even those that they can't be without, which the target must have then. */
    public Selection withoutParents() {
        return with(Parents.NONE);
    }

    private Selection with(Parents parents) {
        requireRecords("with" + (parents == Parents.NONE ? "out" : "") + "Parents");
        return with(new Family(parents, family.depth, family.only, family.files));
    }

    /**
     * Also the records that refer to the selected ones, and those that refer to these, and so on, to any {@link #depth}.
     *
     * @param collections only records of these collections, by any of their references; none for all
     */
    public Selection withChildren(String... collections) {
        requireRecords("withChildren");
        if (family.depth > 0 && (collections.length == 0) != family.only.isEmpty()) {
            throw new IllegalStateException("either all children come or those that are named, not both");
        }
        Selection selection = collections.length == 0 ? deep() : this;
        for (String child : collections) {
            selection = selection.with(new Children(child, List.of()));
        }
        return selection;
    }

    /** Also the records of a collection that refer to the selected ones by these fields. */
    public Selection withChildrenBy(String child, String... childFields) {
        requireRecords("withChildrenBy");
        if (childFields.length == 0) {
            throw new IllegalArgumentException("name at least one field of " + child + " that refers");
        }
        if (family.depth > 0 && family.only.isEmpty()) {
            throw new IllegalStateException("either all children come or those that are named, not both");
        }
        return with(new Children(child, List.of(childFields)));
    }

    private Selection with(Children children) {
        List<Children> all = new ArrayList<>(family.only);
        all.add(children);
        return with(new Family(family.parents, family.depth, List.copyOf(all), family.files))
                .deep();
    }

    private Selection deep() {
        int depth = family.depth == 0 ? Integer.MAX_VALUE : family.depth;
        return with(new Family(family.parents, depth, family.only, family.files));
    }

    /** Limits how far children are followed: 1 for those that refer to the selected records themselves. */
    public Selection depth(int steps) {
        if (steps < 1) {
            throw new IllegalArgumentException("a depth of " + steps + " brings no children: it is 1 or more");
        }
        if (family.depth == 0) {
            throw new IllegalStateException("depth is that of children: say withChildren() first");
        }
        return with(new Family(family.parents, steps, family.only, family.files));
    }

    /** Also the files that the records refer to, as the plan's {@link FileReferences} say. */
    public Selection withFiles() {
        requireRecords("withFiles");
        return with(new Family(family.parents, family.depth, family.only, true));
    }

    /**
     * Only these fields go back to what they were, where changes are {@linkplain RestorePlan.Builder#undoing undone}; records that were added or
     * removed stay so.
     */
    public Selection fields(String... names) {
        requireRecords("fields");
        if (names.length == 0) {
            throw new IllegalArgumentException("name at least one field");
        }
        Set<String> all = new LinkedHashSet<>(fields);
        all.addAll(List.of(names));
        return new Selection(collection, paths, criteria, family, List.copyOf(all));
    }

    private Selection with(Criteria other) {
        return new Selection(collection, paths, other, family, fields);
    }

    private Selection with(Family other) {
        return new Selection(collection, paths, criteria, other, fields);
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
        return criteria.keys;
    }

    /** The values asked for by field; empty for any. */
    public Map<String, String> conditions() {
        return criteria.where;
    }

    /** The fields that must have no value; empty for any. */
    public Set<String> emptyFields() {
        return criteria.empty;
    }

    /** The patterns of paths; empty for records. */
    public List<PathGlob> patterns() {
        return paths;
    }

    /** Which records referred to belong to it. */
    public Parents parents() {
        return isWholeCollection() ? Parents.NONE : family.parents;
    }

    /** How far referring records belong to it: 0 if they don't, {@link Integer#MAX_VALUE} without limit. */
    public int childDepth() {
        return family.depth;
    }

    /** Which referring records belong to it; empty for all. Means nothing if the depth is 0. */
    public List<Children> children() {
        return family.only;
    }

    /** Whether files referred to belong to it. */
    public boolean includesFiles() {
        return family.files;
    }

    /** The fields that go back to what they were; empty for all. */
    public List<String> fields() {
        return fields;
    }

    /** Whether it is a whole collection without anything else. */
    public boolean isWholeCollection() {
        return !collection.isEmpty()
                && criteria.equals(Criteria.ALL)
                && family.parents != Parents.ALL
                && family.depth == 0
                && !family.files;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Selection that
                && collection.equals(that.collection)
                && paths.equals(that.paths)
                && criteria.equals(that.criteria)
                && family.equals(that.family)
                && fields.equals(that.fields);
    }

    @Override
    public int hashCode() {
        return Objects.hash(collection, paths, criteria, family, fields);
    }

    /** Tells what is selected by which fields, but no values: they may be personal. */
    @Override
    public String toString() {
        if (collection.isEmpty()) {
            return "paths " + paths;
        }
        int keys = criteria.keys.size();
        return collection
                + (fields.isEmpty() ? "" : "." + fields)
                + (keys == 0 ? "" : " by " + keys + (keys == 1 ? " key" : " keys"))
                + (criteria.where.isEmpty() ? "" : " where " + criteria.where.keySet() + " are as given")
                + (criteria.empty.isEmpty() ? "" : " where " + criteria.empty + " are null")
                + (family.parents == Parents.ALL ? " with parents" : "")
                + (family.parents == Parents.NONE ? " without parents" : "")
                + (family.depth == 0 ? "" : " with " + childText())
                + (family.files ? " with files" : "");
    }

    private String childText() {
        List<String> names = new ArrayList<>();
        family.only.forEach(child -> names.add(child.collection + (child.fields.isEmpty() ? "" : "." + child.fields)));
        return "children" + (names.isEmpty() ? "" : " " + names)
                + (family.depth == Integer.MAX_VALUE ? "" : " to depth " + family.depth);
    }
}
