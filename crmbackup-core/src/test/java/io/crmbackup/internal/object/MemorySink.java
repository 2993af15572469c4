package io.crmbackup.internal.object;

import io.crmbackup.spi.Sink;
import io.crmbackup.spi.SinkContent;
import io.crmbackup.spi.SinkObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/** A sink in memory, for tests, whose objects the test can reach. */
public class MemorySink implements Sink {
    /** The objects by name. */
    public final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();

    @Override
    public void put(String name, SinkContent content) throws IOException {
        byte[] bytes;
        try (InputStream in = content.open()) {
            bytes = in.readAllBytes();
        }
        if (bytes.length != content.length()) {
            throw new IOException(name + ": " + bytes.length + " bytes instead of " + content.length());
        }
        if (objects.putIfAbsent(name, bytes) != null) {
            throw new FileAlreadyExistsException(name);
        }
    }

    @Override
    public InputStream get(String name, long offset, long length) throws IOException {
        byte[] bytes = objects.get(name);
        if (bytes == null) {
            throw new NoSuchFileException(name);
        }
        int from = (int) Math.min(offset, bytes.length);
        return new ByteArrayInputStream(bytes, from, (int) Math.min(length, bytes.length - from));
    }

    @Override
    public void list(String prefix, Consumer<SinkObject> visitor) throws IOException {
        objects.forEach((name, bytes) -> {
            if (name.startsWith(prefix)) {
                visitor.accept(new SinkObject(name, bytes.length, null));
            }
        });
    }

    @Override
    public void delete(String name) throws IOException {
        objects.remove(name);
    }

    @Override
    public void close() {}
}
