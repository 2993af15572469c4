package io.crmbackup.internal.snapshot;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.manifest.CollectionManifest;
import io.crmbackup.internal.manifest.Manifest;
import io.crmbackup.internal.manifest.SchemaDocuments;
import io.crmbackup.internal.manifest.SourceManifest;
import io.crmbackup.internal.record.RecordDecoder;
import io.crmbackup.internal.store.ChunkReader;
import io.crmbackup.internal.tree.BlobRef;
import io.crmbackup.internal.tree.BlobWalk;
import io.crmbackup.internal.tree.TreeParameters;
import io.crmbackup.internal.tree.TreeVisitor;
import io.crmbackup.internal.tree.TreeWalk;

/** Walks over every chunk that a snapshot consists of: attributes, schemas, both trees of each collection, and what of the records lies apart. Not thread-safe. */
public final class SnapshotWalk {
    private final TreeParameters trees;
    private final ChunkReader reader;
    private final Visitor visitor;

    /** Creates a walk that reads what leads to other chunks, and only that. */
    public SnapshotWalk(TreeParameters trees, ChunkReader reader, Visitor visitor) {
        this.trees = trees;
        this.reader = reader;
        this.visitor = visitor;
    }

    /** Gets the chunks, each before those that it leads to. */
    @FunctionalInterface
    public interface Visitor {
        /** A chunk; false leaves out everything that only it leads to. */
        boolean enter(ChunkId id, ChunkType type);
    }

    /**
     * Walks over one snapshot.
     *
     * @throws io.crmbackup.error.DamagedObjectException if a chunk that leads to others can't be read
     */
    public void walk(Manifest manifest) {
        for (SourceManifest source : manifest.sources()) {
            visitor.enter(source.attributes(), ChunkType.SCHEMA);
            for (CollectionManifest collection : source.collections()) {
                visitor.enter(collection.schema(), ChunkType.SCHEMA);
                ChunkId dictionary = collection.dictionary();
                if (dictionary != null) {
                    visitor.enter(dictionary, ChunkType.DICTIONARY);
                }
                walk(collection);
            }
        }
    }

    private void walk(CollectionManifest collection) {
        TreeWalk nodes = new TreeWalk(trees, reader);
        RecordDecoder decoder = new RecordDecoder(
                collection.name(), new SchemaDocuments().readSchema(reader, collection.schema()), reader);
        BlobWalk blobs = new BlobWalk(reader);
        nodes.walk(collection.content(), new TreeVisitor() {
            @Override
            public boolean enter(ChunkId id, int level) {
                return enterNode(id, level);
            }

            @Override
            public void record(byte[] key, byte[] value) {
                for (BlobRef ref : decoder.apart(value)) {
                    blobs.walk(
                            ref,
                            (id, level, length) -> visitor.enter(id, level == 0 ? ChunkType.DATA : ChunkType.BLOB));
                }
            }
        });
        // A fingerprint leads nowhere, so that leaves need not be read.
        nodes.walk(collection.fingerprints(), (id, level) -> enterNode(id, level) && level > 0);
    }

    private boolean enterNode(ChunkId id, int level) {
        return visitor.enter(id, level == 0 ? ChunkType.LEAF : ChunkType.INNER);
    }
}
