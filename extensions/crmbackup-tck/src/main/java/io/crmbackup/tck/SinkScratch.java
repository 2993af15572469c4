package io.crmbackup.tck;

import io.crmbackup.spi.Sink;
import io.crmbackup.spi.SinkContent;
import io.crmbackup.spi.SinkObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Where a rule is tried: a sink, a prefix of names that nobody else uses, and what checks have in common. Every name that was put is deleted
 * by {@link #close()}. Thread-safe as far as the sink is.
 */
final class SinkScratch implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 120;

    private final Sink sink;
    private final @Nullable SinkStore store;
    private final String prefix;
    private final Set<String> names = ConcurrentHashMap.newKeySet();
    private final List<Sink> opened = new ArrayList<>();

    private SinkScratch(Sink sink, @Nullable SinkStore store) {
        this.sink = sink;
        this.store = store;
        byte[] random = new byte[8];
        new SecureRandom().nextBytes(random);
        this.prefix = "sinkcheck/" + HexFormat.of().formatHex(random) + "/";
    }

    /** Tries with one client, which stays open. */
    static SinkScratch on(Sink sink) {
        return new SinkScratch(sink, null);
    }

    /** Tries with as many clients as a rule needs, all of which are closed at the end. */
    static SinkScratch on(SinkStore store) throws IOException {
        Sink sink = store.open();
        SinkScratch scratch = new SinkScratch(sink, store);
        scratch.opened.add(sink);
        return scratch;
    }

    /** What several threads do, told their number. */
    @FunctionalInterface
    interface Task {
        void run(int number) throws Exception;
    }

    Sink sink() {
        return sink;
    }

    String prefix() {
        return prefix;
    }

    /** A name below the prefix, deleted at the end. */
    String name(String suffix) {
        String name = prefix + suffix;
        names.add(name);
        return name;
    }

    /** Another client of the store. */
    Sink another() throws IOException {
        Sink another = Objects.requireNonNull(store, "the rule needs a store").open();
        opened.add(another);
        return another;
    }

    /** The store after a crash. */
    Sink crashed() throws IOException {
        Objects.requireNonNull(store, "the rule needs a store").crash();
        return another();
    }

    /** Bytes that look random and are the same for the same number. */
    static byte[] bytes(int length, long number) {
        byte[] bytes = new byte[length];
        new Random(number).nextBytes(bytes);
        return bytes;
    }

    /** Puts an object and gives its bytes. */
    byte[] put(String name, int length) throws IOException {
        byte[] bytes = bytes(length, name.hashCode());
        sink.put(name, SinkContent.of(bytes));
        return bytes;
    }

    static byte[] read(Sink from, String name) throws IOException {
        try (InputStream in = from.get(name, 0, Long.MAX_VALUE)) {
            return in.readAllBytes();
        }
    }

    void expectObject(Sink from, String name, byte[] expected) throws IOException {
        byte[] actual;
        try {
            actual = read(from, name);
        } catch (NoSuchFileException e) {
            throw new AssertionError("the object is gone: " + name, e);
        }
        expect(
                Arrays.equals(actual, expected),
                "get gives other bytes than were put: %s has %d, %d were put",
                name,
                actual.length,
                expected.length);
    }

    void expectAbsent(Sink from, String name, String when) throws IOException {
        try (InputStream in = from.get(name, 0, 1)) {
            throw new AssertionError("an object is there " + when + ": " + name + " begins with " + in.read());
        } catch (NoSuchFileException e) {
            expect(listed(from, name).isEmpty(), "the listing shows an object %s: %s", when, name);
        }
    }

    /** The visits of one name in a listing. */
    List<SinkObject> listed(Sink from, String name) throws IOException {
        List<SinkObject> found = new ArrayList<>();
        from.list(prefix, object -> {
            if (object.name().equals(name)) {
                found.add(object);
            }
        });
        return found;
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency
    static void expect(boolean truth, String message, Object... values) {
        if (!truth) {
            throw new AssertionError(String.format(Locale.ROOT, message, values));
        }
    }

    /** Runs a task several times at once and fails as the first that failed. */
    static void atOnce(int times, Task task) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(times);
        try {
            CountDownLatch start = new CountDownLatch(times);
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                int number = i;
                running.add(threads.submit(() -> {
                    start.countDown();
                    start.await();
                    task.run(number);
                    return null;
                }));
            }
            for (Future<?> one : running) {
                await(one);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Waits for what must end. */
    static void await(Future<?> one) throws Exception {
        try {
            one.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("a call has not ended within " + PATIENCE_SECONDS + " seconds", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (Exception) e.getCause();
        }
    }

    /** Deletes what was put, and closes the clients that it opened. */
    @Override
    public void close() throws IOException {
        try (Sink cleaner = store == null ? null : store.open()) {
            for (String name : names) {
                (cleaner == null ? sink : cleaner).delete(name);
            }
        } finally {
            for (Sink one : opened) {
                one.close();
            }
        }
    }
}
