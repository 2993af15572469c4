package io.crmbackup.internal.snapshot;

import io.crmbackup.internal.manifest.CollectionManifest;
import io.crmbackup.internal.record.RecordDecoder;
import io.crmbackup.internal.store.ChunkReader;
import io.crmbackup.internal.tree.FormerTree;
import io.crmbackup.internal.tree.RecordTree;
import io.crmbackup.internal.tree.TreeCursor;
import io.crmbackup.internal.tree.TreeParameters;
import io.crmbackup.internal.tree.TreeRoot;
import io.crmbackup.spi.RecordSchema;

/** A collection of a snapshot, to be read. */
public record StoredCollection(
        CollectionManifest manifest, RecordSchema schema, RecordDecoder decoder, RecordTree trees, ChunkReader reader) {
    public static StoredCollection of(
            CollectionManifest manifest, RecordSchema schema, TreeParameters parameters, ChunkReader reader) {
        return new StoredCollection(
                manifest,
                schema,
                new RecordDecoder(manifest.name(), schema, reader),
                new RecordTree(parameters, reader),
                reader);
    }

    public String name() {
        return manifest.name();
    }

    public TreeCursor records() {
        return trees.scan(manifest.content());
    }

    /** Goes through all records once. */
    public TreeCursor allRecords() {
        return trees.all(manifest.content());
    }

    /** One of its trees, as an earlier version of one that is built. */
    public FormerTree former(TreeRoot root) {
        return trees.former(root);
    }

    /** The same collection with other records. */
    public StoredCollection with(CollectionManifest changed) {
        return new StoredCollection(changed, schema, decoder, trees, reader);
    }
}
