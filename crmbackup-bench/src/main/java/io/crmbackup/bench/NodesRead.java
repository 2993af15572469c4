package io.crmbackup.bench;

import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Counts the nodes that are read from repositories rather than memory, by what the library logs of each. */
final class NodesRead extends Handler implements AutoCloseable {
    private final Logger log = Logger.getLogger("io.crmbackup.internal.store.ChunkStore");
    private final AtomicLong nodes = new AtomicLong();

    /** Begins to count. */
    NodesRead() {
        log.setLevel(Level.ALL);
        log.addHandler(this);
    }

    /** How many nodes were read so far. */
    long count() {
        return nodes.get();
    }

    @Override
    public void publish(LogRecord entry) {
        String message = entry.getMessage();
        if (message.startsWith("read LEAF ") || message.startsWith("read INNER ")) {
            nodes.incrementAndGet();
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        log.removeHandler(this);
        log.setLevel(null);
    }
}
