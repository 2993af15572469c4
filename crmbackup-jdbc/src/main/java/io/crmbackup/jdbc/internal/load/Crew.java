package io.crmbackup.jdbc.internal.load;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Threads that do steps at once, none of which share a table. The caller waits; when that ends, none of them runs any more: the first failure and an
 * interrupt end all.
 */
final class Crew {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Step> waiting;
    private final Set<String> locked = new HashSet<>();
    private final Work work;
    private int running;
    private @Nullable Throwable failure;

    /** Does a step. */
    @FunctionalInterface
    interface Work {
        void run(Step step) throws IOException;
    }

    private Crew(List<Step> steps, Work work) {
        this.waiting = new ArrayList<>(steps);
        this.work = work;
    }

    /** Does all steps, those given first before others if they can be; with one thread in their order, by the caller. */
    static void run(List<Step> steps, int threads, Work work) throws IOException {
        if (threads <= 1 || steps.size() <= 1) {
            for (Step step : steps) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException("interrupted while restoring");
                }
                work.run(step);
            }
            return;
        }
        new Crew(steps, work).run(Math.min(threads, steps.size()));
    }

    private void run(int threads) throws IOException {
        List<Thread> started = new ArrayList<>();
        running = threads;
        for (int i = 1; i <= threads; i++) {
            Thread thread = new Thread(this::work, "crmbackup-keys-" + i);
            thread.setDaemon(true);
            thread.start();
            started.add(thread);
        }
        if (awaitAll(started)) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while restoring");
            if (failure != null) {
                interrupted.addSuppressed(failure);
            }
            throw interrupted;
        }
        if (failure instanceof IOException e) {
            throw e;
        } else if (failure instanceof RuntimeException e) {
            throw e;
        } else if (failure instanceof Error e) {
            throw e;
        }
    }

    /** Whether the caller was interrupted meanwhile. */
    private boolean awaitAll(List<Thread> started) {
        boolean interrupted = false;
        lock.lock();
        try {
            while (running > 0) {
                try {
                    changed.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
                if (interrupted || failure != null) {
                    waiting.clear();
                    started.forEach(Thread::interrupt);
                }
            }
        } finally {
            lock.unlock();
        }
        return interrupted;
    }

    private void work() {
        Step step = next();
        while (step != null) {
            @Nullable Throwable thrown = null;
            try {
                work.run(step);
            } catch (IOException | RuntimeException | Error e) {
                thrown = e;
            }
            done(step, thrown);
            step = next();
        }
    }

    /** A step that shares no table with those that are being done; waits for one, null if there are no more. */
    private @Nullable Step next() {
        lock.lock();
        try {
            while (!waiting.isEmpty()) {
                for (Iterator<Step> steps = waiting.iterator(); steps.hasNext(); ) {
                    Step step = steps.next();
                    if (step.tables().stream().noneMatch(locked::contains)) {
                        steps.remove();
                        locked.addAll(step.tables());
                        return step;
                    }
                }
                changed.awaitUninterruptibly();
            }
            running--;
            changed.signalAll();
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void done(Step step, @Nullable Throwable thrown) {
        lock.lock();
        try {
            locked.removeAll(step.tables());
            if (thrown != null) {
                waiting.clear();
                if (failure == null) {
                    failure = thrown;
                } else {
                    failure.addSuppressed(thrown);
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
