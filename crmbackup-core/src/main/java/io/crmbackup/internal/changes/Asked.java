package io.crmbackup.internal.changes;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.Uninterruptibles;
import io.crmbackup.internal.operation.Interruption;
import java.io.Closeable;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A question that a source answers in a thread of its own, while this one works on without the source: a server counts while leaves are read. The thread has ended when this is closed, so that the source is never used by
 * two. Used by one thread.
 */
final class Asked<T> implements Closeable {
    private final FutureTask<T> question;
    private final Thread thread;

    private Asked(FutureTask<T> question) {
        this.question = question;
        this.thread = new Thread(question, "crmbackup-source");
        thread.setDaemon(true);
    }

    /** Asks. The source is not to be used otherwise until the answer is there. */
    static <T> Asked<T> of(Callable<T> question) {
        Asked<T> asked = new Asked<>(new FutureTask<>(question));
        asked.thread.start();
        return asked;
    }

    /** Waits for the answer; fails as the source does. */
    T answer() throws IOException {
        try {
            return question.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            Interruption.check();
            throw new IllegalStateException("an interrupted thread is not", e);
        } catch (ExecutionException e) {
            Throwable thrown = Objects.requireNonNull(e.getCause(), "what the source threw");
            Throwables.throwIfInstanceOf(thrown, IOException.class);
            Throwables.throwIfUnchecked(thrown);
            throw new IllegalStateException("a source threw what it does not declare", e);
        }
    }

    @Override
    public void close() {
        if (!question.isDone()) {
            thread.interrupt();
        }
        Uninterruptibles.joinUninterruptibly(thread);
    }
}
