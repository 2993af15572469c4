package io.crmbackup;

import io.crmbackup.report.RestorePreview;
import io.crmbackup.report.RestoreReport;

/**
 * A restore that has been thought through but not begun. Execute does exactly what the preview says. Not thread-safe; close it in any case.
 */
public interface PreparedRestore extends AutoCloseable {
    /** What the restore will do, and what stands against it. */
    RestorePreview preview();

    /**
     * Restores. Can be called once.
     *
     * @throws io.crmbackup.error.RestoreRefusedException if the preview has blockers; nothing was written
     * @throws io.crmbackup.error.TargetException if a target could not be written; it is as before, or visibly unfinished
     * @throws io.crmbackup.error.VerificationFailedException if what was restored is not what was backed up
     * @throws io.crmbackup.error.DamagedObjectException if something needed is damaged in the repository
     * @throws io.crmbackup.error.BackupCancelledException if the thread was interrupted
     */
    RestoreReport execute();

    /** Releases what is held; idempotent. */
    @Override
    void close();
}
