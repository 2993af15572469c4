package io.crmbackup.error;

import org.jspecify.annotations.Nullable;

/** No restore point fits what was asked for, or more than one does. */
public final class SnapshotNotFoundException extends BackupException {
    private static final long serialVersionUID = 1L;

    /** Creates the failure with a message for the user. */
    public SnapshotNotFoundException(String message) {
        super(message);
    }

    /** Creates the failure with a message for the user and what caused it. */
    public SnapshotNotFoundException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
