package io.crmbackup.report;

import io.crmbackup.spi.Problem;

/**
 * Is told how an operation goes on. Methods are called in the thread that runs the operation, but {@link #damaged} in any thread of
 * it; never two at once. They must return fast and must not call the repository; what they throw is logged and otherwise ignored. Every {@code began} is followed by an {@code ended}, also after failures.
 */
public interface BackupListener {
    /** A listener that does nothing. */
    BackupListener NONE = new BackupListener() {};

    /** A phase began, as {@code db: contact}. */
    default void began(String phase) {}

    /**
     * A phase went on; called after every few thousand records or mebibytes, not after each.
     *
     * @param phase the phase that last began
     * @param records records handled in this phase
     * @param bytes bytes handled in this phase
     */
    default void progressed(String phase, long records, long bytes) {}

    /** A phase ended. */
    default void ended(String phase) {}

    /**
     * What is stored was found damaged, but had a second copy, which was read instead; nothing is lost. {@link io.crmbackup.BackupRepository#repair}
     * makes it whole. Told for the first damage of each object, in the thread of the operation that met it.
     *
     * @param object the damaged object's name in the sink
     * @param what what is wrong with it
     * @param instead the name of the object that holds the second copy
     */
    default void damaged(String object, String what, String instead) {}

    /** Something could not be read; the run goes on. */
    default void problem(Problem problem) {}
}
