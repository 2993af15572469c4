package io.crmbackup.internal.copy;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.store.ChunkReader;

/** Says of damage in which repository it is, where two are read. Thread-safe if the reader is. */
final class NamingReader implements ChunkReader {
    private final ChunkReader reader;
    private final String repository;

    NamingReader(ChunkReader reader, String repository) {
        this.reader = reader;
        this.repository = repository;
    }

    @Override
    public byte[] read(ChunkId id, ChunkType type) {
        try {
            return reader.read(id, type);
        } catch (DamagedObjectException e) {
            throw new DamagedObjectException(e.object(), e.what() + ", in repository " + repository, e);
        }
    }

    @Override
    public boolean has(ChunkId id, ChunkType type, byte[] bytes, int offset, int length) {
        return reader.has(id, type, bytes, offset, length);
    }
}
