package io.crmbackup.systemtests;

import io.crmbackup.spi.Sink;
import io.crmbackup.spi.SinkContent;
import io.crmbackup.spi.SinkObject;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.tck.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/** A sink in memory at whose calls something happens. */
final class WatchedSink implements Sink {
    private final InMemorySink sink;
    private final Watcher watcher;

    /** What happens before a call; a failure takes its place. */
    @FunctionalInterface
    interface Watcher {
        /** Something is to be done with this object or prefix. */
        void before(Operation.Kind kind, String name) throws IOException;
    }

    WatchedSink(InMemorySink sink, Watcher watcher) {
        this.sink = sink;
        this.watcher = watcher;
    }

    @Override
    public void put(String name, SinkContent content) throws IOException {
        watcher.before(Operation.Kind.PUT, name);
        sink.put(name, content);
    }

    @Override
    public InputStream get(String name, long offset, long length) throws IOException {
        watcher.before(Operation.Kind.GET, name);
        return sink.get(name, offset, length);
    }

    @Override
    public void list(String prefix, Consumer<SinkObject> visitor) throws IOException {
        watcher.before(Operation.Kind.LIST, prefix);
        sink.list(prefix, visitor);
    }

    @Override
    public void delete(String name) throws IOException {
        watcher.before(Operation.Kind.DELETE, name);
        sink.delete(name);
    }

    @Override
    public void close() {
        sink.close();
    }
}
