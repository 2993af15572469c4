package io.crmbackup.tck;

import io.crmbackup.spi.Sink;
import java.util.List;

/**
 * A task with what comes before and after it, for {@link CrashPoints} and {@link Interleavings}.
 *
 * @param <S> what is known before the task begins
 * @param <A> what the task acknowledges
 */
public interface Workload<S, A> extends Task<S, A> {
    /** Brings an empty sink into the state from which every run begins. Called once. */
    S prepare(Sink sink) throws Exception;

    /**
     * Opens the sink anew after the task has ended, however it ended, and throws whatever it likes if a promise is broken: something
     * acknowledged that is gone, something torn that is shown, work that can't go on.
     *
     * @param acknowledged what was acknowledged, in that order
     */
    void check(Sink sink, S prepared, List<A> acknowledged) throws Exception;
}
