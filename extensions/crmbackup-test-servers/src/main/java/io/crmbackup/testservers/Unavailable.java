package io.crmbackup.testservers;

import org.opentest4j.TestAbortedException;

/**
 * This machine lacks a server or sample data. A test that lets it pass is skipped with the message as the reason; with the system
 * property {@code crmbackup.servers=required} an {@link AssertionError} takes its place, so that nothing is skipped unseen. JUnit skips for what
 * tests, their constructors and {@code @BeforeAll} throw, not for static initializers.
 */
public final class Unavailable extends TestAbortedException {
    private static final long serialVersionUID = 1;

    private Unavailable(String reason) {
        super(reason);
    }

    static Unavailable because(String reason) {
        if (System.getProperty("crmbackup.servers", "").equals("required")) {
            throw new AssertionError(reason);
        }
        return new Unavailable(reason);
    }
}
