package io.crmbackup.internal.engine;

import io.crmbackup.internal.chunk.ChunkerParameters;
import io.crmbackup.internal.record.BlobStore;
import io.crmbackup.internal.record.RecordEncoder;
import io.crmbackup.internal.sort.ExternalSorter;
import io.crmbackup.internal.store.ChunkReader;
import io.crmbackup.internal.store.ChunkWriter;
import io.crmbackup.internal.tree.TreeBuilder;
import io.crmbackup.internal.tree.TreeParameters;
import io.crmbackup.spi.RecordSchema;
import java.util.function.Supplier;

/** What turning records into trees needs, for one run. */
record RunContext(
        TreeParameters trees,
        ChunkerParameters chunker,
        byte[] rowKey,
        Supplier<ExternalSorter> sorters,
        ChunkReader reader,
        ChunkWriter writer,
        Progress progress) {
    RecordEncoder encoder(RecordSchema schema) {
        return new RecordEncoder(schema, new BlobStore(chunker, writer));
    }

    /** What builds a collection's two trees. */
    TreeBuilding treeBuilding() {
        return new TreeBuilding(new TreeBuilder(trees, writer), new TreeBuilder(trees, writer));
    }
}
