package io.crmbackup;

import io.crmbackup.report.PrunePreview;
import io.crmbackup.report.PruneReport;

/** A prune, thought through without any effect. Holds temporary files until it is committed or closed. Not thread-safe. */
public interface PreparedPrune extends AutoCloseable {
    /** What would be done if nobody else changed the repository meanwhile. */
    PrunePreview preview();

    /**
     * Reclaims what nothing needs, and {@linkplain #close() closes}. It can be ended at any time and in any way: the next prune goes on where this one stopped, and no snapshot is ever without what it needs.
     *
     * @throws io.crmbackup.error.DamagedObjectException if something that a snapshot needs can't be found; nothing was given up then
     * @throws io.crmbackup.error.SinkException if the sink failed, or does not allow to delete
     * @throws io.crmbackup.error.CommitConflictException if other prunes kept interfering
     * @throws io.crmbackup.error.CommitStateUnknownException if the sink did not tell whether an entry of the history was written; prune again
     * @throws io.crmbackup.error.BackupCancelledException if the thread was interrupted
     * @throws IllegalStateException if it was committed or closed before
     */
    PruneReport commit();

    /** Releases what it holds. Idempotent. */
    @Override
    void close();
}
