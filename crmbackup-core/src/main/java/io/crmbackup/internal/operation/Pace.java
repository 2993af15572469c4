package io.crmbackup.internal.operation;

import io.crmbackup.DataRate;
import java.util.function.LongSupplier;

/**
 * Spreads bytes over time: after each call as much time has gone by as the bytes so far take at the rate, but that waits of less than two milliseconds are left
 * for later, and up to a tenth of a second that was not used is made up for. Whoever shares the machine so finds it busy for moments only. Ends its wait with {@link io.crmbackup.error.BackupCancelledException} when the thread is interrupted. Not
 * thread-safe.
 */
final class Pace {
    private static final long SECOND = 1_000_000_000;
    private static final long LONGEST_BURST = SECOND / 10;

    /** To fall asleep for each row would take more of the machine than reading it. */
    private static final long SHORTEST_WAIT = 2_000_000;

    private final double nanosPerByte;
    private final LongSupplier nanoTime;
    private final Sleeper sleeper;

    /** When the bytes so far may have been read. */
    private long due;

    /** Waits. */
    @FunctionalInterface
    interface Sleeper {
        /** Waits for so many nanoseconds. */
        void sleep(long nanos) throws InterruptedException;
    }

    Pace(DataRate rate, LongSupplier nanoTime, Sleeper sleeper) {
        this.nanosPerByte = (double) SECOND / rate.bytesPerSecond();
        this.nanoTime = nanoTime;
        this.sleeper = sleeper;
        this.due = nanoTime.getAsLong();
    }

    static Pace of(DataRate rate) {
        return new Pace(rate, System::nanoTime, nanos -> Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000)));
    }

    /** Takes note of bytes, and waits until they are due. */
    void take(long bytes) {
        long now = nanoTime.getAsLong();
        due = (long) (Math.max(due - now, -LONGEST_BURST) + bytes * nanosPerByte) + now;
        if (due - now >= SHORTEST_WAIT) {
            try {
                sleeper.sleep(due - now);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                Interruption.check();
            }
        }
    }
}
