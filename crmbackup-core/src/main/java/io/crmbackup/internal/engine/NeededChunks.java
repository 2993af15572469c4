package io.crmbackup.internal.engine;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.manifest.CollectionManifest;
import io.crmbackup.internal.manifest.Manifest;
import io.crmbackup.internal.manifest.SourceManifest;
import io.crmbackup.internal.store.ChunkReader;
import io.crmbackup.internal.tree.BlobWalk;
import io.crmbackup.internal.tree.TreeRoot;
import io.crmbackup.internal.tree.TreeVisitor;
import io.crmbackup.internal.tree.TreeWalk;
import java.util.function.BiConsumer;

/** Visits every chunk that snapshots need, what they share only once as far as that can be remembered. Not thread-safe. */
final class NeededChunks {
    private final Storage storage;
    private final BiConsumer<ChunkId, ChunkType> visitor;
    private final SoundTrees visited = new SoundTrees();

    NeededChunks(Storage storage, BiConsumer<ChunkId, ChunkType> visitor) {
        this.storage = storage;
        this.visitor = visitor;
    }

    /**
     * Visits the chunks of a snapshot.
     *
     * @throws io.crmbackup.error.DamagedObjectException if what leads to others can't be read
     */
    void visit(Manifest manifest) {
        ChunkReader reader = storage.reader(manifest);
        for (SourceManifest source : manifest.sources()) {
            visitor.accept(source.attributes(), ChunkType.SCHEMA);
        }
        for (StoredSource source : storage.sources(manifest, reader)) {
            for (StoredCollection collection : source.collections()) {
                CollectionManifest roots = collection.manifest();
                visitor.accept(roots.schema(), ChunkType.SCHEMA);
                visit(roots.fingerprints(), reader, value -> {});
                visit(roots.content(), reader, value -> visitApart(collection, value));
            }
        }
    }

    @FunctionalInterface
    private interface Records {
        void record(byte[] value);
    }

    private void visit(TreeRoot root, ChunkReader reader, Records records) {
        visited.begin();
        new TreeWalk(storage.trees(), reader).walk(root, new TreeVisitor() {
            @Override
            public boolean enter(ChunkId id, int level) {
                Interruption.check();
                if (!visited.enter(id, level, 0)) {
                    return false;
                }
                visitor.accept(id, level == 0 ? ChunkType.LEAF : ChunkType.INNER);
                return true;
            }

            @Override
            public void record(byte[] key, byte[] value) {
                records.record(value);
            }
        });
        visited.end(0);
    }

    private void visitApart(StoredCollection collection, byte[] value) {
        collection
                .decoder()
                .apart(value)
                .forEach(ref -> new BlobWalk(collection.reader()).walk(ref, (id, level, length) -> {
                    Interruption.check();
                    visitor.accept(id, level == 0 ? ChunkType.DATA : ChunkType.BLOB);
                    return true;
                }));
    }
}
