package io.crmbackup.internal.pack;

import com.google.common.util.concurrent.Uninterruptibles;
import io.crmbackup.error.BackupCancelledException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks on a few threads of its own, or in the caller, with back-pressure: what waits and runs weighs at most {@link #MOST_BYTES}. A caller that would have to wait runs a task that waits instead, so that no
 * core is idle while there is work. That may be one that waits for the sink, and then nothing is read meanwhile: with a sink that takes 300 ms for each pack, one more put under way was worth as much as reading on
 * with three threads, and more with one. The first failure is kept; tasks that wait are then dropped, and the caller gets it at the next call. Tasks are submitted by one thread at a time.
 */
final class Workers implements AutoCloseable {
    /** Most bytes in tasks that wait or run. */
    static final int MOST_BYTES = 16 * 1024 * 1024;

    /** What a task takes besides its bytes: without it, tiny ones would wait without number. */
    static final int TASK_BYTES = 256;

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    private static final int SECONDS_TO_STOP = 30;

    private final @Nullable ThreadPoolExecutor threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition progress = lock.newCondition();
    private long bytes;
    private int tasks;
    private @Nullable Throwable failure;

    /** Creates workers on this many threads; with 0 threads tasks run in the caller. */
    Workers(int threads) {
        AtomicInteger number = new AtomicInteger();
        this.threads = threads == 0
                ? null
                : new ThreadPoolExecutor(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "crmbackup-pack-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** Has a task run, now or later; while too much is under way, others are run first. */
    void submit(int dataBytes, Runnable task) {
        int weight = dataBytes + TASK_BYTES;
        help(() -> tasks > 0 && bytes + weight > MOST_BYTES);
        lock.lock();
        try {
            bytes += weight;
            tasks++;
        } finally {
            lock.unlock();
        }
        if (threads == null) {
            run(weight, task);
            awaitIdle();
        } else {
            threads.execute(() -> run(weight, task));
        }
    }

    /**
     * Has a task that doesn't fail run in its turn: it waits in the same queue as tasks that are submitted, weighs nothing there, and is run by one of the threads or by a caller that would have to wait. Never run if there are
     * no threads, or if this is closed before its turn. Nobody waits for it.
     *
     * @throws java.util.concurrent.RejectedExecutionException if this is closed and has threads
     */
    void offer(Runnable task) {
        if (threads != null) {
            threads.execute(task);
        }
    }

    /** Runs what waits, and returns when every task is done. */
    void awaitIdle() {
        help(() -> tasks > 0);
    }

    /** Runs tasks that wait, and waits for those that run elsewhere, as long as there is a need; fails as soon as one has failed. */
    private void help(BooleanSupplier need) {
        while (isNeeded(need)) {
            if (Thread.currentThread().isInterrupted()) {
                throw cancelled(null);
            }
            Runnable waiting = threads == null ? null : threads.getQueue().poll();
            if (waiting == null) {
                awaitProgress(need);
            } else {
                waiting.run();
            }
        }
    }

    private boolean isNeeded(BooleanSupplier need) {
        lock.lock();
        try {
            throwFailure();
            return need.getAsBoolean();
        } finally {
            lock.unlock();
        }
    }

    private void run(int weight, Runnable task) {
        @Nullable Throwable thrown = null;
        try {
            if (!hasFailed()) {
                task.run();
            }
        } catch (RuntimeException | Error e) {
            thrown = e;
        }
        lock.lock();
        try {
            bytes -= weight;
            tasks--;
            if (failure == null) {
                failure = thrown;
            }
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean hasFailed() {
        lock.lock();
        try {
            return failure != null;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing waits, and only this thread adds to that, so that what is needed comes from what runs. */
    private void awaitProgress(BooleanSupplier need) {
        lock.lock();
        try {
            while (failure == null && need.getAsBoolean()) {
                progress.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cancelled(e);
        } finally {
            lock.unlock();
        }
    }

    private static BackupCancelledException cancelled(@Nullable InterruptedException cause) {
        return new BackupCancelledException("interrupted while chunks were being stored", cause);
    }

    private void throwFailure() {
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
    }

    /** Drops what waits, interrupts what runs, and waits for the threads to end, also in an interrupted thread, which this is closed in when a run is cancelled. Idempotent. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (failure == null) {
                failure = new IllegalStateException("the writer is closed");
            }
            progress.signalAll();
        } finally {
            lock.unlock();
        }
        if (threads == null) {
            return;
        }
        threads.shutdownNow();
        if (!Uninterruptibles.awaitTerminationUninterruptibly(threads, SECONDS_TO_STOP, TimeUnit.SECONDS)) {
            LOG.warn("a sink did not react to an interrupt for {} s; left its thread behind", SECONDS_TO_STOP);
        }
    }
}
