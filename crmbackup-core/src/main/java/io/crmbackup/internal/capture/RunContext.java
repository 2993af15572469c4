package io.crmbackup.internal.capture;

import io.crmbackup.internal.chunk.ChunkerParameters;
import io.crmbackup.internal.operation.Progress;
import io.crmbackup.internal.record.RecordEncoder;
import io.crmbackup.internal.sort.ExternalSorter;
import io.crmbackup.internal.store.ChunkReader;
import io.crmbackup.internal.store.ChunkWriter;
import io.crmbackup.internal.tree.TreeBuilder;
import io.crmbackup.internal.tree.TreeParameters;
import io.crmbackup.spi.RecordSchema;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What turning records into trees needs, for one run.
 *
 * @param spare runs what is useful ahead of time, after what is to be stored already, or never
 * @param cores how many cores the run may keep busy; with one, nothing is done in threads of its own
 */
public record RunContext(
        TreeParameters trees,
        ChunkerParameters chunker,
        byte[] rowKey,
        Supplier<ExternalSorter> sorters,
        ChunkReader reader,
        ChunkWriter writer,
        Progress progress,
        Executor spare,
        int cores) {
    /** The same with another writer. */
    public RunContext with(ChunkWriter other) {
        return new RunContext(trees, chunker, rowKey, sorters, reader, other, progress, spare, cores);
    }

    RecordEncoder encoder(RecordSchema schema, FormerCollection former) {
        return new RecordEncoder(schema, former.blobs(chunker, writer));
    }

    /** What builds a collection's two trees. */
    public TreeBuilding treeBuilding(FormerCollection former) {
        return new TreeBuilding(new TreeBuilder(trees, writer, former.content()), fingerprints(former));
    }

    /** What builds a collection's tree of fingerprints alone. */
    public TreeBuilder fingerprints(FormerCollection former) {
        return new TreeBuilder(trees, writer, former.fingerprints());
    }
}
