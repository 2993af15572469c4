package io.crmbackup.error;

import org.jspecify.annotations.Nullable;

/** The calling thread was interrupted; its interrupt flag is set again. Nothing of the cancelled work is visible. */
public final class BackupCancelledException extends BackupException {
    private static final long serialVersionUID = 1L;

    /** Creates the failure with a message for the user. */
    public BackupCancelledException(String message) {
        super(message);
    }

    /** Creates the failure with a message for the user and what caused it. */
    public BackupCancelledException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
