package io.crmbackup.internal.operation;

import io.crmbackup.error.BackupCancelledException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;

/** Turns an interrupt into a cancelled operation. */
public final class Interruption {
    private Interruption() {}

    /** Throws if the thread was interrupted; the flag stays set. */
    public static void check() {
        if (Thread.currentThread().isInterrupted()) {
            throw new BackupCancelledException("cancelled: the thread was interrupted");
        }
    }

    /** Throws if a failure is the consequence of an interrupt rather than of the source or target. */
    public static void check(IOException failure) {
        if (failure instanceof InterruptedIOException || failure instanceof ClosedByInterruptException) {
            Thread.currentThread().interrupt();
            throw new BackupCancelledException("cancelled: the thread was interrupted", failure);
        }
        check();
    }
}
