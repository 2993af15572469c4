package io.crmbackup.internal.sort;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a run into an existing, empty file. */
final class RunWriter implements AutoCloseable {
    private static final int LEVEL = 1;
    private static final int BUFFER = 64 << 10;

    private final SegmentOutput segments;
    private final DataOutputStream out;

    RunWriter(Path file, int number, SegmentCipher cipher) throws IOException {
        segments = new SegmentOutput(Files.newOutputStream(file), cipher, number);
        out = new DataOutputStream(new BufferedOutputStream(new ZstdOutputStreamNoFinalizer(segments, LEVEL), BUFFER));
    }

    void add(Entry entry) throws IOException {
        out.writeInt(entry.key().length);
        out.write(entry.key());
        out.writeInt(entry.value().length);
        out.write(entry.value());
    }

    /** How long the file is, once this is closed. */
    long written() {
        return segments.written();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
