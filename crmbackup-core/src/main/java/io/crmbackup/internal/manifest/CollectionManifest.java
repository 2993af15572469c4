package io.crmbackup.internal.manifest;

import io.crmbackup.Compression;
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
 * @param compression what its chunks may be compressed with, also where the snapshot is copied to
 */
public record CollectionManifest(
        String name,
        ChunkId schema,
        TreeRoot content,
        TreeRoot fingerprints,
        @Nullable ChunkId dictionary,
        Compression compression) {}
