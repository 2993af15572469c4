package io.crmbackup.internal.snapshot;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.error.SnapshotNotFoundException;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.manifest.Manifest;
import io.crmbackup.internal.store.ChunkReader;
import io.crmbackup.report.SnapshotId;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Reads a snapshot's chunks while others may prune. What is not where it was may have been moved, which the log tells: so it is read on before anything counts as damaged. If the snapshot expired meanwhile, that is what is said. Thread-safe.
 */
final class SnapshotReader implements ChunkReader {
    private final Storage storage;
    private final SnapshotId snapshot;
    private final ChunkReader chunks;

    private SnapshotReader(Storage storage, SnapshotId snapshot, ChunkReader chunks) {
        this.storage = storage;
        this.snapshot = snapshot;
        this.chunks = chunks;
    }

    /** A reader that takes the chunks of a self-contained snapshot from its own packs first. */
    static SnapshotReader of(Storage storage, Manifest manifest) {
        ChunkReader chunks = manifest.packs().isEmpty()
                ? storage.chunks()
                : storage.chunks().preferring(Set.copyOf(manifest.packs()));
        return new SnapshotReader(storage, manifest.id(), chunks);
    }

    @Override
    public byte[] read(ChunkId id, ChunkType type) {
        return twice(() -> chunks.read(id, type));
    }

    @Override
    public byte[] readOnce(ChunkId id, ChunkType type) {
        return twice(() -> chunks.readOnce(id, type));
    }

    private byte[] twice(Supplier<byte[]> reading) {
        try {
            return reading.get();
        } catch (DamagedObjectException e) {
            requireLive(storage, snapshot, e);
            return reading.get();
        }
    }

    @Override
    public boolean has(ChunkId id, ChunkType type, byte[] bytes, int offset, int length) {
        return chunks.has(id, type, bytes, offset, length);
    }

    /** Reads the log on, with the indexes that it names; throws if the snapshot is not live any more. */
    static void requireLive(Storage storage, SnapshotId snapshot, DamagedObjectException because) {
        if (!storage.refresh().isLive(Storage.id(snapshot))) {
            throw new SnapshotNotFoundException(
                    "snapshot " + snapshot + " expired while it was read, and a prune removed what it consisted of",
                    because);
        }
    }
}
