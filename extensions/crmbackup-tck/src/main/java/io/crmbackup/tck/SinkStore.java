package io.crmbackup.tck;

import io.crmbackup.spi.Sink;
import java.io.IOException;

/** A store whose sink is tested: opened several times, to see that one client's objects are every client's. */
@FunctionalInterface
public interface SinkStore {
    /** Opens a client of the store, which whoever called closes. */
    Sink open() throws IOException;

    /**
     * Takes from the store what a crash of the machine would take, where a test can bring that about; clients that are open then are not
     * used again but to be closed. Takes nothing unless overridden.
     */
    default void crash() throws IOException {}
}
