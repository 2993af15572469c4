package io.crmbackup.tck;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Holds one call of a {@link SimulatedSink} back until a test lets it go. Thread-safe; for one call. */
public final class Suspension {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile @Nullable Call deferred;

    /** Begins a suspension that no call has reached. */
    public Suspension() {}

    @FunctionalInterface
    interface Call {
        void run() throws IOException;
    }

    /** Whether a call is held back, or was. */
    public boolean isReached() {
        return reached.getCount() == 0;
    }

    /** Waits until a call is held back; false if none came in a minute. */
    public boolean awaitReached() throws InterruptedException {
        return reached.await(1, TimeUnit.MINUTES);
    }

    /**
     * Lets the call go. A call that failed at once is carried out now, in the calling thread, with this method's errors being what the store
     * says of it. If no call was held back, the one to come is not held back.
     */
    public void resume() throws IOException {
        released.countDown();
        Call call = deferred;
        deferred = null;
        if (call != null) {
            call.run();
        }
    }

    void block() throws IOException {
        reached.countDown();
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while suspended");
        }
    }

    void defer(Call call) throws IOException {
        deferred = call;
        reached.countDown();
        if (released.getCount() == 0) {
            resume();
        }
    }
}
