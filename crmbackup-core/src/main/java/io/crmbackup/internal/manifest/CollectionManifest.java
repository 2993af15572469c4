package io.crmbackup.internal.manifest;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.tree.TreeRoot;

/**
 * What a snapshot contains of a collection.
 *
 * @param name its name in the source
 * @param schema the chunk of its schema
 * @param content the tree of its records
 * @param fingerprints the tree of their fingerprints; empty if the source gives none
 */
public record CollectionManifest(String name, ChunkId schema, TreeRoot content, TreeRoot fingerprints) {}
