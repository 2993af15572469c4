package io.crmbackup.tck;

import io.crmbackup.spi.Sink;
import io.crmbackup.spi.SinkContent;
import io.crmbackup.spi.SinkObject;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Sinks that each break one rule, as real ones have been seen to. */
final class WrongSinks {
    private WrongSinks() {}

    /** A wrong sink and the rule that finds it. */
    record Wrong(SinkRule rule, String how, SinkStore store) {
        @Override
        public String toString() {
            return rule.title() + " finds " + how;
        }
    }

    @FunctionalInterface
    private interface Make {
        Sink over(InMemorySink real);
    }

    static List<Wrong> all() {
        List<Wrong> all = new ArrayList<>();
        puts(all);
        reads(all);
        rest(all);
        return all;
    }

    private static void add(List<Wrong> all, SinkRule rule, String how, Make make) {
        InMemorySink objects = new InMemorySink();
        all.add(new Wrong(rule, how, () -> make.over(objects.client())));
    }

    private static void puts(List<Wrong> all) {
        Make inPlace = real -> new ForwardingSink(real) {
            @Override
            public void put(String name, SinkContent content) throws IOException {
                writeInPlace(this.real, name, content);
            }
        };
        add(all, SinkRule.A_HALF_WRITTEN_OBJECT_IS_NOT_SEEN, "writing in place", inPlace);
        add(all, SinkRule.A_BROKEN_PUT_LEAVES_NOTHING, "writing in place", inPlace);
        add(all, SinkRule.LIST_SHOWS_ONLY_WHOLE_OBJECTS, "writing in place", inPlace);
        InMemorySink durable = new InMemorySink();
        all.add(new Wrong(SinkRule.AN_OBJECT_SURVIVES_A_CRASH, "no force", new SinkStore() {
            private SimulatedSink sink =
                    SimulatedSink.over(durable, Faults.at(Operation::mutates, Fault.appliedAndLost()));

            @Override
            public Sink open() {
                return sink.client();
            }

            @Override
            public void crash() throws IOException {
                sink = sink.crash();
            }
        }));
        Make overwriting = real -> new ForwardingSink(real) {
            @Override
            public void put(String name, SinkContent content) throws IOException {
                byte[] bytes = bytes(content);
                this.real.delete(name);
                putWhatever(this.real, name, bytes);
            }
        };
        add(all, SinkRule.PUT_OF_A_TAKEN_NAME_FAILS, "overwriting", overwriting);
        add(all, SinkRule.PUT_OF_A_TAKEN_NAME_FAILS, "success for equal bytes", real -> new ForwardingSink(real) {
            @Override
            public void put(String name, SinkContent content) throws IOException {
                try {
                    super.put(name, content);
                } catch (FileAlreadyExistsException e) {
                    if (!Arrays.equals(bytes(content), SinkScratch.read(this.real, name))) {
                        throw e;
                    }
                }
            }
        });
        add(all, SinkRule.ONE_OF_RACING_PUTS_SUCCEEDS, "check, then put", real -> new ForwardingSink(real) {
            @Override
            public void put(String name, SinkContent content) throws IOException {
                byte[] bytes = bytes(content);
                if (isThere(this.real, name)) {
                    throw new FileAlreadyExistsException(name);
                }
                Thread.yield();
                putWhatever(this.real, name, bytes);
            }
        });
        add(all, SinkRule.ONE_OF_RACING_PUTS_SUCCEEDS, "nobody wins", real -> new ForwardingSink(real) {
            @Override
            public void put(String name, SinkContent content) throws IOException {
                super.put(name, content);
                throw new FileAlreadyExistsException(name);
            }
        });
        add(all, SinkRule.ONE_OF_RACING_CLIENTS_SUCCEEDS, "a lock in each client", real -> new ForwardingSink(real) {
            @Override
            public synchronized void put(String name, SinkContent content) throws IOException {
                byte[] bytes = bytes(content);
                if (isThere(this.real, name)) {
                    throw new FileAlreadyExistsException(name);
                }
                Thread.yield();
                putWhatever(this.real, name, bytes);
            }
        });
        Make careless = real -> new ForwardingSink(real) {
            @Override
            public void put(String name, SinkContent content) throws IOException {
                byte[] bytes = bytes(content);
                this.real.put(name, SinkContent.of(bytes, (int) Math.min(bytes.length, content.length())));
            }
        };
        add(all, SinkRule.A_CONTENT_THAT_IS_TOO_SHORT_FAILS, "storing what comes", careless);
        add(all, SinkRule.A_CONTENT_THAT_IS_TOO_LONG_FAILS, "storing as many as were said", careless);
        add(
                all,
                SinkRule.STREAMS_OF_CONTENTS_ARE_CLOSED,
                "closing after success only",
                real -> new ForwardingSink(real) {
                    @Override
                    @SuppressWarnings("resource")
                    public void put(String name, SinkContent content) throws IOException {
                        InputStream in = content.open();
                        this.real.put(name, new SinkContent() {
                            @Override
                            public long length() {
                                return content.length();
                            }

                            @Override
                            public InputStream open() {
                                return new FilterInputStream(in) {
                                    @Override
                                    public void close() {}
                                };
                            }
                        });
                        in.close();
                    }
                });
    }

    private static void reads(List<Wrong> all) {
        add(
                all,
                SinkRule.GET_RETURNS_WHAT_WAS_PUT,
                "an empty object lost",
                real -> changed(real, bytes -> bytes.length == 0 ? new byte[1] : bytes));
        add(
                all,
                SinkRule.GET_RETURNS_WHAT_WAS_PUT,
                "text conversion",
                real -> changed(
                        real,
                        bytes -> new String(bytes, java.nio.charset.StandardCharsets.UTF_8)
                                .getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        add(all, SinkRule.ALL_LAWFUL_NAMES_WORK, "names cut at 100", real -> new ForwardingSink(real) {
            @Override
            public void put(String name, SinkContent content) throws IOException {
                super.put(name.substring(0, Math.min(100, name.length())), content);
            }
        });
        add(all, SinkRule.EVERY_CLIENT_SEES_WHAT_WAS_PUT, "remembered absence", real -> new ForwardingSink(real) {
            private final Set<String> absent = ConcurrentHashMap.newKeySet();

            @Override
            public InputStream get(String name, long offset, long length) throws IOException {
                if (absent.contains(name)) {
                    throw new NoSuchFileException(name);
                }
                try {
                    return super.get(name, offset, length);
                } catch (NoSuchFileException e) {
                    absent.add(name);
                    throw e;
                }
            }
        });
        add(all, SinkRule.GET_RETURNS_THE_RANGE, "offset + length overflows", real -> new ForwardingSink(real) {
            @Override
            public InputStream get(String name, long offset, long length) throws IOException {
                return super.get(name, offset, offset + length < 0 ? 0 : length);
            }
        });
        add(all, SinkRule.GET_RETURNS_THE_RANGE, "an error beyond the end", real -> new ForwardingSink(real) {
            @Override
            public InputStream get(String name, long offset, long length) throws IOException {
                if (offset > SinkScratch.read(this.real, name).length) {
                    throw new IOException("416");
                }
                return super.get(name, offset, length);
            }
        });
        add(all, SinkRule.GET_RETURNS_THE_RANGE, "all from the offset on", real -> new ForwardingSink(real) {
            @Override
            public InputStream get(String name, long offset, long length) throws IOException {
                return super.get(name, offset, Long.MAX_VALUE);
            }
        });
        add(all, SinkRule.GET_OF_AN_ABSENT_OBJECT_FAILS, "an empty stream", real -> new ForwardingSink(real) {
            @Override
            public InputStream get(String name, long offset, long length) throws IOException {
                return isThere(this.real, name) ? super.get(name, offset, length) : InputStream.nullInputStream();
            }
        });
        add(all, SinkRule.GET_OF_AN_ABSENT_OBJECT_FAILS, "another error", real -> new ForwardingSink(real) {
            @Override
            public InputStream get(String name, long offset, long length) throws IOException {
                if (!isThere(this.real, name)) {
                    throw new IOException("404");
                }
                return super.get(name, offset, length);
            }
        });
        add(all, SinkRule.A_LONG_READ_IS_WHOLE, "ending at 1 MiB", real -> new ForwardingSink(real) {
            @Override
            public InputStream get(String name, long offset, long length) throws IOException {
                return super.get(name, offset, Math.min(length, 1 << 20));
            }
        });
        Set<String> gone = ConcurrentHashMap.newKeySet();
        add(all, SinkRule.A_READ_CUT_BY_DELETE_FAILS_OR_IS_WHOLE, "an early end", real -> new ForwardingSink(real) {
            @Override
            public InputStream get(String name, long offset, long length) throws IOException {
                return endingWhen(super.get(name, offset, length), () -> gone.contains(name));
            }

            @Override
            public void delete(String name) throws IOException {
                gone.add(name);
                super.delete(name);
            }
        });
        add(all, SinkRule.A_READ_CUT_BY_CLOSE_FAILS_OR_IS_WHOLE, "an early end", real -> new ForwardingSink(real) {
            private volatile boolean closed;

            @Override
            public InputStream get(String name, long offset, long length) throws IOException {
                return endingWhen(super.get(name, offset, length), () -> closed);
            }

            @Override
            public void close() throws IOException {
                closed = true;
                super.close();
            }
        });
        lists(all);
    }

    private static void lists(List<Wrong> all) {
        add(
                all,
                SinkRule.LIST_VISITS_EACH_OBJECT_ONCE,
                "one page",
                real -> listing(real, objects -> objects.subList(0, Math.min(1000, objects.size()))));
        add(
                all,
                SinkRule.LIST_VISITS_EACH_OBJECT_ONCE,
                "an object twice",
                real -> listing(real, objects -> {
                    objects.addAll(objects.stream().limit(1).toList());
                    return objects;
                }));
        add(
                all,
                SinkRule.LIST_VISITS_EACH_OBJECT_ONCE,
                "wrong lengths",
                real -> listing(
                        real,
                        objects -> objects.stream()
                                .map(o -> new SinkObject(o.name(), o.length() + 1, null))
                                .toList()));
        add(all, SinkRule.LIST_VISITS_EACH_OBJECT_ONCE, "a prefix without its slash", real -> new ForwardingSink(real) {
            @Override
            public void list(String prefix, Consumer<SinkObject> visitor) throws IOException {
                String begin = prefix.isEmpty() ? prefix : prefix.substring(0, prefix.length() - 1);
                super.list("", object -> {
                    if (object.name().startsWith(begin)) {
                        visitor.accept(object);
                    }
                });
            }
        });
        add(all, SinkRule.LIST_OF_THE_EMPTY_PREFIX_VISITS_ALL, "nothing", real -> new ForwardingSink(real) {
            @Override
            public void list(String prefix, Consumer<SinkObject> visitor) throws IOException {
                if (!prefix.isEmpty()) {
                    super.list(prefix, visitor);
                }
            }
        });
    }

    private static void rest(List<Wrong> all) {
        add(all, SinkRule.DELETE_IS_IDEMPOTENT, "an error for an absent object", real -> new ForwardingSink(real) {
            @Override
            public void delete(String name) throws IOException {
                if (!isThere(this.real, name)) {
                    throw new NoSuchFileException(name);
                }
                super.delete(name);
            }
        });
        add(all, SinkRule.DELETE_IS_IDEMPOTENT, "a delete that does nothing", real -> new ForwardingSink(real) {
            @Override
            public void delete(String name) {}
        });
        add(all, SinkRule.DELETE_TAKES_ONE_OBJECT, "deleting by prefix", real -> new ForwardingSink(real) {
            @Override
            public void delete(String name) throws IOException {
                List<String> names = new ArrayList<>();
                this.real.list("", object -> {
                    if (object.name().startsWith(name)) {
                        names.add(object.name());
                    }
                });
                for (String one : names) {
                    super.delete(one);
                }
            }
        });
        add(all, SinkRule.ALL_METHODS_RUN_AT_ONCE, "one user at a time", real -> new ForwardingSink(real) {
            private final AtomicInteger users = new AtomicInteger();

            @Override
            public void put(String name, SinkContent content) throws IOException {
                if (users.incrementAndGet() > 1) {
                    users.decrementAndGet();
                    throw new IOException("in use");
                }
                try {
                    Thread.yield();
                    super.put(name, content);
                } finally {
                    users.decrementAndGet();
                }
            }
        });
        add(all, SinkRule.AN_INTERRUPTED_PUT_STOPS, "going on", real -> new ForwardingSink(real) {
            @Override
            public void put(String name, SinkContent content) throws IOException {
                byte[] bytes = bytes(content);
                Thread.interrupted();
                if (bytes.length != content.length()) {
                    throw new IOException("length");
                }
                super.put(name, SinkContent.of(bytes));
            }
        });
        add(all, SinkRule.AN_INTERRUPTED_PUT_STOPS, "a part left behind", real -> new ForwardingSink(real) {
            @Override
            public void put(String name, SinkContent content) throws IOException {
                byte[] bytes = bytes(content);
                if (Thread.interrupted()) {
                    super.put(name, SinkContent.of(bytes, bytes.length / 2));
                    throw new InterruptedIOException(name);
                }
                super.put(name, SinkContent.of(bytes));
            }
        });
        add(all, SinkRule.CLOSE_IS_IDEMPOTENT, "an error the second time", real -> new ForwardingSink(real) {
            private boolean closed;

            @Override
            public void close() throws IOException {
                if (closed) {
                    throw new IOException("closed already");
                }
                closed = true;
            }
        });
        add(all, SinkRule.A_CLOSED_SINK_FAILS, "working on", real -> new ForwardingSink(real) {
            @Override
            public void close() {}
        });
    }

    private static void writeInPlace(InMemorySink real, String name, SinkContent content) throws IOException {
        if (isThere(real, name)) {
            throw new FileAlreadyExistsException(name);
        }
        byte[] buffer = new byte[(int) content.length()];
        try (InputStream in = content.open()) {
            int at = 0;
            while (true) {
                int read = in.read(buffer, at, Math.min(8192, buffer.length - at));
                if (read <= 0) {
                    break;
                }
                at += read;
                real.delete(name);
                real.put(name, SinkContent.of(Arrays.copyOf(buffer, at)));
            }
        }
    }

    private static void putWhatever(InMemorySink real, String name, byte[] bytes) throws IOException {
        while (true) {
            try {
                real.put(name, SinkContent.of(bytes));
                return;
            } catch (FileAlreadyExistsException e) {
                real.delete(name);
            }
        }
    }

    private static boolean isThere(InMemorySink real, String name) throws IOException {
        try {
            real.get(name, 0, 0).close();
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static Sink changed(InMemorySink real, UnaryOperator<byte[]> change) {
        return new ForwardingSink(real) {
            @Override
            public InputStream get(String name, long offset, long length) throws IOException {
                return new ByteArrayInputStream(change.apply(SinkScratch.read(this.real, name)));
            }
        };
    }

    private static Sink listing(InMemorySink real, UnaryOperator<List<SinkObject>> change) {
        return new ForwardingSink(real) {
            @Override
            public void list(String prefix, Consumer<SinkObject> visitor) throws IOException {
                List<SinkObject> objects = new ArrayList<>();
                super.list(prefix, objects::add);
                change.apply(objects).forEach(visitor);
            }
        };
    }

    @FunctionalInterface
    private interface Condition {
        boolean holds();
    }

    private static InputStream endingWhen(InputStream in, Condition end) {
        return new FilterInputStream(in) {
            @Override
            public int read(byte[] to, int offset, int count) throws IOException {
                return end.holds() ? -1 : super.read(to, offset, count);
            }
        };
    }
}
