package io.crmbackup.internal.object;

import io.crmbackup.error.BackupCancelledException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often a call to the sink that failed is made again, and how long to wait before: a random time up to a bound
 * that doubles with every attempt ("full jitter"), so that clients that failed together
 * don't return together. Immutable, thread-safe.
 *
 * @param attempts calls in all, at least 1
 * @param first bound of the wait before the second call
 * @param most bound of any wait
 */
public record Retries(int attempts, Duration first, Duration most) {
    /** Checks the values. */
    public Retries {
        if (attempts < 1 || first.isNegative() || most.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "retries: " + attempts + " attempts, waits from " + first + " to " + most);
        }
    }

    /** Six calls within at most half a minute. */
    public static Retries standard() {
        return new Retries(6, Duration.ofMillis(500), Duration.ofSeconds(15));
    }

    /** As many calls as this without waiting. */
    public static Retries immediately(int attempts) {
        return new Retries(attempts, Duration.ZERO, Duration.ZERO);
    }

    /** Waits before the call after {@code failed} failed ones, counted from 1; interruptible. */
    public void pause(int failed) {
        long bound = Math.min(most.toMillis(), first.toMillis() << Math.min(failed - 1, 20));
        try {
            Thread.sleep(bound == 0 ? 0 : ThreadLocalRandom.current().nextLong(bound + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackupCancelledException("interrupted while waiting to call the sink again", e);
        }
    }
}
