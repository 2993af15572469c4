package io.crmbackup.tck;

import io.crmbackup.spi.Sink;
import io.crmbackup.spi.SinkContent;
import io.crmbackup.spi.SinkObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Lets one of several tasks go on at a time. Before each operation of its sink a task gives the turn to whom the schedule names, and waits until
 * it has it back. Threads that a task starts itself act with that task's turn.
 */
final class Turns {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Schedule schedule;
    private final TreeSet<Integer> living = new TreeSet<>();
    private final List<Integer> order = new ArrayList<>();
    private int turn = -1;

    Turns(int tasks, Schedule schedule) {
        this.schedule = schedule;
        for (int i = 0; i < tasks; i++) {
            living.add(i);
        }
    }

    /** Says who goes on. */
    interface Schedule {
        /** One of {@code options} ways to go on, from 0; way 0 lets the same task go on if that is possible. */
        int choose(int options, Kind kind);

        /** Why there is a choice. */
        enum Kind {
            /** The task could go on. */
            PREEMPTION,
            /** The task has ended, or none has begun. */
            FREE
        }
    }

    /** Who went on at each operation. */
    synchronized List<Integer> order() {
        return List.copyOf(order);
    }

    /** Gives the first turn. */
    synchronized void begin() {
        pass(-1);
    }

    synchronized void awaitTurn(int task) throws IOException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (turn != task) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new IOException(
                        "task " + task + " waits for ever: task " + turn + " has the turn and does nothing");
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while it waits for its turn");
            }
        }
    }

    synchronized void end(int task) {
        living.remove(task);
        if (!living.isEmpty()) {
            pass(-1);
        }
    }

    private synchronized void switchFrom(int task) throws IOException {
        awaitTurn(task);
        if (living.size() > 1) {
            pass(task);
        }
        awaitTurn(task);
        order.add(task);
    }

    private void pass(int from) {
        List<Integer> options = new ArrayList<>(living);
        if (options.remove(Integer.valueOf(from))) {
            options.add(0, from);
        }
        Schedule.Kind kind = living.contains(from) ? Schedule.Kind.PREEMPTION : Schedule.Kind.FREE;
        turn = options.get(options.size() == 1 ? 0 : schedule.choose(options.size(), kind));
        notifyAll();
    }

    /** The sink as a task sees it. */
    Sink sinkOf(int task, Sink sink) {
        return new Sink() {
            @Override
            public void put(String name, SinkContent content) throws IOException {
                switchFrom(task);
                sink.put(name, content);
            }

            @Override
            public InputStream get(String name, long offset, long length) throws IOException {
                switchFrom(task);
                return sink.get(name, offset, length);
            }

            @Override
            public void list(String prefix, Consumer<SinkObject> visitor) throws IOException {
                switchFrom(task);
                sink.list(prefix, visitor);
            }

            @Override
            public void delete(String name) throws IOException {
                switchFrom(task);
                sink.delete(name);
            }

            @Override
            public void close() throws IOException {
                sink.close();
            }
        };
    }
}
