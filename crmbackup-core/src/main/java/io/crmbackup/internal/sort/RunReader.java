package io.crmbackup.internal.sort;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/** Reads a run from its begin. */
final class RunReader implements AutoCloseable {
    private static final int BUFFER = 16 << 10;

    private final DataInputStream in;

    RunReader(Run run, SegmentCipher cipher) throws IOException {
        SegmentInput segments = new SegmentInput(Files.newInputStream(run.file()), cipher, run.number(), run.written());
        in = new DataInputStream(new BufferedInputStream(new ZstdInputStreamNoFinalizer(segments), BUFFER));
    }

    /** The next record, or null at the end. Lengths are trusted: they were sealed by this very process. */
    @Nullable
    Entry next() throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        int keyLength = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
        byte[] key = new byte[keyLength];
        in.readFully(key);
        byte[] value = new byte[in.readInt()];
        in.readFully(value);
        return new Entry(key, value);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
