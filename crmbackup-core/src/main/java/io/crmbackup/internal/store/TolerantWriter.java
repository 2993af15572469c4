package io.crmbackup.internal.store;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes on chunks with what they resemble, and without it once what that is looked up in turns out to be damaged: an earlier snapshot that can't
 * be read makes new ones larger, never impossible. Not thread-safe.
 */
public final class TolerantWriter implements ChunkWriter {
    private static final Logger LOG = LoggerFactory.getLogger(TolerantWriter.class);

    private final ChunkWriter writer;
    private boolean damaged;

    public TolerantWriter(ChunkWriter writer) {
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
