package io.crmbackup.bench.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/**
 * An application at work: transactions that arrive at a fixed rate, whether earlier ones are done or not. Each latency counts from when its transaction was to begin,
 * so that what waits behind a slow one is counted as late as a user would see it (no coordinated omission, Gil Tene, "How NOT to Measure Latency").
 */
final class OpenLoad {
    /** Connections; more transactions than that wait, and their waiting counts. */
    private static final int CONNECTIONS = 16;

    private final CrmDatabase database;

    OpenLoad(CrmDatabase database) {
        this.database = database;
    }

    /** How many transactions a second the database does at most, with all connections busy for so long. */
    double capacity(long seconds) throws InterruptedException {
        return run(0, seconds).length / (double) seconds;
    }

    /** Latencies in nanoseconds, ascending, of transactions at a fixed rate for so long. */
    long[] latencies(double perSecond, long seconds) throws InterruptedException {
        return run(1e9 / perSecond, seconds);
    }

    /** The value below which so many of a hundred lie; in milliseconds. */
    static double percentile(long[] ascending, double percent) {
        return ascending[(int) Math.min(ascending.length - 1L, (long) (ascending.length * percent / 100))] / 1e6;
    }

    /** Each transaction begins a gap after the one before; with a gap of 0, as soon as a connection is free. */
    private long[] run(double gap, long seconds) throws InterruptedException {
        AtomicLong next = new AtomicLong();
        // Time for all connections to be made.
        long begin = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        long end = begin + TimeUnit.SECONDS.toNanos(seconds);
        ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            List<Callable<LongStream>> workers = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                workers.add(() -> work(next, begin, gap, end));
            }
            LongStream latencies = LongStream.empty();
            for (Future<LongStream> worker : threads.invokeAll(workers)) {
                latencies = LongStream.concat(latencies, worker.get());
            }
            return latencies.sorted().toArray();
        } catch (ExecutionException e) {
            throw new IllegalStateException("The load failed", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private LongStream work(AtomicLong next, long begin, double gap, long end) throws SQLException {
        LongStream.Builder latencies = LongStream.builder();
        try (Connection connection = DriverManager.getConnection(database.applicationUrl())) {
            List<PreparedStatement> statements = new ArrayList<>();
            for (String sql : database.transactions()) {
                statements.add(connection.prepareStatement(sql));
            }
            while (true) {
                long number = next.getAndIncrement();
                long arrival =
                        gap == 0 ? begin + Math.max(0, System.nanoTime() - begin) : begin + (long) (number * gap);
                if (arrival - end >= 0) {
                    return latencies.build();
                }
                for (long wait = arrival - System.nanoTime(); wait > 0; wait = arrival - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
                SplittableRandom random = new SplittableRandom(number);
                PreparedStatement statement = statements.get(random.nextInt(statements.size()));
                statement.setLong(1, 1 + random.nextInt(database.contacts()));
                statement.execute();
                latencies.add(System.nanoTime() - arrival);
            }
        }
    }
}
