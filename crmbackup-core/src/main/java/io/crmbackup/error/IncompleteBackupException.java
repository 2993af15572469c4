package io.crmbackup.error;

import io.crmbackup.report.BackupReport;

/**
 * A backup could not read everything that its plan asks for. What could be read is kept in a snapshot that is listed as {@link
 * io.crmbackup.report.SnapshotState#PARTIAL}; the report tells what is missing.
 */
public final class IncompleteBackupException extends BackupException {
    private static final long serialVersionUID = 1L;

    private final transient BackupReport report;

    /** Creates the failure for a report. */
    public IncompleteBackupException(BackupReport report) {
        super("the backup of plan " + report.plan() + " is incomplete: " + report.problemCount()
                + (report.problemCount() == 1 ? " problem" : " problems")
                + (report.problems().isEmpty()
                        ? ""
                        : ", first " + report.problems().get(0).item() + ": "
                                + report.problems().get(0).message())
                + "; what could be read is kept in snapshot "
                + report.snapshot().brief() + " (PARTIAL)");
        this.report = report;
    }

    /** What the backup did, and what it could not read. */
    public BackupReport report() {
        return report;
    }
}
