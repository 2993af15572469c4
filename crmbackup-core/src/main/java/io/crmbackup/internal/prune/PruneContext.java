package io.crmbackup.internal.prune;

import io.crmbackup.internal.log.Log;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.manifest.Manifest;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectStore;
import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.operation.Progress;
import io.crmbackup.internal.snapshot.Storage;
import io.crmbackup.internal.sort.ExternalSorter;
import io.crmbackup.internal.store.ChunkStore;
import io.crmbackup.internal.tree.TreeParameters;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a prune works with.
 *
 * @param objects the sink
 * @param chunks all chunks that are known
 * @param log the repository's history
 * @param trees how trees are built
 * @param manifests reads a snapshot's manifest
 * @param sorters makes sorters
 * @param workDirectory where temporary files go
 * @param clock tells how long ago something was condemned
 * @param course hears how it goes on
 */
public record PruneContext(
        ObjectStore objects,
        ChunkStore chunks,
        Log log,
        TreeParameters trees,
        Function<ObjectId, Manifest> manifests,
        Supplier<ExternalSorter> sorters,
        Path workDirectory,
        InstantSource clock,
        Course course) {
    /** A prune of a repository. */
    public static PruneContext of(Storage storage, Progress progress) {
        return new PruneContext(
                storage.objects(),
                storage.chunks(),
                storage.log(),
                storage.trees(),
                storage::manifest,
                storage::sorter,
                storage.workDirectory(),
                storage.clock(),
                () -> {
                    Interruption.check();
                    progress.record();
                });
    }

    /** Learns all that the log names. */
    public void load(LogState state) {
        state.indexes().forEach(chunks::load);
    }
}
