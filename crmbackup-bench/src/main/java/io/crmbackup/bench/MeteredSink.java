package io.crmbackup.bench;

import io.crmbackup.spi.Sink;
import io.crmbackup.spi.SinkContent;
import io.crmbackup.spi.SinkObject;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Counts what is read from a sink. Thread-safe. */
final class MeteredSink implements Sink {
    private final Sink sink;
    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    MeteredSink(Sink sink) {
        this.sink = sink;
    }

    /** How often something was read. */
    long reads() {
        return reads.get();
    }

    /** How many bytes were read. */
    long bytes() {
        return bytes.get();
    }

    @Override
    public void put(String name, SinkContent content) throws IOException {
        sink.put(name, content);
    }

    @Override
    public InputStream get(String name, long offset, long length) throws IOException {
        reads.incrementAndGet();
        return new FilterInputStream(sink.get(name, offset, length)) {
            @Override
            public int read() throws IOException {
                int read = in.read();
                bytes.addAndGet(read < 0 ? 0 : 1);
                return read;
            }

            @Override
            public int read(byte[] target, int from, int most) throws IOException {
                int read = in.read(target, from, most);
                bytes.addAndGet(Math.max(0, read));
                return read;
            }
        };
    }

    @Override
    public void list(String prefix, Consumer<SinkObject> visitor) throws IOException {
        sink.list(prefix, visitor);
    }

    @Override
    public void delete(String name) throws IOException {
        sink.delete(name);
    }

    @Override
    public Optional<Path> directory() {
        return sink.directory();
    }

    @Override
    public void close() throws IOException {
        sink.close();
    }
}
