package io.crmbackup.internal.manifest;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.spi.Source;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a snapshot contains of a source.
 *
 * @param name the source's name in the plan
 * @param consistency whether the records show one moment or a window
 * @param from the moment, or the window's begin
 * @param to the moment, or the window's end
 * @param position where the source stood, or empty
 * @param attributes the chunk of the source's attributes
 * @param collections its collections
 */
public record SourceManifest(
        String name,
        Source.Consistency consistency,
        Instant from,
        Instant to,
        String position,
        ChunkId attributes,
        List<CollectionManifest> collections) {
    /** Copies the list. */
    public SourceManifest {
        collections = List.copyOf(collections);
    }

    /** The collection with exactly this name. */
    public Optional<CollectionManifest> collection(String collection) {
        return collections.stream().filter(one -> one.name().equals(collection)).findFirst();
    }
}
