package io.crmbackup.internal.operation;

import io.crmbackup.report.BackupListener;
import io.crmbackup.spi.Problem;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a listener how a phase goes on, seldom enough, and survives what it throws. Not thread-safe. */
public final class Progress {
    private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
    private static final long RECORDS_BETWEEN = 4096;
    private static final long BYTES_BETWEEN = 8 << 20;

    private final BackupListener listener;
    private String phase = "";
    private long records;
    private long bytes;
    private long toldRecords;
    private long toldBytes;

    public Progress(BackupListener listener) {
        this.listener = listener;
    }

    /** Work that may fail in its own way. */
    @FunctionalInterface
    public interface Work<E extends Exception> {
        /** Does the work. */
        void run() throws E;
    }

    /** Runs a phase; its end is told whatever happens. */
    public <E extends Exception> void during(String name, Work<E> work) throws E {
        phase = name;
        records = 0;
        bytes = 0;
        toldRecords = 0;
        toldBytes = 0;
        tell(to -> to.began(name));
        try {
            work.run();
        } finally {
            tell(to -> to.progressed(name, records, bytes));
            tell(to -> to.ended(name));
        }
    }

    public void record() {
        records(1);
    }

    public void records(long count) {
        records += count;
        maybeTell();
    }

    public void bytes(long count) {
        bytes += count;
        maybeTell();
    }

    public void problem(Problem problem) {
        tell(to -> to.problem(problem));
    }

    /** Tells of damage that did no harm. Thread-safe, and done while no other thread tells the listener anything. */
    public void damaged(String object, String what, String instead) {
        tell(to -> to.damaged(object, what, instead));
    }

    private void maybeTell() {
        if (records - toldRecords >= RECORDS_BETWEEN || bytes - toldBytes >= BYTES_BETWEEN) {
            toldRecords = records;
            toldBytes = bytes;
            tell(to -> to.progressed(phase, records, bytes));
        }
    }

    private void tell(Consumer<BackupListener> event) {
        try {
            // An operation has a progress of its own, the repository one for damage: they share the listener.
            synchronized (listener) {
                event.accept(listener);
            }
        } catch (RuntimeException e) {
            LOG.warn("a backup listener failed; the operation goes on", e);
        }
    }
}
