package io.crmbackup.tck;

import io.crmbackup.spi.Sink;
import java.util.function.Consumer;

/**
 * Something that is done with a sink, several times over and under all kinds of faults.
 *
 * @param <S> what is known before it begins
 * @param <A> what it acknowledges
 */
@FunctionalInterface
public interface Task<S, A> {
    /**
     * Does it once. Opens whatever it needs, as a new process would, and keeps nothing between runs. A failure is no defect once a fault has
     * struck.
     *
     * @param prepared what was known before; the same for all runs, so not changed
     * @param acknowledge is told what has been promised to last; what it was told is kept outside the sink. Can be called by all threads
     */
    void run(Sink sink, S prepared, Consumer<A> acknowledge) throws Exception;
}
