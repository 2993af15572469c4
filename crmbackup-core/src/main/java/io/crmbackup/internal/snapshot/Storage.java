package io.crmbackup.internal.snapshot;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.chunk.ChunkerParameters;
import io.crmbackup.internal.log.Log;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.manifest.Manifest;
import io.crmbackup.internal.manifest.ManifestCodec;
import io.crmbackup.internal.manifest.SchemaDocuments;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.object.ObjectSealer;
import io.crmbackup.internal.object.ObjectStore;
import io.crmbackup.internal.sort.ExternalSorter;
import io.crmbackup.internal.store.ChunkReader;
import io.crmbackup.internal.store.ChunkStore;
import io.crmbackup.internal.tree.TreeParameters;
import io.crmbackup.report.BackupListener;
import io.crmbackup.report.SnapshotId;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;

/** What all operations on an open repository share. Thread-safe. */
public record Storage(
        ObjectStore objects,
        ObjectSealer sealer,
        SecureRandom random,
        InstantSource clock,
        Path workDirectory,
        BackupListener listener,
        TreeParameters trees,
        ChunkerParameters chunker,
        byte[] rowKey,
        ChunkStore chunks,
        Log log) {
    private static final long SORT_MEMORY = 16 << 20;

    /** Reads the log on, and the indexes that it names since. */
    public LogState refresh() {
        LogState state = log.refresh();
        load(state);
        return state;
    }

    public void load(LogState state) {
        state.indexes().forEach(chunks::load);
    }

    public ExternalSorter sorter() {
        return new ExternalSorter(workDirectory, SORT_MEMORY);
    }

    public Manifest manifest(ObjectId id) {
        String name = ObjectRole.SNAPSHOT.name(id);
        try {
            return new ManifestCodec()
                    .decode(name, sealer.open(ObjectRole.SNAPSHOT, name, objects.get(ObjectRole.SNAPSHOT, name)));
        } catch (DamagedObjectException e) {
            SnapshotReader.requireLive(this, id(id), e);
            throw e;
        }
    }

    /** Stores a manifest and returns the length of its object. */
    long put(Manifest manifest) {
        String name = ObjectRole.SNAPSHOT.name(id(manifest.id()));
        byte[] stored = sealer.seal(ObjectRole.SNAPSHOT, name, new ManifestCodec().encode(manifest));
        if (objects.put(name, stored) == ObjectStore.Outcome.TAKEN) {
            throw new IllegalStateException(name + " is taken: the random generator repeats itself");
        }
        return stored.length;
    }

    /** What reads a snapshot's chunks: those of a self-contained one from its own packs first. */
    public ChunkReader reader(Manifest manifest) {
        return SnapshotReader.of(this, manifest);
    }

    /** The sources of a snapshot. */
    public List<StoredSource> sources(Manifest manifest) {
        return sources(manifest, reader(manifest));
    }

    /** The sources of a snapshot, read by a given reader. */
    public List<StoredSource> sources(Manifest manifest, ChunkReader reader) {
        Documents documents = new Documents(new SchemaDocuments(), reader);
        return manifest.sources().stream()
                .map(source -> StoredSource.of(source, documents, trees))
                .toList();
    }

    public static ObjectId id(SnapshotId id) {
        return ObjectId.parse(id.hex());
    }

    public static SnapshotId id(ObjectId id) {
        return SnapshotId.of(id.toString());
    }
}
