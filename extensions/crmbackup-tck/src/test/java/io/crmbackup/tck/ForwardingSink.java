package io.crmbackup.tck;

import io.crmbackup.spi.Sink;
import io.crmbackup.spi.SinkContent;
import io.crmbackup.spi.SinkObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/** Does as another sink does, for wrong sinks to do something else in one method. */
class ForwardingSink implements Sink {
    final InMemorySink real;

    ForwardingSink(InMemorySink real) {
        this.real = real;
    }

    @Override
    public void put(String name, SinkContent content) throws IOException {
        real.put(name, content);
    }

    @Override
    public InputStream get(String name, long offset, long length) throws IOException {
        return real.get(name, offset, length);
    }

    @Override
    public void list(String prefix, Consumer<SinkObject> visitor) throws IOException {
        real.list(prefix, visitor);
    }

    @Override
    public void delete(String name) throws IOException {
        real.delete(name);
    }

    @Override
    public void close() throws IOException {
        real.close();
    }

    static byte[] bytes(SinkContent content) throws IOException {
        try (InputStream in = content.open()) {
            return in.readAllBytes();
        }
    }
}
