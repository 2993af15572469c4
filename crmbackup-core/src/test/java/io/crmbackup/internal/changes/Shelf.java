package io.crmbackup.internal.changes;

import io.crmbackup.Compression;
import io.crmbackup.Limits;
import io.crmbackup.internal.capture.CollectionCapture;
import io.crmbackup.internal.capture.FormerCollection;
import io.crmbackup.internal.capture.RecordFeed;
import io.crmbackup.internal.capture.RunContext;
import io.crmbackup.internal.capture.TreeBuilding;
import io.crmbackup.internal.chunk.ChunkerParameters;
import io.crmbackup.internal.diff.ChangeCount;
import io.crmbackup.internal.hash.ChunkHasher;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.manifest.CollectionManifest;
import io.crmbackup.internal.operation.Progress;
import io.crmbackup.internal.operation.ReadMeter;
import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.internal.sort.ExternalSorter;
import io.crmbackup.internal.store.ChunkReader;
import io.crmbackup.internal.store.ChunkWriter;
import io.crmbackup.internal.tree.TreeParameters;
import io.crmbackup.internal.tree.TreeRoot;
import io.crmbackup.report.BackupListener;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/** Chunks in memory, counted, and collections read into them. */
final class Shelf implements ChunkReader, ChunkWriter {
    private final ChunkHasher hasher = new ChunkHasher(new byte[32]);
    private final Map<ChunkId, byte[]> chunks = new HashMap<>();
    private final RunContext context;
    ChangeCount changes = new ChangeCount(0, 0, 0, 0, 0, 0);
    long read;
    long written;

    Shelf(int leafRadius, Path work) {
        this(leafRadius, work, task -> {}, 2);
    }

    Shelf(int leafRadius, Path work, Executor spare, int cores) {
        context = new RunContext(
                new TreeParameters(leafRadius, Math.max(6 << 10, leafRadius / 5), 1024, 5, 6),
                ChunkerParameters.of(new byte[32], 256, 2048),
                new byte[32],
                () -> new ExternalSorter(work, 1 << 16),
                this,
                this,
                new Progress(BackupListener.NONE),
                spare,
                cores);
    }

    @Override
    public byte[] read(ChunkId id, ChunkType type) {
        read++;
        return chunks.get(id);
    }

    @Override
    public ChunkId write(ChunkType type, byte[] plain, int offset, int length) {
        ChunkId id = hasher.id(type, plain, offset, length);
        if (chunks.putIfAbsent(id, Arrays.copyOfRange(plain, offset, offset + length)) == null) {
            written++;
        }
        return id;
    }

    private CollectionCapture capture(CapturedCollection collection) {
        return new CollectionCapture(
                collection,
                Source.Consistency.MOMENT,
                null,
                FormerCollection.NONE,
                context,
                new ReadMeter(Limits.none(), context.progress()),
                problem -> {
                    throw new AssertionError(problem);
                });
    }

    /** What reading everything gives. */
    TreeRoot readAll(TestTable table) throws IOException {
        TreeBuilding trees = context.treeBuilding(FormerCollection.NONE);
        try (RecordFeed feed = new RecordFeed(table.collection(), context.sorters(), trees)) {
            capture(table.collection()).readInto(feed, table.read(), context.progress());
        }
        return trees.finish().content();
    }

    /** How two contents differ, by comparing them. */
    ChangeCount compare(TreeRoot before, TreeRoot after) {
        return ChangeCount.between(context.trees(), stored(before), stored(after));
    }

    private StoredCollection stored(TreeRoot content) {
        CollectionManifest manifest = new CollectionManifest(
                "member", TreeRoot.EMPTY.id(), content, TreeRoot.EMPTY, null, Compression.standard());
        return StoredCollection.of(manifest, TestTable.SCHEMA, context.trees(), this);
    }

    TreeRoot readChanges(TestTable table, TreeRoot before, Fineness fineness) throws IOException {
        ChangedCollection.Result result = new ChangedCollection(table.collection(), stored(before), context, fineness)
                .apply(table, capture(table.collection()));
        changes = result.count();
        return result.content();
    }
}
