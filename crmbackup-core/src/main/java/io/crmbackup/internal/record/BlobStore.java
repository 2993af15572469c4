package io.crmbackup.internal.record;

import io.crmbackup.internal.chunk.Chunker;
import io.crmbackup.internal.chunk.ChunkerParameters;
import io.crmbackup.internal.store.ChunkReader;
import io.crmbackup.internal.store.ChunkWriter;
import io.crmbackup.internal.tree.BlobRef;
import io.crmbackup.internal.tree.BlobTreeBuilder;
import io.crmbackup.internal.tree.FormerBlob;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.Supplier;

/** Stores values that lie apart: cuts them into pieces and lists these in a blob tree. Not thread-safe. */
public final class BlobStore {
    private final Chunker chunker;
    private final ChunkWriter writer;
    private final ChunkReader reader;

    /** Creates a store of values that have no earlier version. */
    public BlobStore(ChunkerParameters parameters, ChunkWriter writer) {
        this(parameters, writer, (id, type) -> {
            throw new IllegalStateException("there is no earlier version to read " + id + " of");
        });
    }

    /**
     * Creates a store.
     *
     * @param parameters how values are cut
     * @param writer stores their pieces
     * @param reader reads earlier versions of values
     */
    public BlobStore(ChunkerParameters parameters, ChunkWriter writer, ChunkReader reader) {
        this.chunker = new Chunker(parameters);
        this.writer = writer;
        this.reader = reader;
    }

    /**
     * Stores what a stream gives; the stream is not closed. Throws {@link IOException} only for failures of the stream.
     *
     * @param former finds the earlier version of the value, empty if there is none; asked only if something new has to be stored
     */
    public BlobRef store(InputStream in, Supplier<BlobRef> former) throws IOException {
        BlobTreeBuilder tree = new BlobTreeBuilder(writer, new FormerBlob(former, reader));
        chunker.chunk(in, tree::write);
        return tree.finish();
    }

    /** Stores bytes in memory, as {@link #store(InputStream, Supplier)} does. */
    public BlobRef store(byte[] bytes, Supplier<BlobRef> former) {
        try {
            return store(new ByteArrayInputStream(bytes), former);
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory does not fail", e);
        }
    }
}
