package io.crmbackup;

import io.crmbackup.report.RecordChange;
import java.util.Iterator;

/**
 * The records that differ between two snapshots, found while they are iterated: nothing that is equal is read. Ordered by source, collection
 * and key. Can be iterated once, by one thread; close it in any case.
 */
public interface SnapshotDiff extends Iterable<RecordChange>, AutoCloseable {
    /**
     * The changes; may throw {@link io.crmbackup.error.DamagedObjectException} or {@link io.crmbackup.error.SinkException} while it goes on.
     */
    @Override
    Iterator<RecordChange> iterator();

    /** Releases what is held; idempotent. */
    @Override
    void close();
}
