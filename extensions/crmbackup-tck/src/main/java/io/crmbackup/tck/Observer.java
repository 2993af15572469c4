package io.crmbackup.tck;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Looks at a sink from another thread while a put is under way. A sink may let the look wait for the put: what is seen then is no longer half
 * written, so only a look that ends in time counts.
 */
final class Observer implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 500;

    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final AtomicReference<String> seen = new AtomicReference<>("");

    /** Looks once; the look gives what is wrong, or an empty text. */
    void look(Callable<String> look) {
        Future<String> result = thread.submit(look);
        try {
            note(result.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            // It waits for the put.
        } catch (ExecutionException e) {
            note("looking at it failed with " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void note(String text) {
        seen.accumulateAndGet(text, String::concat);
    }

    void expectNothingSeen(String when) {
        SinkScratch.expect(seen.get().isEmpty(), "%s: %s", when, seen.get());
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
