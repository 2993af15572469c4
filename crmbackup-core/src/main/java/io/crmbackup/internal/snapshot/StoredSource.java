package io.crmbackup.internal.snapshot;

import io.crmbackup.internal.manifest.SourceManifest;
import io.crmbackup.internal.tree.TreeParameters;
import io.crmbackup.spi.RecordSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A source of a snapshot, to be read. */
public record StoredSource(
        SourceManifest manifest, Map<String, String> attributes, List<StoredCollection> collections) {
    static StoredSource of(SourceManifest manifest, Documents documents, TreeParameters parameters) {
        List<StoredCollection> collections = new ArrayList<>();
        manifest.collections()
                .forEach(collection -> collections.add(StoredCollection.of(
                        collection, documents.schema(collection.schema()), parameters, documents.reader())));
        return new StoredSource(manifest, documents.attributes(manifest.attributes()), List.copyOf(collections));
    }

    public String name() {
        return manifest.name();
    }

    /** The collection with exactly this name. */
    public Optional<StoredCollection> collection(String name) {
        return collections.stream()
                .filter(collection -> collection.name().equals(name))
                .findFirst();
    }

    /** The collections whose records are identified by paths. */
    public List<StoredCollection> trees() {
        return collections.stream()
                .filter(collection -> collection.schema().keyForm() == RecordSchema.KeyForm.PATH)
                .toList();
    }

    /** The same source with one of its collections replaced by another of the same name. */
    public StoredSource with(StoredCollection replacement) {
        List<StoredCollection> replaced = collections.stream()
                .map(one -> one.name().equals(replacement.name()) ? replacement : one)
                .toList();
        return new StoredSource(
                new SourceManifest(
                        manifest.name(),
                        manifest.consistency(),
                        manifest.from(),
                        manifest.to(),
                        manifest.position(),
                        manifest.attributes(),
                        replaced.stream().map(StoredCollection::manifest).toList()),
                attributes,
                replaced);
    }

    /** The collection that a user's name means; throws {@link IllegalArgumentException} if there is none. */
    public StoredCollection named(String name) {
        return Names.find("source " + name(), "collection", name, collections, StoredCollection::name);
    }
}
