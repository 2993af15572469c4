package io.crmbackup.tck;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks at a sink from another thread while a put is under way. A sink may let the look wait for the put: what is seen then is no longer half
 * written, so only a look that ends in time counts.
 */
final class Observer implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 500;

    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private volatile String seen = "";

    /** Looks once; the look gives what is wrong, or an empty text. */
    void look(Callable<String> look) {
        Future<String> result = thread.submit(look);
        try {
            seen += result.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // It waits for the put.
        } catch (ExecutionException e) {
            seen += "looking at it failed with " + e.getCause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void expectNothingSeen(String when) {
        SinkScratch.expect(seen.isEmpty(), "%s: %s", when, seen);
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
