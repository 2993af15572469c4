package io.crmbackup.tck;

import io.crmbackup.spi.Sink;
import io.crmbackup.spi.SinkContent;
import io.crmbackup.spi.SinkObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A sink in the heap, for tests. Strict: names, ranges and lengths that no sink has to accept are refused with {@link
 * IllegalArgumentException}, and everything fails after {@link #close()}. Thread-safe.
 */
public final class InMemorySink implements Sink {
    private static final Pattern NAME = Pattern.compile("(?=.{1,120}$)[a-z0-9]+(/[a-z0-9]+)*");
    private static final int STEP = 64 * 1024;

    private final NavigableMap<String, Stored> objects;
    private final Map<Operation.Kind, LongAdder> counts;
    private final InstantSource clock;
    private volatile boolean closed;

    private record Stored(byte[] bytes, Instant time) {}

    /** An empty sink whose objects bear the system's time. */
    public InMemorySink() {
        this(InstantSource.system());
    }

    /** An empty sink whose objects bear this clock's time. */
    public InMemorySink(InstantSource clock) {
        this(new ConcurrentSkipListMap<>(), newCounts(), clock);
    }

    private InMemorySink(
            NavigableMap<String, Stored> objects, Map<Operation.Kind, LongAdder> counts, InstantSource clock) {
        this.objects = objects;
        this.counts = counts;
        this.clock = clock;
    }

    /** Another client of the same objects: closed on its own, counted together. */
    public InMemorySink client() {
        return new InMemorySink(objects, counts, clock);
    }

    /** An independent sink that begins with the objects that are here now. */
    public InMemorySink copy() {
        return new InMemorySink(new ConcurrentSkipListMap<>(objects), newCounts(), clock);
    }

    /** How many calls of a kind were made, failed ones included. */
    public long count(Operation.Kind kind) {
        return counter(kind).sum();
    }

    /** How many objects there are. */
    public int size() {
        return objects.size();
    }

    /** The sum of the objects' lengths, in bytes. */
    public long bytes() {
        return objects.values().stream().mapToLong(o -> o.bytes().length).sum();
    }

    /**
     * Changes bytes at rest, which no sink should do: the bit of the object's content is inverted. For tests of damage.
     *
     * @param bit which bit, from 0 for the lowest of the first byte
     * @throws IllegalArgumentException if there is no such object or bit
     */
    public void flip(String name, long bit) {
        objects.compute(name, (n, stored) -> {
            if (stored == null || bit < 0 || bit / 8 >= stored.bytes().length) {
                throw new IllegalArgumentException("there is no bit " + bit + " of an object " + name);
            }
            byte[] changed = stored.bytes().clone();
            changed[(int) (bit / 8)] ^= (byte) (1 << (bit % 8));
            return new Stored(changed, stored.time());
        });
    }

    @Override
    public void put(String name, SinkContent content) throws IOException {
        begin(Operation.Kind.PUT, name);
        if (objects.containsKey(name)) {
            throw new FileAlreadyExistsException(name);
        }
        Stored stored = new Stored(read(name, content), clock.instant());
        ensureOpen();
        if (objects.putIfAbsent(name, stored) != null) {
            throw new FileAlreadyExistsException(name);
        }
    }

    @Override
    public InputStream get(String name, long offset, long length) throws IOException {
        begin(Operation.Kind.GET, name);
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException("offset " + offset + " and length " + length + " must be at least 0");
        }
        Stored stored = objects.get(name);
        if (stored == null) {
            throw new NoSuchFileException(name);
        }
        byte[] bytes = stored.bytes();
        int from = (int) Math.min(offset, bytes.length);
        return new ByteArrayInputStream(bytes, from, (int) Math.min(length, bytes.length - from));
    }

    @Override
    public void list(String prefix, Consumer<SinkObject> visitor) throws IOException {
        count(Operation.Kind.LIST, prefix);
        if (!prefix.isEmpty() && !(prefix.endsWith("/") && isName(prefix.substring(0, prefix.length() - 1)))) {
            throw new IllegalArgumentException("a prefix is empty or a name with a slash at its end, not: " + prefix);
        }
        for (Map.Entry<String, Stored> entry : objects.tailMap(prefix).entrySet()) {
            if (!entry.getKey().startsWith(prefix)) {
                return;
            }
            ensureOpen();
            Stored stored = entry.getValue();
            visitor.accept(new SinkObject(entry.getKey(), stored.bytes().length, stored.time()));
        }
    }

    @Override
    public void delete(String name) throws IOException {
        begin(Operation.Kind.DELETE, name);
        objects.remove(name);
    }

    @Override
    public void close() {
        closed = true;
    }

    private static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    private static Map<Operation.Kind, LongAdder> newCounts() {
        return Map.of(
                Operation.Kind.PUT, new LongAdder(),
                Operation.Kind.GET, new LongAdder(),
                Operation.Kind.LIST, new LongAdder(),
                Operation.Kind.DELETE, new LongAdder());
    }

    private void begin(Operation.Kind kind, String name) throws IOException {
        count(kind, name);
        if (!isName(name)) {
            throw new IllegalArgumentException("not a name of at most 120 of a-z, 0-9 and single slashes: " + name);
        }
    }

    private void count(Operation.Kind kind, String name) throws IOException {
        counter(kind).increment();
        ensureOpen();
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted before " + kind + " " + name);
        }
    }

    private void ensureOpen() {
        if (closed) {
            throw new IllegalStateException("the sink is closed");
        }
    }

    private static byte[] read(String name, SinkContent content) throws IOException {
        long length = content.length();
        if (length < 0 || length > Integer.MAX_VALUE - 8) {
            throw new IOException("an object in memory can't have " + length + " bytes: " + name);
        }
        byte[] bytes = new byte[(int) length];
        try (InputStream in = content.open()) {
            int at = 0;
            while (at < bytes.length) {
                int read = in.readNBytes(bytes, at, Math.min(STEP, bytes.length - at));
                if (read == 0) {
                    throw new IOException("the content of " + name + " ends after " + at + " of " + length + " bytes");
                }
                at += read;
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException("interrupted while " + name + " was put");
                }
            }
            if (in.read() >= 0) {
                throw new IOException("the content of " + name + " goes on after " + length + " bytes");
            }
        }
        return bytes;
    }

    private LongAdder counter(Operation.Kind kind) {
        return Objects.requireNonNull(counts.get(kind), "every kind is counted");
    }
}
