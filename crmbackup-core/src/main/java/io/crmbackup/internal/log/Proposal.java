package io.crmbackup.internal.log;

import java.util.Optional;

/** An entry that somebody wants to append. It is asked anew for every number that is tried. Not thread-safe. */
interface Proposal {
    /**
     * What to put after the entries that {@code before} is the state of, or empty if there is nothing left to say.
     * Checks the
     * precondition, which is a statement about those entries alone: so a put that arrives late lands only where it is
     * right.
     */
    Optional<LogEntry> entry(LogState before);

    /** Another entry was found after the state that was shown last. */
    default void overtakenBy(LogEntry other) {}

    /** An entry without a precondition. */
    static Proposal of(LogEntry entry) {
        return before -> Optional.of(entry);
    }
}
