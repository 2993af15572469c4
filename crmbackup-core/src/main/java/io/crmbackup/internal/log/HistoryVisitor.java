package io.crmbackup.internal.log;

import java.time.Instant;

/** Gets entries of the log, newest first. */
@FunctionalInterface
public interface HistoryVisitor {
    /**
     * An entry.
     *
     * @param number its number
     * @param written its author's clock
     * @return whether to go on with the one before
     */
    boolean entry(long number, Instant written, LogEntry entry);
}
