package io.crmbackup.internal.prune;

/** Hears how the work goes on, and may end it by throwing. */
@FunctionalInterface
public interface Course {
    /** One more chunk was dealt with. */
    void step();
}
