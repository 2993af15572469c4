package io.crmbackup.internal.manifest;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.tree.TreeRoot;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot contains of a collection.
 *
 * @param name its name in the source
 * @param schema the chunk of its schema
 * @param content the tree of its records
 * @param fingerprints the tree of their fingerprints; empty if the source gives none
 * @param dictionary the chunk of the dictionary that its chunks may be compressed with, or null if there is none
 */
public record CollectionManifest(
        String name,
        ChunkId schema,
        TreeRoot content,
        TreeRoot fingerprints,
        @Nullable ChunkId dictionary) {
    /** A collection without a dictionary. */
    public CollectionManifest(String name, ChunkId schema, TreeRoot content, TreeRoot fingerprints) {
        this(name, schema, content, fingerprints, null);
    }
}
