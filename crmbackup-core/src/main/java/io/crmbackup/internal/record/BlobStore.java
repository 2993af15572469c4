package io.crmbackup.internal.record;

import io.crmbackup.internal.chunk.Chunker;
import io.crmbackup.internal.chunk.ChunkerParameters;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.store.ChunkWriter;
import io.crmbackup.internal.tree.BlobRef;
import io.crmbackup.internal.tree.BlobTreeBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Stores values that lie apart: cuts them into pieces and lists these in a blob tree. Not thread-safe. */
public final class BlobStore {
    private final Chunker chunker;
    private final ChunkWriter writer;

    /** Creates a store that cuts with these parameters and writes to a chunk writer. */
    public BlobStore(ChunkerParameters parameters, ChunkWriter writer) {
        this.chunker = new Chunker(parameters);
        this.writer = writer;
    }

    /** Stores what a stream gives; the stream is not closed. Throws {@link IOException} only for failures of the stream. */
    public BlobRef store(InputStream in) throws IOException {
        BlobTreeBuilder tree = new BlobTreeBuilder(writer);
        chunker.chunk(
                in, (buffer, offset, length) -> tree.add(writer.write(ChunkType.DATA, buffer, offset, length), length));
        return tree.finish();
    }

    /** Stores bytes in memory. */
    public BlobRef store(byte[] bytes) {
        try {
            return store(new ByteArrayInputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory does not fail", e);
        }
    }
}
