package io.crmbackup.internal.pack;

import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Lends things that are costly to make and can't be shared, each to one borrower at a time. Thread-safe. There are never more than have been lent at once.
 */
final class Toolbox<T extends Toolbox.Tool> implements AutoCloseable {
    /** A thing to be lent. */
    interface Tool extends AutoCloseable {
        @Override
        void close();
    }

    private final Supplier<T> maker;
    private final ArrayDeque<T> idle = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private boolean closed;

    Toolbox(Supplier<T> maker) {
        this.maker = maker;
    }

    /** Lends one; the borrower gives it back. */
    T take() {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("closed already");
            }
            if (!idle.isEmpty()) {
                return idle.pop();
            }
        } finally {
            lock.unlock();
        }
        return maker.get();
    }

    void giveBack(T tool) {
        lock.lock();
        try {
            if (closed) {
                tool.close();
            } else {
                idle.push(tool);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Closes what is not lent now; the rest is closed when it is given back. Idempotent. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            idle.forEach(Tool::close);
            idle.clear();
        } finally {
            lock.unlock();
        }
    }
}
