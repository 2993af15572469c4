package io.crmbackup.jdbc.internal.dialect;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reads parts of a table over several connections at the same time and gives out their rows in the parts' order: what comes out is what one connection
 * would give. Each connection has a thread of its own, which takes the next part, and waits when it is far ahead: at most {@value #PARTS_AHEAD} parts a connection are
 * in memory, of {@value #PART_BYTES} bytes each, or one row where that is longer. Threads end with the last part, with the first failure, or with close.
 */
public final class ReadAhead implements RowStream {
    private static final int PARTS_AHEAD = 2;
    private static final int PART_BYTES = 1 << 22;
    private static final int BATCH_BYTES = 1 << 16;

    /** Ends a part. */
    private static final Batch END = new Batch(List.of(), 0, null);

    private final List<Part> parts = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger nextPart = new AtomicInteger();
    private final Semaphore mayStart;
    private volatile boolean stopped;
    private int at;
    private List<LastingRow> batch = List.of();
    private int inBatch;

    /** A part of a table, as a connection reads it. */
    @FunctionalInterface
    public interface Reading {
        RowStream open(Connection connection) throws IOException, SQLException;
    }

    /** Rows, and how much of the room they take; or the failure that ends all. */
    private record Batch(
            List<LastingRow> rows, int room, @Nullable Throwable failure) {
        static Batch of(List<LastingRow> rows, long bytes) {
            return new Batch(rows, (int) Math.min(bytes, PART_BYTES), null);
        }
    }

    private record Part(Reading reading, BlockingQueue<Batch> batches, Semaphore room) {}

    public ReadAhead(List<Connection> connections, List<Reading> readings) {
        for (Reading reading : readings) {
            parts.add(new Part(reading, new LinkedBlockingQueue<>(), new Semaphore(PART_BYTES)));
        }
        this.mayStart = new Semaphore(PARTS_AHEAD * connections.size());
        for (Connection connection : connections) {
            Thread thread = new Thread(() -> work(connection), "crmbackup-read-ahead");
            thread.setDaemon(true);
            threads.add(thread);
        }
        threads.forEach(Thread::start);
    }

    private void work(Connection connection) {
        try {
            while (!stopped) {
                mayStart.acquire();
                int mine = nextPart.getAndIncrement();
                if (stopped || mine >= parts.size()) {
                    mayStart.release();
                    return;
                }
                read(connection, parts.get(mine));
            }
        } catch (InterruptedException e) {
            // Only close interrupts, and the thread ends here.
            Thread.currentThread().interrupt();
        }
    }

    private void read(Connection connection, Part part) throws InterruptedException {
        Batch last = END;
        try (RowStream rows = part.reading.open(connection)) {
            List<LastingRow> collected = new ArrayList<>();
            long bytes = 0;
            Row row;
            while (!stopped && (row = rows.next()) != null) {
                LastingRow lasting = row.lasting();
                collected.add(lasting);
                bytes += lasting.bytes();
                if (bytes >= BATCH_BYTES) {
                    put(part, Batch.of(collected, bytes));
                    collected = new ArrayList<>(collected.size() + 8);
                    bytes = 0;
                }
            }
            put(part, Batch.of(collected, bytes));
        } catch (IOException | SQLException | RuntimeException | Error e) {
            // Errors, too: who takes the rows would wait for ever.
            last = new Batch(List.of(), 0, e);
        }
        put(part, last);
    }

    /** Waits for room as long as somebody may still take what is there. */
    private void put(Part part, Batch full) throws InterruptedException {
        boolean taken = false;
        while (!taken && !stopped) {
            taken = part.room.tryAcquire(full.room, 50, TimeUnit.MILLISECONDS);
        }
        if (taken) {
            part.batches.add(full);
        }
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // END is a sentinel
    public @Nullable Row next() throws IOException, SQLException {
        while (inBatch == batch.size()) {
            if (at == parts.size()) {
                return null;
            }
            Batch taken = take();
            if (taken == END) {
                at++;
                mayStart.release();
                batch = List.of();
            } else {
                rethrow(taken.failure);
                batch = taken.rows;
            }
            inBatch = 0;
        }
        return batch.get(inBatch++);
    }

    private Batch take() throws InterruptedIOException {
        try {
            Part part = parts.get(at);
            Batch taken = part.batches.take();
            part.room.release(taken.room);
            return taken;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException failure = new InterruptedIOException("interrupted while waiting for rows");
            failure.initCause(e);
            throw failure;
        }
    }

    private static void rethrow(@Nullable Throwable failure) throws IOException, SQLException {
        if (failure instanceof SQLException sql) {
            throw sql;
        } else if (failure instanceof IOException io) {
            throw io;
        } else if (failure instanceof RuntimeException runtime) {
            throw runtime;
        } else if (failure instanceof Error error) {
            throw error;
        }
    }

    @Override
    public void close() {
        at = parts.size();
        batch = List.of();
        inBatch = 0;
        stopped = true;
        // Not interrupted: a thread that gives up a COPY must see it through for its connection to be of use.
        mayStart.release(threads.size());
        ThreadEnd.await(threads);
    }
}
