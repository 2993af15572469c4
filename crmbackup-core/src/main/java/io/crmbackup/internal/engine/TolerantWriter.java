package io.crmbackup.internal.engine;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.store.ChunkWriter;
import io.crmbackup.internal.store.Likeness;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes on chunks with what they resemble, and without it once what that is looked up in turns out to be damaged: an earlier snapshot that can't
 * be read makes new ones larger, never impossible. Not thread-safe.
 */
final class TolerantWriter implements ChunkWriter {
    private static final Logger LOG = LoggerFactory.getLogger(TolerantWriter.class);

    private final ChunkWriter writer;
    private boolean damaged;

    TolerantWriter(ChunkWriter writer) {
        this.writer = writer;
    }

    @Override
    public ChunkId write(ChunkType type, byte[] plain, int offset, int length) {
        return writer.write(type, plain, offset, length);
    }

    @Override
    public ChunkId write(ChunkType type, byte[] plain, int offset, int length, Likeness like) {
        return writer.write(type, plain, offset, length, () -> find(like));
    }

    private @Nullable ChunkId find(Likeness like) {
        if (damaged) {
            return null;
        }
        try {
            return like.find();
        } catch (DamagedObjectException e) {
            LOG.warn("what is new is stored in full, as the latest snapshot is damaged: {}", e.getMessage());
            damaged = true;
            return null;
        }
    }
}
