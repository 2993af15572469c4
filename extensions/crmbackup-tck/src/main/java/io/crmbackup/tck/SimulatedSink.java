package io.crmbackup.tck;

import io.crmbackup.spi.Sink;
import io.crmbackup.spi.SinkContent;
import io.crmbackup.spi.SinkObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A sink that fails on demand: each call is told to {@link Faults}, which say what befalls it. {@link #crash()} ends the clients there are,
 * takes what was not durable, and gives a client of what is left. The same calls in the same order give the same results. Thread-safe.
 *
 * <p>It is laid over any sink; as long as only lawful faults are chosen, it is as lawful as that one.
 */
public final class SimulatedSink implements Sink {
    private final Store store;
    private volatile boolean closed;

    private SimulatedSink(Store store) {
        this.store = store;
    }

    /** Lays faults over a sink, which is never closed by it. */
    public static SimulatedSink over(Sink sink, Faults faults) {
        return new SimulatedSink(new Store(sink, faults));
    }

    /** An empty sink in memory, with faults. */
    public static SimulatedSink inMemory(Faults faults) {
        return over(new InMemorySink(), faults);
    }

    /** Another client of the same store, as another process has: it sees the same faults and dies in the same crash. */
    public SimulatedSink client() {
        return new SimulatedSink(store);
    }

    /** The calls so far, in order. */
    public List<Operation> operations() {
        return store.operations();
    }

    /**
     * Ends all clients of this store: their calls fail from now on with {@link IllegalStateException}, as those of a closed sink do; those under way may still be carried out, as a request on its
     * way may. Takes objects that were not durable, and returns a client without faults.
     */
    public SimulatedSink crash() throws IOException {
        return crash(Faults.none());
    }

    /** The same, with faults to come. */
    public SimulatedSink crash(Faults faults) throws IOException {
        return new SimulatedSink(store.crashed(faults));
    }

    @Override
    public void put(String name, SinkContent content) throws IOException {
        begin(Operation.Kind.PUT, name, content.length()).put(store, name, content);
    }

    @Override
    public InputStream get(String name, long offset, long length) throws IOException {
        return begin(Operation.Kind.GET, name, length).get(store, name, offset, length);
    }

    @Override
    public void list(String prefix, Consumer<SinkObject> visitor) throws IOException {
        begin(Operation.Kind.LIST, prefix, 0).list(store, prefix, visitor);
    }

    @Override
    public void delete(String name) throws IOException {
        begin(Operation.Kind.DELETE, name, 0).delete(store, name);
    }

    @Override
    public void close() {
        closed = true;
    }

    private Fault begin(Operation.Kind kind, String name, long length) throws IOException {
        if (closed) {
            throw new IllegalStateException("the sink is closed");
        }
        return store.begin(kind, name, length);
    }

    /** What the clients of one store share until its crash. */
    static final class Store {
        private final Sink sink;
        private final Faults faults;
        private final List<Operation> operations = new ArrayList<>();
        private final Set<String> lostAtCrash = Collections.synchronizedSet(new LinkedHashSet<>());
        private volatile boolean dead;

        Store(Sink sink, Faults faults) {
            this.sink = sink;
            this.faults = faults;
        }

        Sink sink() {
            return sink;
        }

        Fault begin(Operation.Kind kind, String name, long length) throws IOException {
            Operation operation;
            synchronized (operations) {
                if (dead) {
                    throw dead();
                }
                operation = new Operation(operations.size(), kind, name, length);
                operations.add(operation);
            }
            return faults.decide(operation);
        }

        List<Operation> operations() {
            synchronized (operations) {
                return List.copyOf(operations);
            }
        }

        void loseAtCrash(String name) {
            lostAtCrash.add(name);
        }

        /** Ends the process; the caller throws what is returned. */
        IllegalStateException die() {
            dead = true;
            return dead();
        }

        // Not an IOException: nobody should try again what a dead process can't.
        private static IllegalStateException dead() {
            return new IllegalStateException("the simulated process is dead");
        }

        Store crashed(Faults next) throws IOException {
            synchronized (operations) {
                dead = true;
            }
            for (String name : lostAtCrash) {
                sink.delete(name);
            }
            return new Store(sink, next);
        }
    }
}
