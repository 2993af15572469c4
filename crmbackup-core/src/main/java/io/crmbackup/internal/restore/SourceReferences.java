package io.crmbackup.internal.restore;

import io.crmbackup.RecordReferences;
import io.crmbackup.internal.snapshot.Names;
import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.internal.snapshot.StoredSource;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.Reference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What the records of one source refer to: what the source itself told, and what the application did. */
final class SourceReferences {
    private final StoredSource source;
    private final Map<String, Set<Reference>> byCollection = new LinkedHashMap<>();
    private Map<String, List<Reference>> all = Map.of();

    /** Throws {@link IllegalArgumentException} if what the application told names what is not there. */
    SourceReferences(StoredSource source, List<RecordReferences> told) {
        this.source = source;
        for (StoredCollection collection : source.collections()) {
            byCollection.put(
                    collection.name(), new LinkedHashSet<>(collection.schema().references()));
        }
        told.stream().filter(one -> one.source().equals(source.name())).forEach(this::add);
    }

    /** The same, without what the application told of what is not there. */
    static SourceReferences known(StoredSource source, List<RecordReferences> told) {
        SourceReferences references = new SourceReferences(source, List.of());
        for (RecordReferences one : told) {
            if (one.source().equals(source.name())) {
                try {
                    references.add(one);
                } catch (IllegalArgumentException e) {
                    continue;
                }
            }
        }
        return references;
    }

    private void add(RecordReferences told) {
        StoredCollection from = source.named(told.collection());
        StoredCollection to = source.named(told.target());
        Map<String, String> conditions = new LinkedHashMap<>();
        told.conditions().forEach((field, value) -> conditions.put(name(from, field), value));
        Objects.requireNonNull(byCollection.get(from.name()), "one of the source's collections")
                .add(new Reference(
                        "", names(from, told.fields()), to.name(), names(to, told.targetFields()), conditions));
    }

    private static List<String> names(StoredCollection collection, List<String> fields) {
        List<String> names = new ArrayList<>();
        fields.forEach(field -> names.add(name(collection, field)));
        return names;
    }

    private static String name(StoredCollection collection, String field) {
        int index = Names.field(collection.name(), collection.schema(), field);
        return collection.schema().fields().get(index).name();
    }

    /** The references of a collection's records; none if the source has no such collection. */
    List<Reference> from(String collection) {
        return List.copyOf(byCollection.getOrDefault(collection, Set.of()));
    }

    /** All references, by the collection that they begin in; the same map each time. */
    Map<String, List<Reference>> all() {
        if (all.isEmpty()) {
            Map<String, List<Reference>> copy = new HashMap<>();
            byCollection.keySet().forEach(collection -> copy.put(collection, from(collection)));
            all = Map.copyOf(copy);
        }
        return all;
    }

    /** What binds a collection's records to others. */
    Ties ties(String collection) {
        return new Ties(from(collection), all());
    }

    /** Some of the collections, in an order in which those referred to come before those that refer. */
    List<String> order(Collection<String> some) {
        return ParentsFirst.order(
                        some,
                        name -> from(name).stream().map(Reference::collection).toList())
                .stream()
                .filter(some::contains)
                .toList();
    }

    StoredSource source() {
        return source;
    }

    /** References of which both ends are in the source, with all their fields. */
    List<Link> links() {
        List<Link> links = new ArrayList<>();
        byCollection.forEach((name, references) -> references.forEach(reference -> {
            StoredCollection from = source.collection(name).orElseThrow();
            source.collection(reference.collection())
                    .filter(to -> reference.fields().stream()
                            .allMatch(field -> from.schema().indexOf(field) >= 0))
                    .filter(to -> reference.targetFields().stream()
                            .allMatch(field -> to.schema().indexOf(field) >= 0))
                    .ifPresent(to -> links.add(new Link(from, reference, to)));
        }));
        return links;
    }

    /**
     * A reference with the collections at its ends.
     *
     * @param child the collection that refers
     * @param parent the collection referred to
     */
    record Link(StoredCollection child, Reference reference, StoredCollection parent) {
        /** Whether each record of the child refers by it, as its fields always have a value. */
        boolean isRequired() {
            return reference.fields().stream()
                    .allMatch(field -> child.schema()
                                    .fields()
                                    .get(child.schema().indexOf(field))
                                    .presence()
                            == Field.Presence.REQUIRED);
        }

        /** For messages. */
        String text() {
            return child.name() + "." + String.join(", ", reference.fields());
        }
    }
}
